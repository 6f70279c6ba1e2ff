"""Leads as screens remember them: the list, one lead, its form."""

from typing import Any

import reflex as rx

from models.access import Permission
from ontrack_app.schemas.screens.leads import LeadRecord, LeadRow
from ontrack_app.services import notes
from ontrack_app.services.screens import leads
from state.forms import FormState
from state.grids import an_id
from state.guarding import guarded
from state.lists import ListState, row_id
from state.records import RecordState
from state.session import ask, say


class LeadsState(ListState, rx.State):
    """The list of leads."""

    rows: list[LeadRow] = []

    @rx.event
    @guarded(Permission.LEADS_READ)
    async def load(self) -> None:
        """Show the leads that the address asks for."""
        self.rows = await self._listed(leads.listing)


class LeadState(RecordState, rx.State):
    """One lead's page."""

    record: LeadRecord = LeadRecord()

    async def _read(self) -> None:
        found = await self._recorded(leads.record)
        if found is not None:
            self.record = found

    @rx.event
    @guarded(Permission.LEADS_READ)
    async def load(self) -> None:
        """Show the lead at this address."""
        await self._read()

    @rx.event
    @guarded(Permission.LEADS_WRITE)
    async def move(self, name: str, reason: str) -> Any:
        """Make a move; winning for an estimate goes on to the estimate."""
        if name == leads.WIN_AND_ESTIMATE:
            return rx.redirect(await ask(self, leads.win_for_estimate, row_id(self)))
        await ask(self, leads.move, row_id(self), name, reason)
        return await self._read()

    @rx.event
    @guarded(Permission.LEADS_WRITE)
    async def advance(self, stage: str) -> None:
        """Move on, or back, to another open stage."""
        await ask(self, leads.move, row_id(self), "advance", stage=stage)
        await self._read()

    @rx.event
    @guarded(Permission.LEADS_WRITE)
    async def assign(self, member: str) -> None:
        """Give the lead to somebody; empty for nobody."""
        await ask(self, leads.assign, row_id(self), an_id(member) if member else None)
        await self._read()

    @rx.event
    @guarded(Permission.NOTES_WRITE)
    async def add_note(self, text: str) -> None:
        """Write a note down."""
        await ask(self, notes.add, "leads", row_id(self), text)
        await self._read()


class LeadFormState(FormState, rx.State):
    """The form of a lead, new or changed."""

    @rx.event
    @guarded(Permission.LEADS_WRITE)
    async def start(self) -> None:
        """Show the empty form of a new lead."""
        self._show(await ask(self, leads.new_form))

    @rx.event
    @guarded(Permission.LEADS_WRITE)
    async def edit(self) -> None:
        """Open the form of the lead at this address."""
        self._show(await ask(self, leads.form, row_id(self)))

    @rx.event
    @guarded(Permission.LEADS_WRITE)
    async def create(self, data: dict[str, str]) -> Any:
        """Take the new lead in and go to it."""
        lead_id = await self._sent(data, leads.create)
        return None if lead_id is None else rx.redirect(f"/leads/{lead_id}")

    @rx.event
    @guarded(Permission.LEADS_WRITE)
    async def save(self, data: dict[str, str]) -> Any:
        """Save what was typed, unless somebody changed the lead meanwhile."""
        if await self._sent(data, leads.save, row_id(self), self.version) is None:
            return None
        await say(self, "Lead saved.")
        return LeadState.load
