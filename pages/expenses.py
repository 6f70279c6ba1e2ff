"""Expenses in the office: what members claimed, with the receipt, approved or rejected."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.asking import question_dialog
from pages.lists import ListScreen, list_screen
from pages.shell import live, office_page
from state.expenses import ExpensesState
from state.session import SessionState, on_load

STATE: Any = ExpensesState
COLUMNS = (
    ui.Column("title", "What for", sort=True, phone="title"),
    ui.Column("who", "Paid by", width="144px", phone="line"),
    ui.Column("visit", "Visit", width="200px", spare=True),
    ui.Column("receipt", "Receipt", width="112px", phone="line"),
    ui.Column("stage", "Stage", width="104px", phone="side"),
    ui.Column("claimed", "Claimed", sort=True, num=True, width="112px", phone="side"),
    ui.Column("approved", "Approved", num=True, width="120px"),
    ui.Column("acts", "", num=True, width="184px", phone="line"),
)


@rx.page(route="/expenses", title="Expenses", on_load=on_load(ExpensesState.load))
def expenses_page() -> rx.Component:
    """The list of claims."""
    screen = ListScreen(
        title="Expenses",
        columns=COLUMNS,
        cells=_cells,
        href=lambda row: row.visit_href,
        empty_title="No expenses yet",
        empty_text="What crews pay on the way stands here with its receipt, until somebody has looked at it.",
        search="Visit or job",
        draw=_table,
    )
    return office_page(
        "expenses",
        list_screen(ExpensesState, screen),
        _dialog(),
        question_dialog(ExpensesState),
        live(ExpensesState.load),
    )


def _table(rows: Any) -> rx.Component:
    sort = ui.Sort(STATE.sort_by, STATE.descending, STATE.sort_rows)
    return ui.data_table(COLUMNS, rows, _cells, href=None, sort=sort)


def receipt(row: Any) -> rx.Component:
    """The way to a receipt, or why there is none to look at."""
    look = ui.nav_link(
        row.receipt_href, "Receipt", external=True, target="_blank", rel="noopener", class_name="ot-link",
        aria_label=rx.Var.create("Receipt of ") + row.title,
    )  # fmt: skip
    return rx.cond(row.receipt_href, look, ui.quiet(row.receipt_note))


def _cells(row: Any) -> list[Any]:
    approve = rx.cond(
        row.can_approve, ui.button("Approve", "quiet", size="small", on_click=STATE.approve(row.id))
    )
    reject = rx.cond(
        row.can_reject, ui.button("Reject", "quiet", size="small", on_click=STATE.reject(row.id))
    )
    why = rx.cond(row.decision, rx.el.span(row.decision, class_name="ot-small ot-quiet"))
    approved = rx.cond(row.differs, rx.el.b(ui.money(row.approved)), ui.money(row.approved))
    return [
        rx.el.div(rx.el.b(row.title), why, class_name="ot-hour-words"),
        row.who,
        rx.cond(row.visit, ui.link(row.visit, row.visit_href), ""),
        receipt(row),
        ui.stage_badge(row.stage.word, row.stage.tint),
        ui.money(row.claimed),
        approved,
        rx.el.span(approve, reject, class_name="ot-row"),
    ]


def _dialog() -> rx.Component:
    form, errors = STATE.form, STATE.errors
    currency = SessionState.currency
    look = rx.cond(
        form.receipt_href,
        ui.nav_link(
            form.receipt_href, "Open the receipt", external=True, target="_blank", rel="noopener", class_name="ot-link"
        ),
        "No receipt",
    )  # fmt: skip
    reason = ui.text_area("reason", form.reason, rows=2, max_length=1000)
    inside = ui.form(
        rx.cond(STATE.refused, ui.note(STATE.refused, "bad", "circle-alert")),
        ui.facts(("Paid by", form.who), ("Claimed", form.claimed), ("Receipt", look)),
        ui.field("Approved", ui.money_input("amount", form.amount, currency=currency), error=errors["amount"]),
        ui.field("Reason", reason, "Needed where it is not what was claimed.", errors["reason"]),
        ui.save_bar("Approve", ui.button("Cancel", "quiet", on_click=STATE.set_open(False))),
        on_submit=STATE.keep,
    )  # fmt: skip
    return ui.dialog(form.heading, inside, open=STATE.open, on_open_change=STATE.set_open)
