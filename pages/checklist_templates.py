"""Checklists in the settings: steps that come up again and again, to be copied onto visits."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.shell import fresh, settings_page
from state.checklist_templates import ChecklistTemplatesState
from state.session import SessionState, on_load

STATE: Any = ChecklistTemplatesState
MAY: Any = SessionState.granted
STEPS = (
    ui.Column("label", "Step", phone="title"),
    ui.Column("kind", "Answer", width="144px", phone="line"),
    ui.Column("required", "Required", width="144px", phone="side"),
)


@rx.page(route="/settings/checklists", title="Checklists", on_load=on_load(ChecklistTemplatesState.load))
def checklists_page() -> rx.Component:
    """Checklists in the settings."""
    may_write = MAY.contains("checklist_templates:write")
    new = rx.cond(may_write, ui.button("New checklist", "primary", "plus", on_click=STATE.start))
    nothing = ui.empty(
        "No checklists yet",
        "A checklist is a set of steps under a name. Planning a visit, its steps are copied onto it, and the crew ticks them off.",
        rx.cond(may_write, ui.button("Write the first one", icon_name="plus", on_click=STATE.start)),
    )
    drawn = ui.by_status(
        fresh(ChecklistTemplatesState.status),
        full=rx.el.div(rx.foreach(STATE.rows, _template)),
        loading=ui.skeleton_rows(6),
        empty=nothing,
        error=ui.error_panel("This page could not be read", "Nothing is lost.", ChecklistTemplatesState.load),
    )
    return settings_page("checklists", ui.body(drawn), _dialog(), actions=(new,))


def _template(one: Any) -> rx.Component:
    acts = rx.el.span(
        rx.cond(
            MAY.contains("checklist_templates:write"),
            ui.button("Change", "quiet", "pencil", size="small", on_click=STATE.edit(one.id)),
        ),
        rx.cond(
            MAY.contains("checklist_templates:delete"),
            ui.confirm(
                rx.Var.create("Put away ") + one.name,
                "It can no longer be chosen. Visits that have a copy of its steps keep them.",
                "Put away",
                STATE.put_away(one.id),
                ui.button("Put away", "quiet", size="small"),
            ),
        ),
        class_name="ot-row",
    )
    table = ui.data_table(STEPS, one.steps, _cells, href=None)
    return ui.section(one.name, table, note=one.note, action=acts)


def _cells(step: Any) -> list[Any]:
    return [
        rx.el.b(step.label),
        ui.quiet(step.kind_label),
        rx.cond(step.required, ui.fact_badge("Required"), ui.quiet("Optional")),
    ]


def _dialog() -> rx.Component:
    draft, errors = STATE.draft, STATE.errors
    name = ui.text_input("name", draft.name, on_commit=STATE.set_name, max_length=200)
    inside = ui.form(
        rx.cond(STATE.trouble, ui.note(STATE.trouble, "bad", "circle-alert")),
        ui.field("Name", name, error=errors["name"]),
        rx.el.fieldset(
            rx.el.legend("Steps, in order", class_name="ot-label"),
            rx.el.ol(rx.foreach(draft.steps, _step), class_name="ot-step-list"),
            ui.button("Add a step", "quiet", "plus", size="small", on_click=STATE.add_step),
            class_name="ot-field",
        ),
        ui.save_bar(draft.verb, ui.button("Cancel", "quiet", on_click=STATE.set_open(False))),
        on_submit=lambda _: STATE.keep(),
    )
    return ui.dialog(draft.heading, inside, open=STATE.open, on_open_change=STATE.set_open, wide=True)


def _step(step: Any) -> rx.Component:
    label = ui.text_input(
        step.key, step.label, on_commit=lambda text: STATE.set_step(step.key, "label", text),
        placeholder="What is to be done", max_length=200, aria_label="Step",
    )  # fmt: skip
    kind = ui.select_input(
        step.key + "-kind", STATE.draft.kinds, step.kind, first="Tick", aria_label="What the answer is",
        on_change=lambda value: STATE.set_step(step.key, "kind", value),
    )  # fmt: skip
    needed = ui.check_input(
        step.key + "-required", "Required", step.required,
        on_change=lambda on: STATE.require_step(step.key, on),
    )  # fmt: skip
    acts = rx.el.span(
        ui.icon_button("Move up", "arrow-up", size="small", on_click=STATE.shift_step(step.key, -1)),
        ui.icon_button("Move down", "arrow-down", size="small", on_click=STATE.shift_step(step.key, 1)),
        ui.icon_button("Take it off", "x", size="small", on_click=STATE.remove_step(step.key)),
        class_name="ot-row",
    )
    return rx.el.li(label, kind, needed, acts, key=step.key, class_name="ot-step-edit")
