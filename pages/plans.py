"""The only home of the dialog in which a visit is planned; it stands on the schedule, on a visit's page and on a job's."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from state.visits import PlanState as State


def plan_dialog(reload: Any) -> rx.Component:
    """The dialog; `reload` is the handler that reads the page behind it again."""
    plan, errors = State.plan, State.errors

    def kept(name: str) -> Any:
        return lambda text: State.set_part(name, text)

    times = ui.fields(
        ui.field("Day", ui.date_input("day", plan.day, on_commit=kept("day")), error=errors["day"]),
        ui.fields(
            ui.field("From", ui.time_input("start", plan.start, on_commit=kept("start")), plan.zone, errors["start"]),
            ui.field("To", ui.time_input("end", plan.end, on_commit=kept("end")), error=errors["end"]),
        ),
    )  # fmt: skip
    title = ui.text_input(
        "title", plan.title, placeholder="Tear-off and dry-in", on_commit=kept("title"), max_length=200
    )
    notes = ui.text_area(
        "instructions", plan.instructions, rows=2, on_commit=kept("instructions"), max_length=4000
    )
    cancel = ui.button("Cancel", "quiet", on_click=State.set_open(False))
    form = ui.form(
        rx.cond(State.trouble, ui.note(State.trouble, "bad", "circle-alert")),
        times,
        rx.el.fieldset(rx.el.legend("Who goes", class_name="ot-label"), _crew()),
        rx.cond(plan.warning, ui.note(plan.warning, "waiting", "circle-alert")),
        ui.field("What is done", title, error=errors["title"], optional=True),
        ui.field("For the crew", notes, "They see it on their phone.", errors["instructions"], optional=True),
        _checklist(),
        ui.save_bar(plan.verb, cancel),
        on_submit=[State.keep, reload],
    )
    return ui.dialog(plan.heading, form, open=State.open, on_open_change=State.set_open, wide=True)


def _checklist() -> rx.Component:
    """Of a new visit, where the company has any."""
    plan: Any = State.plan
    choose = ui.select_input(
        "checklist_id", plan.checklists, plan.checklist_id, first="No checklist",
        on_change=lambda value: State.set_part("checklist_id", value),
    )  # fmt: skip
    field = ui.field("Use a checklist", choose, "Its steps are copied onto the visit.", optional=True)
    drawn: rx.Component = rx.cond(plan.checklists.length() > 0, field)
    return drawn


def _crew() -> rx.Component:
    def one(person: Any) -> rx.Component:
        return ui.check_input(
            "crew", person.name, person.chosen, on_change=lambda goes: State.choose(person.id, goes)
        )

    return rx.el.div(rx.foreach(State.plan.crew, one), class_name="ot-crew-picks")
