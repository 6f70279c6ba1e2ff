"""Hours in the office: members' weeks with their days and sums, approved and locked one stretch or a week at a time."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages import hours
from pages.asking import question_dialog
from pages.lists import ListScreen, list_screen
from pages.shell import live, office_page
from state.session import SessionState, on_load
from state.time_entries import TimeEntriesState, TimeFormState

STATE: Any = TimeEntriesState
FORM: Any = TimeFormState


@rx.page(route="/time-entries", title="Hours", on_load=on_load(TimeEntriesState.load))
def time_entries_page() -> rx.Component:
    """The list of hours."""
    may_add = SessionState.granted.contains("time_entries:write")
    screen = ListScreen(
        title="Hours",
        columns=hours.COLUMNS,
        cells=_cells,
        href=lambda row: row.visit_href,
        empty_title="No hours yet",
        empty_text="What crews note on their phones stands here, by member and week: travel, work and breaks.",
        actions=(rx.cond(may_add, ui.button("Add hours", "primary", "plus", on_click=FORM.add(""))),),
        search="",
        draw=_sheets,
    )
    return office_page(
        "time_entries",
        list_screen(TimeEntriesState, screen),
        hours.time_dialog(TimeEntriesState.load),
        question_dialog(TimeEntriesState),
        live(TimeEntriesState.load),
    )


def _sheets(sheets: Any) -> rx.Component:
    return rx.el.div(rx.foreach(sheets, _sheet), class_name="ot-days ot-sheets")


def _sheet(sheet: Any) -> rx.Component:
    def act(name: str, label: str, shown: Any, kind: str = "secondary") -> rx.Component:
        press = STATE.move_week(sheet.member_id, sheet.monday, name)
        drawn: rx.Component = rx.cond(shown, ui.button(label, kind, size="small", on_click=press))
        return drawn

    acts = rx.el.span(
        rx.cond(sheet.can_add, ui.button("Add", "quiet", "plus", size="small", on_click=FORM.add(sheet.member_id))),
        act("unapprove", "Take approval back", sheet.can_unapprove, "quiet"),
        act("lock", "Lock week", sheet.can_lock),
        act("approve", "Approve week", sheet.can_approve),
        class_name="ot-row",
    )  # fmt: skip
    sums = rx.el.p(
        _sum("Work", sheet.work),
        _sum("Travel", sheet.travel),
        _sum("Breaks", sheet.rest),
        _sum("Work and travel", sheet.total, strong=True),
        class_name="ot-hour-sums",
    )
    return ui.section(
        sheet.name,
        sums,
        rx.foreach(sheet.days, _day),
        note=rx.el.span(
            sheet.week, rx.cond(sheet.waiting, ui.fact_badge(sheet.waiting, "waiting")), class_name="ot-row"
        ),
        action=acts,
    )


def _sum(label: str, text: Any, *, strong: bool = False) -> rx.Component:
    figure = rx.el.b(text) if strong else rx.el.span(text)
    drawn: rx.Component = rx.cond(text, rx.el.span(ui.quiet(label), figure))
    return drawn


def _day(day: Any) -> rx.Component:
    head = rx.el.h3(day.title, rx.cond(day.total, rx.el.span(day.total, class_name="ot-quiet")))
    return rx.el.div(
        head, ui.data_table(hours.COLUMNS, day.rows, _cells, href=None), class_name="ot-hour-day"
    )


def _cells(row: Any) -> list[Any]:
    moves = rx.foreach(
        row.moves,
        lambda move: ui.menu_item(move.label, danger=move.danger, on_select=STATE.move(row.id, move.name)),
    )
    correct = rx.cond(row.can_correct, ui.menu_item("Correct", "pencil", on_select=FORM.correct(row.id)))
    shown = row.can_correct | (row.moves.length() > 0)
    return hours.cells(row, rx.cond(shown, ui.menu(moves, correct, label="More about these hours")))
