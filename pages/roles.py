"""Roles and rights in the settings: the matrix, what each role reaches, and why somebody can or cannot do something."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.shell import fresh, settings_page
from state.roles import RolesState, WhyState
from state.session import on_load

STATE: Any = RolesState
WHY: Any = WhyState


@rx.page(route="/settings/roles", title="Roles and rights", on_load=on_load(RolesState.load, WhyState.load))
def roles_page() -> rx.Component:
    """The rights of every role."""
    error = ui.error_panel("The rights could not be read", "Nothing is lost.", STATE.load)
    page = ui.by_status(fresh(STATE.status), full=_full(), error=ui.body(error))
    return settings_page("roles", page)


def _full() -> rx.Component:
    view = STATE.view
    matrix = ui.section(
        "What each role may do",
        ui.quiet("A tick holds at once, also for who is signed in. A dash is never given to that role, a bare tick never taken from it."),
        ui.rights_matrix(view.roles, view.groups, STATE.change, _restore),
    )  # fmt: skip
    aside = ui.stack(
        ui.section("Why can, or can’t, somebody", _why()),
        ui.section("Of which records", ui.scope_list(view.roles)),
        ui.section("Second step at sign-in", ui.stack(rx.foreach(view.roles, _factor), gap=0)),
        gap=8,
    )
    return ui.two_columns(matrix, aside)


def _restore(role: Any) -> rx.Component:
    question = ui.confirm(
        "Put the usual rights back?",
        role.restore_text,
        "Put back",
        STATE.restore(role.role),
        trigger=ui.button(role.differs, "quiet", "rotate-ccw", size="small", title="Put back as usual"),
    )
    shown: rx.Component = rx.cond(role.differs, question)
    return shown


def _factor(role: Any) -> rx.Component:
    words = rx.cond(role.factor, "needed", "not needed")
    button = ui.button(
        rx.cond(role.factor, "Do not require", "Require"),
        "quiet",
        size="small",
        on_click=STATE.require_factor(role.role, ~role.factor),
        aria_label=rx.cond(role.factor, "Do not require it of: ", "Require it of: ") + role.label,
    )
    return rx.el.div(
        rx.el.b(role.label),
        ui.quiet(words),
        rx.el.span(class_name="ot-grow"),
        button,
        class_name="ot-row",
        key=role.role,
    )


def _why() -> rx.Component:
    form, errors = WHY.form, WHY.errors
    answer = rx.el.div(
        ui.note(
            rx.fragment(
                rx.el.b(form.answer),
                rx.el.ul(rx.foreach(form.reasons, rx.el.li), class_name="ot-reasons"),
            ),
            form.tint,
        ),
        role="status",
    )
    address = ui.text_input("address", form.address, placeholder="…/jobs/…", max_length=500)
    return ui.form(
        ui.field("Who", ui.select_input("member_id", form.people, form.member_id), error=errors["member_id"]),
        ui.field("Does what", ui.select_input("permission", form.actions, form.permission), error=errors["permission"]),
        ui.field("To which one", address, "The address of a record, copied from the browser.", errors["address"], optional=True),
        rx.el.div(ui.button("Ask why", type="submit"), class_name="ot-row"),
        rx.cond(form.answer, answer),
        on_submit=WHY.put,
    )  # fmt: skip
