"""Jobs on screen: the list, and one job with its visits, money and what is still needed."""

from typing import Any

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Invalid
from ontrack_app.schemas.screens.jobs import JobRecord, JobRow
from ontrack_app.services import notes
from ontrack_app.services.screens import jobs as screens
from state.grids import refused
from state.guarding import guarded
from state.lists import ListState, row_id
from state.records import RecordState
from state.session import ask
from state.visits import PlanState


class JobsState(ListState, rx.State):
    """The list of jobs."""

    rows: list[JobRow] = []

    @rx.event
    @guarded(Permission.JOBS_READ)
    async def load(self) -> None:
        """Show what the address asks for."""
        self.rows = await self._listed(screens.listing)


class JobState(RecordState, rx.State):
    """One job."""

    record: JobRecord = JobRecord()
    errors: dict[str, str] = {}
    editing: bool = False

    @rx.event
    @guarded(Permission.JOBS_READ)
    async def load(self) -> None:
        """Show the job of the address."""
        self.errors, self.editing = {}, False
        found = await self._recorded(screens.record)
        if found is not None:
            self.record = found

    async def _again(self) -> None:
        """Read the page again: the trail of a change is written when its transaction ends."""
        self.record = await ask(self, screens.record, row_id(self))

    @rx.event
    @guarded(Permission.JOBS_READ)
    async def move(self, name: str, reason: str) -> Any:
        """Make a move, or do what comes next: plan a visit, make the invoice."""
        plan: Any = PlanState
        if name == "plan":
            undated = next((need.plan for need in self.record.needs if need.plan), "")
            return plan.plan_visit(undated)
        if name == "add_visit":
            return plan.plan_new(self.record.id)
        if name == "invoice":
            return rx.redirect(await ask(self, screens.make_invoice, row_id(self)))
        await ask(self, screens.move, row_id(self), name, reason, self.record.version)
        await self._again()
        return None

    @rx.event
    @guarded(Permission.JOBS_WRITE)
    async def set_fact(self, name: str, text: str) -> None:
        """Keep what was typed into one field."""
        self.errors = {field: words for field, words in self.errors.items() if field != name}
        try:
            await ask(self, screens.change_fact, row_id(self), name, text, self.record.version)
            await self._again()
        except Invalid as error:
            self.errors = {**self.errors, name: refused(error)}

    @rx.event
    @guarded(Permission.JOBS_WRITE)
    async def set_editing(self, on: bool) -> None:
        """Show the fields that can be changed, or the facts."""
        self.editing = on

    @rx.event
    @guarded(Permission.NOTES_WRITE)
    async def add_note(self, text: str) -> None:
        """Write a note on the job."""
        await ask(self, notes.add, "jobs", row_id(self), text)
        await self._again()
