"""Invoices as the portal remembers them: the list, one invoice and the way to pay it."""

import asyncio
from typing import Any

import reflex as rx

from models.access import Permission
from ontrack_app.schemas.screens.portal_invoices import PortalInvoice, PortalInvoiceRow
from ontrack_app.services import checkouts
from ontrack_app.services.screens import portal_invoice, portal_invoices
from state.guarding import guarded
from state.lists import ListState, row_id
from state.records import RecordState
from state.session import ask
from state.shell import leave

# Seconds between looks at a payment that was begun: while the page says so, then quietly in the background.
LOOKS = (0.4, 0.4, 0.7, 1.0, 1.5, 2.0)
LATE_LOOKS = (3.0, 5.0, 8.0, 12.0, 15.0)


class PortalInvoicesState(ListState, rx.State):
    """The list of invoices."""

    rows: list[PortalInvoiceRow] = []

    @rx.event
    @guarded(Permission.INVOICES_READ)
    async def load(self) -> None:
        """Show the invoices that the address asks for."""
        self.rows = await self._listed(portal_invoices.listing)


class PortalInvoiceState(RecordState, rx.State):
    """One invoice's page. `checking` while it is looked up whether a payment that was begun has come in."""

    record: PortalInvoice = PortalInvoice()
    checking: bool = False
    leaving: bool = False

    async def _read(self) -> None:
        found = await self._recorded(portal_invoice.record)
        if found is not None:
            self.record = found

    @rx.event
    @guarded(Permission.INVOICES_READ)
    async def load(self) -> Any:
        """Show the invoice at this address; after a payment was begun, until its end is known."""
        self.leaving = False
        await self._read()
        self.checking = bool(self.record.pending)
        return PortalInvoiceState.watch if self.checking else None

    @rx.event(background=True)
    @guarded(Permission.INVOICES_READ)
    async def watch(self) -> None:
        """Look again and again, for less than a minute, whether the payment has come in."""
        for place, pause in enumerate((*LOOKS, *LATE_LOOKS), start=1):
            await asyncio.sleep(pause)
            async with self:
                if self.status != "full" or self.record.id != str(row_id(self)):
                    return
                await self._read()
                known = not self.record.pending
                self.checking = self.checking and not known and place < len(LOOKS)
                if known:
                    return

    @rx.event
    @guarded(Permission.INVOICES_PAY)
    async def pay(self) -> None:
        """Go to the gateway's pay page."""
        address = await ask(self, checkouts.start, row_id(self))
        self.leaving = True
        await leave(address)
