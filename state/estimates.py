"""Estimates on screen: the list, one estimate with its grid, and the page that starts one."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Invalid
from ontrack_app.schemas.screens.estimates import EstimateRecord, EstimateRow, NewEstimate
from ontrack_app.schemas.screens.papers import Paper
from ontrack_app.services import notes
from ontrack_app.services.screens import estimate_drafts as drafts
from ontrack_app.services.screens import estimate_moves as moves
from ontrack_app.services.screens import estimates as screens
from ontrack_app.work import Work
from state.grids import Drafts, GridState
from state.guarding import guarded
from state.lists import ListState, row_id
from state.records import RecordState
from state.session import ask, say

Given = ParamSpec("Given")
DONE = {"send": "Sent", "revise": "It is a draft again", "void": "Voided", "decline": "Marked as declined"}


class EstimatesState(ListState, rx.State):
    """The list of estimates."""

    rows: list[EstimateRow] = []

    @rx.event
    @guarded(Permission.ESTIMATES_READ)
    async def load(self) -> None:
        """Show what the address asks for."""
        self.rows = await self._listed(screens.listing)


class EstimateState(GridState, RecordState, rx.State):
    """One estimate: its facts, its lines while it is a draft, its moves."""

    record: EstimateRecord = EstimateRecord()
    asking: str = ""
    typed: dict[str, str] = {}

    def _drafts(self) -> Drafts:
        return drafts

    @rx.event
    @guarded(Permission.ESTIMATES_READ)
    async def load(self) -> None:
        """Show the estimate of the address."""
        self.asking = ""
        self._fresh_grid()
        found = await self._recorded(screens.record)
        if found is not None:
            self._show(*found)

    async def _again(self) -> None:
        self._show(*await ask(self, screens.record, row_id(self)))

    def _show(self, record: EstimateRecord, paper: Paper) -> None:
        self.record = record
        self._print(paper)

    @rx.event
    @guarded(Permission.ESTIMATES_WRITE)
    async def set_fact(self, name: str, text: str) -> None:
        """Keep what was typed into one field."""
        await self._keep_fact(name, text)

    @rx.event
    @guarded(Permission.ESTIMATES_READ)
    async def move(self, name: str, reason: str) -> Any:
        """Make a move; the record of an approval asks in a dialog first, a new job is shown."""
        if name == "approve":
            return self._ask_for("approve")
        return await self._moved(name, moves.move, name, reason, self.version)

    @rx.event
    @guarded(Permission.ESTIMATES_ANSWER)
    async def answer(self, data: dict[str, str]) -> Any:
        """Record what the client said outside of the portal: agreed, wants a change, said no."""
        kind, self.typed, self.errors = self.asking, data, {}
        said = data.get("reason", "")
        try:
            if kind == "approve":
                words = (data.get("name", ""), data.get("evidence", ""))
                return await self._moved(kind, moves.approve_for_client, *words, self.version)
            return await self._moved(kind, moves.move, kind, said, self.version)
        except Invalid as error:
            self.errors = {one.field: one.message for one in error.errors}
        return None

    async def _moved(
        self,
        name: str,
        service: Callable[Concatenate[Work, UUID, Given], object],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Any:
        await ask(self, service, row_id(self), *args, **kwargs)
        await self._again()
        self.asking = ""
        if name == "convert":
            return rx.redirect(self.record.job_href)
        person = self.record.contact_name
        who = f" to {person}" if name == "send" and person else ""
        if name in DONE:
            await say(self, f"{DONE[name]}{who}.")
        return None

    @rx.event
    @guarded.any_member
    async def ask_for(self, kind: str) -> None:
        """Open one of the dialogs for the client's own answers."""
        self._ask_for(kind)

    def _ask_for(self, kind: str) -> None:
        self.asking, self.errors = kind, {}
        self.typed = {"name": self.record.contact_name, "evidence": "", "reason": ""}

    @rx.event
    @guarded.any_member
    async def set_open(self, is_open: bool) -> None:
        """Close the open dialog."""
        if not is_open:
            self.asking = ""

    @rx.event
    @guarded(Permission.NOTES_WRITE)
    async def add_note(self, text: str) -> None:
        """Write a note on the estimate."""
        await ask(self, notes.add, "estimates", row_id(self), text)
        await self._again()


class NewEstimateState(rx.State):
    """The page that starts an estimate: whom it is for, where, and on which lead."""

    status: str = "loading"
    form: NewEstimate = NewEstimate()
    errors: dict[str, str] = {}
    q: str = ""

    @rx.event
    @guarded(Permission.ESTIMATES_WRITE)
    async def load(self) -> None:
        """Fill the form as far as the address says."""
        given = self.router.url.query_parameters
        names = ("client_id", "property_id", "lead_id")
        self.form = await ask(self, drafts.begin, *(given.get(name, "") for name in names))
        self.errors, self.q, self.status = {}, "", "full"
        if not self.form.client_id:
            self.form.found = await ask(self, drafts.find_clients, "")

    @rx.event
    @guarded(Permission.CLIENTS_READ)
    async def find(self, text: str) -> None:
        """Search the clients."""
        self.q = text
        self.form.found = await ask(self, drafts.find_clients, text)

    @rx.event
    @guarded(Permission.ESTIMATES_WRITE)
    async def choose(self, client_id: str) -> None:
        """Take a client; none to choose again."""
        self.form = await ask(self, drafts.begin, client_id, "", self.form.lead_id)
        if not client_id:
            self.form.found = await ask(self, drafts.find_clients, self.q)

    @rx.event
    @guarded(Permission.ESTIMATES_WRITE)
    async def start(self, data: dict[str, str]) -> Any:
        """Make the draft and go to it; what was typed stays where it is refused."""
        self.form.title, self.form.property_id = data.get("title", ""), data.get("property_id", "")
        try:
            return rx.redirect(await ask(self, drafts.start, self.form))
        except Invalid as error:
            self.errors = {one.field: one.message for one in error.errors}
        return None
