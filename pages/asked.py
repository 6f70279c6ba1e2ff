"""The only home of tasks as they are drawn, on their list and on a visit's page: rows, and the form of one."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from state.tasks import TaskFormState
from state.visits import PlanState

FORM: Any = TaskFormState
PLAN: Any = PlanState
COLUMNS = (
    ui.Column("text", "What", phone="title"),
    ui.Column("who", "Asked by", width="152px", phone="line"),
    ui.Column("due", "Due", sort=True, width="112px", phone="line"),
    ui.Column("stage", "Stage", width="88px", phone="side"),
    ui.Column("plan", "", num=True, width="144px", phone="line"),
    ui.Column("acts", "", num=True, width="56px", phone="side"),
)


def cells(row: Any, on_move: Any, *, with_visit: bool = True) -> list[Any]:
    """One task; `on_move(id, name)` makes its moves."""
    visit = rx.cond(row.visit, ui.link(row.visit, row.visit_href)) if with_visit else rx.fragment()
    wanted = rx.cond(row.wanted, rx.el.span("Wanted: ", row.wanted, class_name="ot-small ot-quiet"))
    look = ui.nav_link(
        row.photo_href, "Photo", external=True, target="_blank", rel="noopener", class_name="ot-link",
        aria_label=rx.Var.create("Photo of ") + row.text,
    )  # fmt: skip
    photo = rx.cond(
        row.photo, rx.cond(row.photo_href, look, rx.el.span(row.photo, class_name="ot-small ot-quiet"))
    )
    moves = rx.foreach(row.moves, lambda move: ui.menu_item(move.label, on_select=on_move(row.id, move.name)))
    change = rx.cond(row.can_change, ui.menu_item("Change", "pencil", on_select=FORM.edit(row.id)))
    acts = rx.cond(row.moves.length() > 0, ui.menu(moves, change, label="More about this task"))
    due = rx.cond(row.late, ui.fact_badge(row.due, "bad"), ui.quiet(row.due))
    plan = ui.button(row.plan, "quiet", size="small", on_click=PLAN.plan_task(row.id))
    return [
        rx.el.div(
            rx.el.b(row.text, class_name="ot-task-text"),
            ui.quiet(row.kind),
            visit,
            photo,
            wanted,
            class_name="ot-hour-words",
        ),
        rx.el.span(row.who, " ", ui.quiet(ui.hint(row.asked, row.asked_full))),
        due,
        ui.stage_badge(row.stage.word, row.stage.tint),
        rx.cond(row.plan, plan),
        acts,
    ]


def task_dialog(reload: Any) -> rx.Component:
    """The form of a task; `reload` is the handler that reads the page behind it again."""
    form, errors = FORM.form, FORM.errors
    inside = ui.form(
        rx.cond(FORM.trouble, ui.note(FORM.trouble, "bad", "circle-alert")),
        ui.field("What is to be done", ui.text_area("text", form.text, rows=3, max_length=4000), error=errors["text"]),
        ui.field("Due", ui.date_input("due_on", form.due_on), error=errors["due_on"], optional=True),
        ui.save_bar(form.verb, ui.button("Cancel", "quiet", on_click=FORM.set_open(False))),
        on_submit=[FORM.keep, reload],
    )  # fmt: skip
    return ui.dialog(form.heading, inside, open=FORM.open, on_open_change=FORM.set_open)
