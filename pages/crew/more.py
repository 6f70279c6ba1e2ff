"""The page More of a crew's phone: who, the last word from the office, what this browser keeps, a new version, the way out."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.crew.frame import SIGN_IN, crew_page
from pages.crew.picture import CREW, do
from pages.shell import FRAME
from state.session import on_load

MORE: Any = CREW.more


@rx.page(route="/crew/more", title="More", on_load=on_load())
def more() -> rx.Component:
    """Who this phone belongs to, and what it keeps. The way out alone asks the server: its form carries the session's token."""
    facts = rx.el.dl(rx.foreach(MORE.facts, _fact), class_name="ot-crew-facts")
    account = ui.link_button("Your account", FRAME.account_at, icon_name="user", external=True, wide=True)
    page = rx.fragment(_update(), facts, account, _leave())
    return crew_page(
        "more",
        ui.crew_head(rx.cond(MORE.name, MORE.name, "More")),
        rx.cond(CREW.status == "loading", ui.skeleton_rows(4), page),
    )


def _fact(fact: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(fact.label), rx.el.dd(fact.value), key=fact.label)


def _update() -> rx.Component:
    again = ui.button("Reload", on_click=do("reload"))
    words = rx.el.div(MORE.update_words, again, class_name="ot-row ot-wrap")
    return rx.cond(MORE.update, ui.note(words, "planned", "refresh-cw"), rx.fragment())


def _leave() -> rx.Component:
    out = ui.button(
        "Sign out", icon_name="log-out", type="submit", wide=True, on_click=do("leaving", takes="event")
    )
    form = ui.native_form(
        FRAME.sign_out_to, out, token=FRAME.form_token, custom_attrs={"data-sign-out": "true"}
    )
    ready = MORE.can_leave & (FRAME.form_token != "")
    offline = ui.note("Signing out needs a signal.", "idle", "wifi-off")
    gone = ui.link_button("Sign in", SIGN_IN, external=True)
    return rx.cond(
        CREW.status == "signed_out",
        gone,
        rx.el.section(
            rx.cond(MORE.leave_words, ui.note(MORE.leave_words, "waiting", "circle-alert"), rx.fragment()),
            rx.cond(ready, form, offline),
            class_name="ot-crew-section",
        ),
    )
