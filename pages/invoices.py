"""Invoices: the list with what is owed, one invoice (a grid while it is a draft, paper and ledger from then on)."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages import papers
from pages.lists import ListScreen, list_screen
from pages.record_payment import record_payment_dialog
from pages.records import badges, history, record_screen
from pages.shell import office_page
from state.invoices import InvoicesState, InvoiceState
from state.session import on_load

State = InvoiceState
COLUMNS = (
    ui.Column("title", "Invoice", phone="title"),
    ui.Column("number", "Number", sort=True, width="144px", phone="line"),
    ui.Column("stage", "Stage", width="296px", phone="side"),
    ui.Column("due_on", "Due", sort=True, width="112px"),
    ui.Column("total", "Total", sort=True, num=True, width="112px"),
    ui.Column("balance", "Owed", num=True, width="112px", phone="side"),
)


def _cells(row: Any) -> list[Any]:
    facts = rx.foreach(row.facts, lambda one: rx.fragment(" ", ui.fact_badge(one.word, one.tint)))
    return [
        ui.lead_name(row.client, row.title),
        row.number,
        rx.el.span(ui.stage_badge(row.stage.word, row.stage.tint), facts),
        row.due,
        ui.money(row.total),
        ui.money(row.balance),
    ]


@rx.page(route="/invoices", title="Invoices", on_load=on_load(InvoicesState.load))
def invoices_page() -> rx.Component:
    """The list of invoices."""
    sums = rx.cond(
        InvoicesState.owed,
        rx.el.span(
            ui.quiet("Owed in all "), ui.money(InvoicesState.owed), ui.quiet(" · past due "), ui.money(InvoicesState.past_due),
            class_name="ot-sums",
        ),
    )  # fmt: skip
    screen = ListScreen(
        title="Invoices",
        columns=COLUMNS,
        cells=_cells,
        href=lambda row: "/invoices/" + row.id,
        empty_title="No invoices yet",
        empty_text="An invoice is made from a job. When the work is done, open the job and make its invoice.",
        empty_action=ui.link_button("To the jobs", "/jobs?tab=to_invoice", icon_name="briefcase"),
        search="Number, title or client",
        right=[sums],
    )
    return office_page("invoices", list_screen(InvoicesState, screen))


@rx.page(route="/invoices/[invoice_id]", title="Invoice", on_load=on_load(State.load))
def invoice_page() -> rx.Component:
    """One invoice."""
    full = rx.fragment(
        _header(),
        ui.track(State.record.track),
        rx.cond(State.record.ledger, rx.el.div(_ledger(), class_name="ot-band")),
        ui.two_columns(rx.cond(State.record.editable, _draft(), _paper()), _aside()),
    )
    screen = record_screen(State, full, noun="invoice", back="/invoices")
    return office_page("invoices", screen, record_payment_dialog(State.load))


def _header() -> rx.Component:
    record = State.record
    paper = rx.cond(State.paper.lines, ui.link_button("PDF", record.pdf, icon_name="download", external=True))
    return ui.detail_header(
        record.title,
        ("Invoices", "/invoices", record.number),
        badges(record),
        record.quiet,
        [paper, ui.moves(State.paper.moves, State.move)],
    )


def _ledger() -> rx.Component:
    return ui.section(
        "Ledger", ui.ledger_strip(State.record.ledger), note="only grows; a correction is a new entry"
    )


def _draft() -> rx.Component:
    record, errors = State.record, State.errors

    def kept(name: str) -> Any:
        return lambda text: State.set_fact(name, text)

    note = ui.text_area(
        "note_to_client",
        record.note,
        aria_label="Note to the client",
        on_commit=kept("note_to_client"),
        max_length=4000,
    )
    due = ui.date_input("due_on", record.due_on, on_commit=kept("due_on"))
    title = ui.text_input("title", record.title_text, on_commit=kept("title"), max_length=200)
    return rx.el.div(
        ui.section("Lines", papers.grid(State), note="totals are worked out by the server, to the cent"),
        ui.section("Note to the client", ui.field("", note, error=errors["note_to_client"]), note="printed above the lines"),
        ui.section(
            "Details",
            ui.fields(
                ui.field("Title", title, error=errors["title"]),
                ui.field("Due on", due, "Left empty, the client's usual days to pay are counted from the day it is issued.", errors["due_on"], optional=True),
            ),
        ),
    )  # fmt: skip


def _paper() -> rx.Component:
    record = State.record
    terms = rx.fragment(
        rx.cond(record.terms, ui.prose(record.terms)), rx.el.p(record.frozen, class_name="ot-quiet")
    )
    return rx.el.div(
        rx.cond(record.note, ui.section("Note to the client", ui.prose(record.note))),
        ui.section("Lines", ui.line_table(State.paper.lines), rx.el.div(papers.totals(State.paper), class_name="ot-foot-totals")),
        ui.section("Terms on this invoice", terms),
    )  # fmt: skip


def _aside() -> rx.Component:
    record = State.record
    live = ui.section("Total", papers.totals(State.paper), action=papers.currency_word())
    paid = ui.section("Payments", rx.el.ul(rx.foreach(record.payments, _payment), class_name="ot-entries"))
    return rx.fragment(
        rx.cond(record.editable, live),
        rx.cond(record.payments, paid),
        ui.section("About it", ui.facts_from(record.facts)),
        history(record, State.add_note),
    )


def _payment(one: Any) -> rx.Component:
    badge = rx.cond(one.stage.tint == "good", rx.fragment(), ui.stage_badge(one.stage.word, one.stage.tint))
    amount = rx.cond(one.failed, rx.el.s(one.amount), ui.money(one.amount))
    return rx.el.li(
        rx.el.div(
            ui.link(one.label, "/payments/" + one.id),
            rx.el.p(one.more, class_name="ot-quiet"),
            rx.cond(one.why, rx.el.p(one.why)),
        ),
        rx.el.span(badge, " ", amount),
        key=one.id,
    )
