"""Hours as screens remember them: members' weeks, the decisions on them, and the form that adds or corrects some."""

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Invalid
from ontrack_app.schemas.common import MoveCard
from ontrack_app.schemas.screens.time_entries import TimeForm, TimeSheet
from ontrack_app.services.screens import time_entries as screens
from ontrack_app.services.screens import time_forms
from state.asking import AskingState
from state.grids import an_id
from state.guarding import guarded
from state.lists import ListState
from state.session import ask, say

PARTS = ("member_id", "visit_id", "kind", "day", "start", "end", "reason")
LOCK_WEEK = "What is not approved yet is approved with it. Nobody can change these hours any more."


class TimeEntriesState(ListState, AskingState, rx.State):
    """The list of hours."""

    rows: list[TimeSheet] = []

    @rx.event
    @guarded(Permission.TIME_ENTRIES_READ)
    async def load(self) -> None:
        """Show the weeks that the address asks for."""
        self.rows = await self._listed(screens.listing)

    @rx.event
    @guarded(Permission.TIME_ENTRIES_APPROVE)
    async def move(self, entry_id: str, name: str) -> None:
        """Decide on one stretch; what cannot be taken back is asked first."""
        found = next((one for one in self._moves(entry_id) if one.name == name), None)
        if found is not None and self._asks(entry_id, found):
            return
        await say(self, await ask(self, screens.move, an_id(entry_id), name))
        self.rows = await self._listed(screens.listing)

    @rx.event
    @guarded(Permission.TIME_ENTRIES_APPROVE)
    async def move_week(self, member_id: str, monday: str, name: str) -> None:
        """Decide on a member's whole week; locking is asked first."""
        if name == "lock":
            sheet = next(
                (one for one in self.rows if (one.member_id, one.monday) == (member_id, monday)), None
            )
            whose = f"{sheet.name}’s week, {sheet.week}" if sheet else "the week"
            move = MoveCard(
                name="lock", label="Lock", danger=True, confirm_title=f"Lock {whose}", confirm_text=LOCK_WEEK
            )
            self._asks(f"{member_id} {monday}", move)  # fmt: skip
            return
        await self._decide_week(member_id, monday, name)

    @rx.event
    @guarded(Permission.TIME_ENTRIES_APPROVE)
    async def answer(self, data: dict[str, str]) -> None:
        """Lock what was asked about."""
        del data
        self._asked()
        member_id, _, monday = self.question.about.partition(" ")
        if monday:
            await self._decide_week(member_id, monday, self.question.name)
            return
        await say(self, await ask(self, screens.move, an_id(self.question.about), self.question.name))
        self.rows = await self._listed(screens.listing)

    async def _decide_week(self, member_id: str, monday: str, name: str) -> None:
        day = screens.a_day(monday)
        words, well = await ask(self, screens.move_week, an_id(member_id), day, name)
        await say(self, words, tint="good" if well else "waiting")
        self.rows = await self._listed(screens.listing)

    def _moves(self, entry_id: str) -> list[MoveCard]:
        rows = (row for sheet in self.rows for day in sheet.days for row in day.rows)
        return next((list(row.moves) for row in rows if row.id == entry_id), [])


class TimeFormState(rx.State):
    """The form that adds or corrects hours, on the list of hours and on a visit's page."""

    open: bool = False
    form: TimeForm = TimeForm()
    errors: dict[str, str] = {}
    trouble: str = ""

    def _show(self, form: TimeForm) -> None:
        self.form, self.errors, self.trouble, self.open = form, {}, "", True

    @rx.event
    @guarded(Permission.TIME_ENTRIES_WRITE)
    async def add(self, member_id: str) -> None:
        """Add hours of a member; empty: of one to be chosen."""
        self._show(await ask(self, time_forms.blank, an_id(member_id) if member_id else None))

    @rx.event
    @guarded(Permission.TIME_ENTRIES_WRITE)
    async def add_on_visit(self, visit_id: str) -> None:
        """Add hours on a visit."""
        self._show(await ask(self, time_forms.blank, visit_id=an_id(visit_id)))

    @rx.event
    @guarded(Permission.TIME_ENTRIES_WRITE)
    async def correct(self, entry_id: str) -> None:
        """Correct hours."""
        self._show(await ask(self, time_forms.correction, an_id(entry_id)))

    @rx.event
    @guarded(Permission.TIME_ENTRIES_WRITE)
    async def set_part(self, name: str, text: str) -> None:
        """Keep what was typed; another member or day has other visits."""
        if name not in PARTS:
            return
        self.errors = {field: words for field, words in self.errors.items() if field != name}
        self.form = self.form.model_copy(update={name: text})
        if name in ("member_id", "day"):
            self.form = await ask(self, time_forms.offered, self.form)

    @rx.event
    @guarded(Permission.TIME_ENTRIES_WRITE)
    async def keep(self, data: dict[str, str]) -> None:
        """Write the hours down; the page behind the dialog loads itself again."""
        typed = {name: data[name] for name in PARTS if name in data}
        self.form, self.errors, self.trouble = self.form.model_copy(update=typed), {}, ""
        try:
            await ask(self, time_forms.keep, self.form)
        except Invalid as error:
            named = {"started_at": "start", "ended_at": "end"}
            self.errors = {named.get(one.field, one.field): one.message for one in error.errors}
            self.trouble = "" if set(self.errors) & set(PARTS) else str(error)
            return
        self.open = False
        await say(self, "The correction is kept." if self.form.corrects_id else "The hours are written down.")

    @rx.event
    @guarded.any_member
    async def set_open(self, is_open: bool) -> None:
        """Close the form without keeping anything."""
        if not is_open:
            self.open = False
