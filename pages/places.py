"""The only home of the dialog that gives a place in the company: it invites, and it changes a member's role."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.record_payment import choose_client
from state.members import PlaceState as State


def place_dialog() -> rx.Component:
    """The dialog, for the list of members and for a member's page."""
    form, errors = State.form, State.errors
    person = ui.fields(
        ui.field("E-mail", ui.email_input("email", form.email, on_commit=_kept("email"), max_length=254), error=errors["email"]),
        ui.field("Name", ui.text_input("name", form.name, on_commit=_kept("name"), max_length=200), error=errors["name"], optional=True),
    )  # fmt: skip
    role = ui.field(
        "Role",
        ui.select_input("role", form.roles, form.role, on_change=State.set_role),
        error=errors["role"],
    )
    inside = ui.form(
        rx.cond(State.trouble, ui.note(State.trouble, "bad", "circle-alert")),
        rx.cond(State.member_id == "", person),
        role,
        rx.cond(form.is_customer, _client(form, errors)),
        ui.save_bar(form.verb, ui.button("Cancel", "quiet", on_click=State.set_open(False))),
        on_submit=State.keep,
    )
    return ui.dialog(form.heading, inside, open=State.open, on_open_change=State.set_open, text=form.effect)


def _kept(name: str) -> Any:
    return lambda text: State.set_part(name, text)


def _client(form: Any, errors: Any) -> rx.Component:
    """A customer's client: the one that is chosen, or the search for it."""
    chosen = ui.row(
        rx.el.b(form.client), ui.button("Another client", "quiet", size="small", on_click=State.choose(""))
    )
    search = choose_client(State.q, form.found, State.find, State.choose)
    refused = rx.el.span(
        ui.icon("circle-alert", 14), errors["client_id"], class_name="ot-error", role="alert"
    )
    return rx.el.fieldset(
        rx.el.legend("Whose person it is", class_name="ot-label"),
        rx.cond(form.client_id, chosen, search),
        rx.cond(errors["client_id"], refused),
        class_name="ot-field",
    )
