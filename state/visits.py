"""Visits on screen: the schedule, one visit, and the dialog in which a visit is planned."""

from typing import Any

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Invalid
from ontrack_app.schemas.screens.visits import Plan, VisitDay, VisitRecord
from ontrack_app.services import notes
from ontrack_app.services.screens import planning
from ontrack_app.services.screens import tasks as task_screens
from ontrack_app.services.screens import visits as screens
from state.grids import an_id
from state.guarding import guarded
from state.lists import ListState, row_id
from state.records import RecordState
from state.session import ask, say

PARTS = ("day", "start", "end", "title", "instructions", "checklist_id")


class VisitsState(ListState, rx.State):
    """The schedule: visits by day."""

    rows: list[VisitDay] = []

    @rx.event
    @guarded(Permission.VISITS_READ)
    async def load(self) -> None:
        """Show what the address asks for."""
        self.rows = await self._listed(screens.listing)


class VisitState(RecordState, rx.State):
    """One visit."""

    record: VisitRecord = VisitRecord()

    @rx.event
    @guarded(Permission.VISITS_READ)
    async def load(self) -> None:
        """Show the visit of the address."""
        found = await self._recorded(screens.record)
        if found is not None:
            self.record = found

    @rx.event
    @guarded(Permission.VISITS_READ)
    async def move(self, name: str, reason: str) -> Any:
        """Make a move; planning asks for the times first."""
        if name in ("schedule", "reschedule"):
            plan: Any = PlanState
            return plan.plan_visit(self.record.id)
        await ask(self, screens.move, row_id(self), name, reason, self.record.version)
        self.record = await ask(self, screens.record, row_id(self))
        return None

    @rx.event
    @guarded(Permission.NOTES_WRITE)
    async def add_note(self, text: str) -> None:
        """Write a note on the visit."""
        await ask(self, notes.add, "visits", row_id(self), text)
        self.record = await ask(self, screens.record, row_id(self))


class PlanState(rx.State):
    """The dialog that plans a visit; it warns of overlaps while it is filled in."""

    open: bool = False
    plan: Plan = Plan()
    errors: dict[str, str] = {}
    trouble: str = ""

    @rx.event
    @guarded(Permission.VISITS_WRITE)
    async def plan_visit(self, visit_id: str) -> None:
        """Plan a visit that is there already."""
        self._show(await ask(self, planning.for_visit, an_id(visit_id)))

    @rx.event
    @guarded(Permission.VISITS_WRITE)
    async def plan_new(self, job_id: str) -> None:
        """Plan a new visit of a job."""
        self._show(await ask(self, planning.for_job, an_id(job_id)))

    @rx.event
    @guarded(Permission.VISITS_WRITE)
    async def plan_task(self, task_id: str) -> None:
        """Plan what a crew asks for: its visit at another time, or a new visit of the job."""
        self._show(await ask(self, task_screens.plan, an_id(task_id)))

    def _show(self, plan: Plan) -> None:
        self.plan, self.errors, self.trouble, self.open = plan, {}, "", True

    @rx.event
    @guarded(Permission.VISITS_WRITE)
    async def set_part(self, name: str, text: str) -> None:
        """Keep what was typed, and look for overlaps again."""
        if name in PARTS:
            self.errors = {field: words for field, words in self.errors.items() if field != name}
            self.plan = await ask(self, planning.warned, self.plan.model_copy(update={name: text}))

    @rx.event
    @guarded(Permission.VISITS_WRITE)
    async def choose(self, member_id: str, goes: bool) -> None:
        """Send a person along, or not."""
        crew = [
            one.model_copy(update={"chosen": goes}) if one.id == member_id else one for one in self.plan.crew
        ]
        self.plan = await ask(self, planning.warned, self.plan.model_copy(update={"crew": crew}))

    @rx.event
    @guarded(Permission.VISITS_WRITE)
    async def keep(self, data: dict[str, str]) -> None:
        """Make or change the visit as planned; the page behind the dialog loads itself again."""
        an_id(self.plan.visit_id or self.plan.job_id)
        typed = {name: data[name] for name in PARTS if name in data}
        self.plan, self.errors, self.trouble = self.plan.model_copy(update=typed), {}, ""
        try:
            clashes = await ask(self, planning.keep, self.plan)
        except Invalid as error:
            self.errors = {one.field.removeprefix("planned_"): one.message for one in error.errors}
            self.trouble = "" if set(self.errors) & set(PARTS) else str(error)
            return
        self.open = False
        await say(
            self,
            " ".join((f"{self.plan.title or 'The visit'} is planned.", clashes)).strip(),
            tint="waiting" if clashes else "good",
        )

    @rx.event
    @guarded.any_member
    async def set_open(self, is_open: bool) -> None:
        """Close the dialog without planning."""
        if not is_open:
            self.open = False
