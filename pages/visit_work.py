"""The only home of what hangs on a visit, as its page draws it: steps, hours, materials, expenses, signatures, tasks."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages import asked, hours
from pages.expenses import receipt
from state.tasks import TaskFormState
from state.time_entries import TimeFormState
from state.visit_work import VisitWorkState

STATE: Any = VisitWorkState
WORK: Any = VisitWorkState.work
STEPS = (
    ui.Column("label", "Step", phone="title"),
    ui.Column("value", "Answer", width="232px", phone="line"),
    ui.Column("by", "Who and when", width="168px", phone="line", spare=True),
    ui.Column("stage", "Stage", width="120px", phone="side"),
    ui.Column("acts", "", num=True, width="56px", phone="side"),
)
MATERIALS = (
    ui.Column("name", "Material", phone="title"),
    ui.Column("by", "Who and when", width="200px", phone="line"),
    ui.Column("quantity", "Quantity", num=True, width="136px", phone="side"),
)
EXPENSES = (
    ui.Column("title", "What for", phone="title"),
    ui.Column("who", "Paid by", width="144px", phone="line"),
    ui.Column("receipt", "Receipt", width="112px", phone="line"),
    ui.Column("stage", "Stage", width="104px", phone="side"),
    ui.Column("claimed", "Claimed", num=True, width="96px", phone="side"),
    ui.Column("approved", "Approved", num=True, width="96px", spare=True),
)


def work_sections() -> rx.Component:
    """Every section that has something in it, and those to which something can be added."""
    return rx.fragment(
        _steps(),
        _section(
            "Hours", WORK.hours, ui.data_table(hours.ON_VISIT, WORK.hours, _hour, href=None),
            WORK.can_add_hours, ui.button("Hours", "quiet", "plus", size="small", on_click=TimeFormState.add_on_visit(WORK.visit_id)),
            note=WORK.hours_note, none="Nobody has noted hours here yet.",
        ),
        _section("Materials", WORK.materials, ui.data_table(MATERIALS, WORK.materials, _material, href=None)),
        _section(
            "Expenses", WORK.expenses, ui.data_table(EXPENSES, WORK.expenses, _expense, href=None),
            WORK.expenses.length() > 0, ui.link("Decide", rx.Var.create("/expenses?tab=all&visit_id=") + WORK.visit_id),
        ),
        _section("Signatures", WORK.signatures, rx.el.div(rx.foreach(WORK.signatures, _signature))),
        _section(
            "Asked of the office", WORK.tasks, ui.data_table(asked.COLUMNS, WORK.tasks, _task, href=None),
            WORK.can_add_task, ui.button("Task", "quiet", "plus", size="small", on_click=TaskFormState.add(WORK.visit_id)),
        ),
    )  # fmt: skip


def _section(  # noqa: PLR0913 - one row of what a section may have
    title: str,
    rows: Any,
    drawn: rx.Component,
    may_add: Any = False,
    act: rx.Component | None = None,
    *,
    note: Any = "",
    none: str = "",
) -> rx.Component:
    empty = rx.el.p(ui.quiet(none or "Nothing yet."), class_name="ot-hour-none")
    section = ui.section(
        title,
        rx.cond(rows.length() > 0, drawn, empty),
        note=note,
        action=None if act is None else rx.cond(may_add, act),
    )
    shown: rx.Component = rx.cond((rows.length() > 0) | may_add, section)
    return shown


def _steps() -> rx.Component:
    table = ui.data_table(STEPS, WORK.steps, _step, href=None)
    none = rx.el.p(
        ui.quiet("The crew has nothing to tick off here. Add a step, or use a checklist."),
        class_name="ot-hour-none",
    )
    choose = ui.menu(
        rx.foreach(WORK.checklists, lambda one: ui.menu_item(one.label, on_select=STATE.use_checklist(one.value))),
        trigger=ui.button("Use a checklist", "quiet", "list-checks", size="small"),
    )  # fmt: skip
    section = ui.section(
        "Steps",
        rx.cond(WORK.steps.length() > 0, table, none),
        rx.cond(WORK.can_add_step, _add_step()),
        note=WORK.steps_note,
        action=rx.cond(WORK.can_add_step & (WORK.checklists.length() > 0), choose),
    )
    shown: rx.Component = rx.cond((WORK.steps.length() > 0) | WORK.can_add_step, section)
    return shown


def _add_step() -> rx.Component:
    kinds = ui.select_input("kind", WORK.kinds, "check", first="Tick", aria_label="What the answer is")
    label = ui.text_input(
        "label",
        "",
        placeholder="Add a step, such as “Photo of the shut-off”",
        max_length=200,
        aria_label="New step",
        key=STATE.step_form,
    )
    add = ui.button("Add", type="submit")
    row = rx.el.div(label, kinds, ui.check_input("required", "Required"), add, class_name="ot-step-add")
    error = rx.cond(
        STATE.step_error,
        rx.el.span(ui.icon("circle-alert", 14), STATE.step_error, class_name="ot-error", role="alert"),
    )
    return ui.form(row, error, on_submit=STATE.add_step, reset_on_submit=True)


def _step(row: Any) -> list[Any]:
    needed = rx.cond(row.required, ui.fact_badge("Required"))
    why = rx.cond(row.reason, rx.el.span(row.reason, class_name="ot-small ot-quiet"))
    look = ui.nav_link(
        row.value_href, row.value, external=True, target="_blank", rel="noopener", class_name="ot-link"
    )
    answer = rx.cond(row.value_href, look, rx.cond(row.value, rx.el.span(row.value), ui.quiet(row.kind)))
    moves = rx.foreach(
        row.moves, lambda move: ui.menu_item(move.label, on_select=STATE.move_step(row.id, move.name))
    )
    places = rx.cond(
        row.can_move,
        rx.fragment(
            ui.menu_item("Move up", "arrow-up", on_select=STATE.shift_step(row.id, -1)),
            ui.menu_item("Move down", "arrow-down", on_select=STATE.shift_step(row.id, 1)),
        ),
    )
    remove = rx.cond(
        row.can_remove,
        ui.menu_item("Take it off", "trash-2", danger=True, on_select=STATE.remove_step(row.id)),
    )
    acts = rx.cond(
        row.can_move | (row.moves.length() > 0),
        ui.menu(moves, places, remove, label=rx.Var.create("More about ") + row.label),
    )
    return [
        rx.el.div(rx.el.b(row.label), needed, why, class_name="ot-hour-words"),
        answer,
        ui.quiet(row.by),
        ui.stage_badge(row.stage.word, row.stage.tint),
        acts,
    ]


def _hour(row: Any) -> list[Any]:
    moves = rx.foreach(
        row.moves,
        lambda move: ui.menu_item(
            move.label, danger=move.danger, on_select=STATE.move_hours(row.id, move.name)
        ),
    )
    correct = rx.cond(
        row.can_correct, ui.menu_item("Correct", "pencil", on_select=TimeFormState.correct(row.id))
    )
    shown = row.can_correct | (row.moves.length() > 0)
    return hours.cells(
        row, rx.cond(shown, ui.menu(moves, correct, label="More about these hours")), on_visit=True
    )


def _material(row: Any) -> list[Any]:
    return [rx.el.b(row.name), ui.quiet(row.by), row.quantity]


def _expense(row: Any) -> list[Any]:
    why = rx.cond(row.decision, rx.el.span(row.decision, class_name="ot-small ot-quiet"))
    return [
        rx.el.div(rx.el.b(row.title), why, class_name="ot-hour-words"),
        row.who,
        receipt(row),
        ui.stage_badge(row.stage.word, row.stage.tint),
        ui.money(row.claimed),
        ui.money(row.approved),
    ]


def _task(row: Any) -> list[Any]:
    return asked.cells(row, STATE.move_task, with_visit=False)


def _signature(row: Any) -> rx.Component:
    strokes = rx.el.svg(
        rx.el.path(d=row.path, fill="none", stroke="currentColor", stroke_width="2"),
        view_box=row.box,
        role="img",
        aria_label=rx.Var.create("Signature of ") + row.name,
        class_name="ot-signed-strokes",
    )
    words = ui.fold("The words that were shown", ui.prose(row.shown))
    return rx.el.div(
        rx.cond(row.path, strokes),
        rx.el.div(rx.el.b(row.name), ui.quiet(row.when), ui.quiet(row.kind), class_name="ot-hour-words"),
        words,
        rx.el.p("SHA-256 ", rx.el.code(row.hash), class_name="ot-small ot-quiet ot-signed-hash"),
        class_name="ot-signed",
    )
