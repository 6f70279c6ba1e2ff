"""The only home of what every page of the crew shares: the line, the places, messages, and how a page stands without its day."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.crew.picture import CREW, do
from pages.crew.sheet import sheet

SIGN_IN = "/auth/sign-in?next=/crew/"
TABS = (
    ui.CrewTab("today", "Today", "/crew", "list-checks"),
    ui.CrewTab("time", "Time", "/crew/time", "clock"),
    ui.CrewTab("unsent", "Not sent", "/crew/unsent", "cloud-upload", CREW.unsent),
    ui.CrewTab("more", "More", "/crew/more", "menu"),
)


def crew_page(
    active: str, head: rx.Component, *children: Any, foot: rx.Component | None = None
) -> rx.Component:
    """A page of the crew; `active` is the key of its place, `foot` stands where the places would."""
    return ui.crew_shell(
        _line(),
        head,
        _band(),
        *children,
        foot=foot or ui.crew_tabs(TABS, active),
        over=(_said(), _update(), sheet()),
    )


def _line() -> rx.Component:
    signs = {
        "offline": "wifi-off",
        "sent": "check",
        "sending": "cloud-upload",
        "attention": "circle-alert",
    }
    sign = rx.match(
        CREW.line.icon, *((name, ui.icon(icon)) for name, icon in signs.items()), ui.icon("smartphone")
    )
    words = rx.el.span(rx.foreach(CREW.line.words, lambda word: rx.el.span(word, key=word)))
    return ui.crew_line(sign, words, "/crew/unsent", CREW.line.tint, CREW.line.quiet)


def _band() -> rx.Component:
    again = rx.cond(CREW.band.sign_in, ui.link("Sign in", SIGN_IN, external=True), rx.fragment())
    words = rx.el.span(CREW.band.words, " ", again)
    return rx.cond(CREW.band.words, ui.note(words, "waiting", "circle-alert"), rx.fragment())


def _said() -> rx.Component:
    words = rx.el.div(CREW.said.text, class_name="ot-crew-said", custom_attrs={"data-tint": CREW.said.tint})
    return rx.el.div(rx.cond(CREW.said.text, words, rx.fragment()), role="status")


def _update() -> rx.Component:
    again = ui.button("Reload", size="small", on_click=do("reload"))
    return rx.cond(
        CREW.update, rx.el.div("New version", again, class_name="ot-crew-said ot-crew-update"), rx.fragment()
    )


def by_status(status: Any, full: rx.Component, **more: rx.Component) -> rx.Component:
    """The page, or in words why there is nothing to show; `more` are further states of this page."""
    sign_in = ui.link_button("Sign in", SIGN_IN, "primary", external=True)
    again = ui.button("Try again", icon_name="rotate-ccw", on_click=do("syncNow"))
    states: dict[str, rx.Component] = {
        "never": ui.empty(
            "Nothing is on this phone yet",
            "Open the app once where there is a signal: your visits of two weeks come with it, and stay.",
            again,
        ),
        "signed_out": ui.empty("You are signed out", "Sign in to get your visits.", sign_in),
        "expired": ui.empty(
            "Connect once to read on",
            "Visits are readable for three days without a signal, and these are over. What you did is kept, and is sent as soon as there is a signal.",
            again,
        ),
        "wiped": ui.empty(
            "This phone was emptied",
            "The office took its access away. What was not sent went to the office for a decision.",
            sign_in,
        ),
        "blocked": ui.empty(
            "Nothing can be kept here",
            "The browser has no room, or is in private browsing. Free some space, or use another browser.",
            again,
        ),
    }
    return ui.by_status(status, full=full, loading=ui.skeleton_rows(6), **states, **more)
