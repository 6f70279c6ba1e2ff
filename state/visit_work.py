"""What hangs on a visit as its page remembers it: steps, hours, materials, expenses, signatures, tasks."""

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Forbidden, Invalid, NotFound
from ontrack_app.schemas.common import MoveCard
from ontrack_app.schemas.screens.visit_work import VisitWork
from ontrack_app.services import checklist_items
from ontrack_app.services.screens import tasks, time_entries
from ontrack_app.services.screens import visit_work as screens
from state.asking import AskingState
from state.grids import an_id
from state.guarding import guarded
from state.lists import row_id
from state.session import ask, say

STEP, HOURS, TASK = "step", "hours", "task"


class VisitWorkState(AskingState, rx.State):
    """Everything that hangs on the visit whose page is open."""

    work: VisitWork = VisitWork()
    step_error: str = ""
    step_form: int = 0

    @rx.event
    @guarded(Permission.VISITS_READ)
    async def load(self) -> None:
        """Show what hangs on the visit at this address; one that is not there is told by its own page."""
        self.step_error = ""
        try:
            self.work = await ask(self, screens.of, row_id(self))
        except (NotFound, Forbidden):
            self.work = VisitWork()

    async def _again(self) -> None:
        self.work = await ask(self, screens.of, row_id(self))

    @rx.event
    @guarded(Permission.CHECKLIST_ITEMS_WRITE)
    async def add_step(self, data: dict[str, str]) -> None:
        """Put a step on the visit."""
        label, kind = data.get("label", "").strip(), data.get("kind", "check")
        if not label:
            self.step_error = "Say what the step is."
            return
        try:
            await ask(self, screens.add_step, row_id(self), label, kind, data.get("required") == "true")
        except Invalid as error:
            self.step_error = str(error)
            return
        self.step_error, self.step_form = "", self.step_form + 1
        await self._again()

    @rx.event
    @guarded(Permission.CHECKLIST_ITEMS_WRITE)
    async def use_checklist(self, template_id: str) -> None:
        """Copy the steps of a checklist onto the visit."""
        if not template_id:
            return
        added = await ask(self, checklist_items.use_template, row_id(self), an_id(template_id))
        await say(self, f"{len(added)} steps added." if len(added) != 1 else "One step added.")
        await self._again()

    @rx.event
    @guarded(Permission.CHECKLIST_ITEMS_WRITE)
    async def shift_step(self, item_id: str, by: int) -> None:
        """Move a step up or down."""
        await ask(self, screens.shift_step, an_id(item_id), by)
        await self._again()

    @rx.event
    @guarded(Permission.CHECKLIST_ITEMS_WRITE)
    async def remove_step(self, item_id: str) -> None:
        """Take an open step off the visit."""
        await ask(self, checklist_items.archive, an_id(item_id))
        await self._again()

    @rx.event
    @guarded(Permission.VISITS_CORRECT)
    async def move_step(self, item_id: str, name: str) -> None:
        """Open a step again; the reason is asked first."""
        await self._move(STEP, item_id, name)

    @rx.event
    @guarded(Permission.TIME_ENTRIES_APPROVE)
    async def move_hours(self, entry_id: str, name: str) -> None:
        """Decide on hours; locking is asked first."""
        await self._move(HOURS, entry_id, name)

    @rx.event
    @guarded(Permission.TASKS_WRITE)
    async def move_task(self, task_id: str, name: str) -> None:
        """Finish, drop or reopen a task; dropping asks why."""
        await self._move(TASK, task_id, name)

    @rx.event
    @guarded(Permission.VISITS_READ)
    async def answer(self, data: dict[str, str]) -> None:
        """Do what was asked about; the services ask for the right."""
        sort, _, about = self.question.about.partition(" ")
        try:
            await self._do(sort, about, self.question.name, data.get("reason", ""))
        except Invalid as error:
            self._asked(error)

    async def _move(self, sort: str, about: str, name: str) -> None:
        found = next((one for one in self._moves(sort, about) if one.name == name), None)
        if found is None or not self._asks(f"{sort} {about}", found):
            await self._do(sort, about, name, "")

    async def _do(self, sort: str, about: str, name: str, reason: str) -> None:
        if sort == STEP:
            await ask(self, screens.move_step, an_id(about), name, reason)
        elif sort == HOURS:
            await say(self, await ask(self, time_entries.move, an_id(about), name))
        else:
            await ask(self, tasks.move, an_id(about), name, reason)
        self._asked()
        await self._again()

    def _moves(self, sort: str, about: str) -> list[MoveCard]:
        kinds = {
            STEP: {one.id: one.moves for one in self.work.steps},
            HOURS: {one.id: one.moves for one in self.work.hours},
            TASK: {one.id: one.moves for one in self.work.tasks},
        }
        return list(kinds[sort].get(about, []))
