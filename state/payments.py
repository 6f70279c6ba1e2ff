"""Payments on screen: the list, one payment, and the dialog that records money that came in."""

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Invalid
from ontrack_app.schemas.screens.payments import PaymentForm, PaymentRecord, PaymentRow
from ontrack_app.services import notes
from ontrack_app.services.screens import payments as screens
from state.grids import an_id
from state.guarding import guarded
from state.lists import ListState, row_id
from state.records import RecordState
from state.session import ask, say

TYPED = ("method", "amount", "day", "reference", "note")


class PaymentsState(ListState, rx.State):
    """The list of payments."""

    rows: list[PaymentRow] = []

    @rx.event
    @guarded(Permission.PAYMENTS_READ)
    async def load(self) -> None:
        """Show what the address asks for."""
        self.rows = await self._listed(screens.listing)


class PaymentState(RecordState, rx.State):
    """One payment."""

    record: PaymentRecord = PaymentRecord()

    @rx.event
    @guarded(Permission.PAYMENTS_READ)
    async def load(self) -> None:
        """Show the payment of the address."""
        found = await self._recorded(screens.record)
        if found is not None:
            self.record = found

    @rx.event
    @guarded(Permission.NOTES_WRITE)
    async def add_note(self, text: str) -> None:
        """Write a note on the payment."""
        await ask(self, notes.add, "payments", row_id(self), text)
        self.record = await ask(self, screens.record, row_id(self))


class RecordPaymentState(rx.State):
    """The dialog that records a payment: on an invoice, or of a client."""

    open: bool = False
    form: PaymentForm = PaymentForm()
    errors: dict[str, str] = {}
    trouble: str = ""
    q: str = ""

    @rx.event
    @guarded(Permission.PAYMENTS_RECORD)
    async def start(self, invoice_id: str, client_id: str) -> None:
        """Open the dialog for an invoice, for a client, or to choose a client first."""
        for given in (invoice_id, client_id):
            if given:
                an_id(given)
        self.form = await ask(self, screens.form_for, invoice_id, client_id)
        self.errors, self.trouble, self.q, self.open = {}, "", "", True

    @rx.event
    @guarded(Permission.CLIENTS_READ)
    async def find(self, text: str) -> None:
        """Search the clients."""
        self.q = text
        self.form.found = await ask(self, screens.find_payers, text)

    @rx.event
    @guarded(Permission.PAYMENTS_RECORD)
    async def keep(self, data: dict[str, str]) -> None:
        """Record the payment; what was typed stays where it is refused."""
        typed = {name: data[name] for name in TYPED if name in data}
        self.form, self.errors, self.trouble = self.form.model_copy(update=typed), {}, ""
        try:
            card = await ask(self, screens.keep, self.form)
        except Invalid as error:
            self.errors = {one.field: one.message for one in error.errors}
            self.trouble = "" if set(self.errors) & set(TYPED) else str(error)
            return
        self.open = False
        who = self.form.client
        await say(
            self, f"The payment of {who} is recorded.", action_label="Show it", href=f"/payments/{card.id}"
        )

    @rx.event
    @guarded.any_member
    async def set_open(self, is_open: bool) -> None:
        """Close the dialog without recording anything."""
        if not is_open:
            self.open = False
