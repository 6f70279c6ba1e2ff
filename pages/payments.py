"""Payments: the list, and one payment with what it settles."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.lists import ListScreen, list_screen
from pages.record_payment import record_payment_dialog
from pages.records import badges, history, record_screen
from pages.shell import office_page
from state.payments import PaymentsState, PaymentState, RecordPaymentState
from state.session import on_load

State = PaymentState
COLUMNS = (
    ui.Column("client", "Client", phone="title"),
    ui.Column("method", "Method", width="200px", phone="line"),
    ui.Column("invoices", "Settles", width="184px"),
    ui.Column("received_at", "Received", sort=True, width="112px", phone="line"),
    ui.Column("stage", "Stage", sort=True, width="216px", phone="side"),
    ui.Column("amount", "Amount", sort=True, num=True, width="120px", phone="side"),
)


def _cells(row: Any) -> list[Any]:
    fact = rx.cond(row.fact.word, ui.fact_badge(row.fact.word, row.fact.tint))
    return [
        ui.lead_name(row.client),
        rx.el.span(row.method, " ", ui.quiet(row.reference)),
        ui.hint(row.invoices),
        row.received,
        rx.el.span(ui.stage_badge(row.stage.word, row.stage.tint), " ", fact),
        ui.money(row.amount),
    ]


@rx.page(route="/payments", title="Payments", on_load=on_load(PaymentsState.load))
def payments_page() -> rx.Component:
    """The list of payments."""
    start = RecordPaymentState.start("", "")
    screen = ListScreen(
        title="Payments",
        columns=COLUMNS,
        cells=_cells,
        href=lambda row: "/payments/" + row.id,
        empty_title="No payments yet",
        empty_text="Money that came in stands here: cash, cheques and transfers that you record, and what clients pay in the portal.",
        actions=[ui.button("Record payment", "primary", "banknote", on_click=start)],
        empty_action=ui.button("Record payment", icon_name="banknote", on_click=start),
        search="Client or reference",
    )
    return office_page(
        "payments", list_screen(PaymentsState, screen), record_payment_dialog(PaymentsState.load)
    )


@rx.page(route="/payments/[payment_id]", title="Payment", on_load=on_load(State.load))
def payment_page() -> rx.Component:
    """One payment."""
    record = State.record
    head = ui.detail_header(
        record.title, ("Payments", "/payments", record.number), badges(record), record.quiet
    )
    full = rx.fragment(head, ui.two_columns(_main(), history(record, State.add_note)))
    return office_page("payments", record_screen(State, full, noun="payment", back="/payments"))


def _main() -> rx.Component:
    record = State.record

    def part(one: Any) -> rx.Component:
        what = rx.el.div(ui.link(one.label, one.href), rx.el.p(one.more, class_name="ot-quiet"))
        return rx.el.li(what, ui.money(one.amount))

    credit = rx.el.li(
        rx.el.div(rx.el.b("Credit"), rx.el.p("Paid, and not yet used for an invoice", class_name="ot-quiet")), ui.money(record.credit)
    )  # fmt: skip
    settles = rx.el.ul(
        rx.foreach(record.parts, part), rx.cond(record.credit, credit), class_name="ot-entries"
    )
    return rx.el.div(
        rx.cond(
            record.failure, rx.el.div(ui.note(record.failure, "bad", "circle-alert"), class_name="ot-section")
        ),
        ui.section("About it", ui.facts_from(record.facts)),
        rx.cond(record.note, ui.section("Note", ui.prose(record.note))),
        rx.cond(record.parts | (record.credit != ""), ui.section("What it settles", settles)),
    )
