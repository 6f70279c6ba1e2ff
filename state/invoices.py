"""Invoices on screen: the list with what is owed, and one invoice with its ledger."""

from typing import Any

import reflex as rx

from models.access import Permission
from ontrack_app.schemas.screens.invoices import InvoiceRecord, InvoiceRow
from ontrack_app.schemas.screens.papers import Paper
from ontrack_app.services import notes
from ontrack_app.services.screens import invoice_drafts as drafts
from ontrack_app.services.screens import invoices as screens
from state.grids import Drafts, GridState
from state.guarding import guarded
from state.lists import ListState, row_id
from state.payments import RecordPaymentState
from state.records import RecordState
from state.session import ask, say


class InvoicesState(ListState, rx.State):
    """The list of invoices."""

    rows: list[InvoiceRow] = []
    owed: str = ""
    past_due: str = ""

    @rx.event
    @guarded(Permission.INVOICES_READ)
    async def load(self) -> None:
        """Show what the address asks for."""
        self.rows = await self._listed(screens.listing)
        self.owed, self.past_due = await ask(self, screens.open_sums)


class InvoiceState(GridState, RecordState, rx.State):
    """One invoice: a grid while it is a draft, paper from then on."""

    record: InvoiceRecord = InvoiceRecord()

    def _drafts(self) -> Drafts:
        return drafts

    @rx.event
    @guarded(Permission.INVOICES_READ)
    async def load(self) -> None:
        """Show the invoice of the address."""
        self._fresh_grid()
        found = await self._recorded(screens.record)
        if found is not None:
            self._show(*found)

    async def _again(self) -> None:
        self._show(*await ask(self, screens.record, row_id(self)))

    def _show(self, record: InvoiceRecord, paper: Paper) -> None:
        self.record = record
        self._print(paper)

    @rx.event
    @guarded(Permission.INVOICES_WRITE)
    async def set_fact(self, name: str, text: str) -> None:
        """Keep what was typed into one field."""
        await self._keep_fact(name, text)

    @rx.event
    @guarded(Permission.INVOICES_READ)
    async def move(self, name: str, reason: str) -> Any:
        """Make a move; a payment is recorded in a dialog."""
        if name == "pay":
            dialog: Any = RecordPaymentState
            return dialog.start(self.record.id, "")
        await ask(self, screens.move, row_id(self), name, reason, self.version)
        await self._again()
        if name == "issue":
            to = f" and mailed to {self.record.mailed_to}" if self.record.mailed_to else ""
            await say(self, f"{self.record.number} is issued{to}.")
        return None

    @rx.event
    @guarded(Permission.NOTES_WRITE)
    async def add_note(self, text: str) -> None:
        """Write a note on the invoice."""
        await ask(self, notes.add, "invoices", row_id(self), text)
        await self._again()
