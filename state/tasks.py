"""Tasks as screens remember them: the list, and the form of one."""

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Invalid
from ontrack_app.schemas.screens.tasks import TaskForm, TaskRow
from ontrack_app.services.screens import tasks as screens
from state.asking import AskingState
from state.grids import an_id
from state.guarding import guarded
from state.lists import ListState
from state.session import ask, say

PARTS = ("text", "due_on")


class TasksState(ListState, AskingState, rx.State):
    """The list of tasks."""

    rows: list[TaskRow] = []

    @rx.event
    @guarded(Permission.TASKS_READ)
    async def load(self) -> None:
        """Show the tasks that the address asks for."""
        self.rows = await self._listed(screens.listing)

    @rx.event
    @guarded(Permission.TASKS_WRITE)
    async def move(self, task_id: str, name: str) -> None:
        """Finish, drop or reopen a task; dropping asks why."""
        row = next((one for one in self.rows if one.id == task_id), None)
        found = next((one for one in (row.moves if row else []) if one.name == name), None)
        if found is None or not self._asks(task_id, found):
            await ask(self, screens.move, an_id(task_id), name, "")
            self.rows = await self._listed(screens.listing)

    @rx.event
    @guarded(Permission.TASKS_WRITE)
    async def answer(self, data: dict[str, str]) -> None:
        """Drop the task with the reason that was given."""
        try:
            await ask(
                self, screens.move, an_id(self.question.about), self.question.name, data.get("reason", "")
            )
        except Invalid as error:
            self._asked(error)
            return
        self._asked()
        self.rows = await self._listed(screens.listing)


class TaskFormState(rx.State):
    """The form of a task, on the list and on a visit's page."""

    open: bool = False
    form: TaskForm = TaskForm()
    errors: dict[str, str] = {}
    trouble: str = ""

    def _show(self, form: TaskForm) -> None:
        self.form, self.errors, self.trouble, self.open = form, {}, "", True

    @rx.event
    @guarded(Permission.TASKS_WRITE)
    async def add(self, visit_id: str) -> None:
        """Open the empty form of a task on a visit."""
        an_id(visit_id)
        self._show(TaskForm(visit_id=visit_id, heading="Add a task", verb="Add the task"))

    @rx.event
    @guarded(Permission.TASKS_WRITE)
    async def edit(self, task_id: str) -> None:
        """Open the form of a task that is there."""
        self._show(await ask(self, screens.form, an_id(task_id)))

    @rx.event
    @guarded(Permission.TASKS_WRITE)
    async def keep(self, data: dict[str, str]) -> None:
        """Keep the task as typed; the page behind the dialog loads itself again."""
        an_id(self.form.id or self.form.visit_id)
        typed = {name: data[name] for name in PARTS if name in data}
        self.form, self.errors, self.trouble = self.form.model_copy(update=typed), {}, ""
        try:
            await ask(self, screens.keep, self.form)
        except Invalid as error:
            self.errors = {one.field: one.message for one in error.errors}
            self.trouble = "" if set(self.errors) & set(PARTS) else str(error)
            return
        self.open = False
        await say(self, "Task saved.")

    @rx.event
    @guarded.any_member
    async def set_open(self, is_open: bool) -> None:
        """Close the form without keeping anything."""
        if not is_open:
            self.open = False
