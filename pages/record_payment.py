"""The only home of the dialog that records a payment; it stands on an invoice's page and on the list of payments."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from state.payments import RecordPaymentState as State
from state.session import SessionState


def record_payment_dialog(reload: Any) -> rx.Component:
    """The dialog; `reload` is the handler that reads the page behind it again."""
    inside = rx.cond(
        State.form.client_id,
        _form(reload),
        choose_client(State.q, State.form.found, State.find, lambda one: State.start("", one)),
    )
    return ui.dialog(
        State.form.heading, inside, open=State.open, on_open_change=State.set_open, text=State.form.owes
    )


def choose_client(q: Any, found: Any, on_find: Any, on_choose: Any) -> rx.Component:
    """A search for a client, with the newest ones before anything is typed."""

    def one(client: Any) -> rx.Component:
        inside = (rx.el.b(client.name), ui.quiet(client.kind))
        return rx.el.li(rx.el.button(*inside, type="button", on_click=on_choose(client.id)), key=client.id)

    nobody = ui.empty(
        "No client of that name",
        "Clients are made when a lead is won.",
        ui.link_button("To the leads", "/leads"),
    )
    return rx.el.div(
        ui.search_box(q, on_find, placeholder="Client's name"),
        rx.cond(found, rx.el.ul(rx.foreach(found, one)), nobody),
        class_name="ot-choices",
    )


def _form(reload: Any) -> rx.Component:
    form, errors = State.form, State.errors
    amount = ui.money_input("amount", form.amount, SessionState.currency)
    fields = ui.fields(
        ui.field("Amount", amount, error=errors["amount"]),
        ui.field("Received on", ui.date_input("day", form.day), error=errors["day"]),
        ui.field("Method", ui.select_input("method", form.methods, form.method), error=errors["method"]),
        ui.field("Reference", ui.text_input("reference", form.reference, max_length=60), "Such as the cheque's number.", errors["reference"], optional=True),
    )  # fmt: skip
    note = ui.field(
        "Note", ui.text_area("note", form.note, rows=2, max_length=4000), error=errors["note"], optional=True
    )
    cancel = ui.button("Cancel", "quiet", on_click=State.set_open(False))
    return ui.form(
        rx.cond(State.trouble, ui.note(State.trouble, "bad", "circle-alert")),
        fields,
        note,
        ui.save_bar("Record payment", cancel),
        on_submit=[State.keep, reload],
    )
