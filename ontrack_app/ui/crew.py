"""The only home of the crew's parts: frame, stops, big buttons, rows of the day."""

import reflex as rx

from ontrack_app.ui.crew_app import crew_app
from ontrack_app.ui.frame import Frame
from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Child, Flag, Handler, Text, when
from ontrack_app.ui.native import native_form
from ontrack_app.ui.words import nav_link


def crew_shell(
    *children: Child, title: Text, frame: Frame, sub: Text = "", toasts: rx.Component | None = None
) -> rx.Component:
    """A page for a crew on a phone: a title bar, the stops, one's own page and the way out."""
    account = nav_link(
        frame.account_at, icon("user", 20), external=True, class_name="ot-tap", aria_label="Your account"
    )
    out = rx.el.button(icon("log-out", 20), type="submit", class_name="ot-tap", aria_label="Sign out")
    words = rx.el.div(
        rx.el.h1(title, class_name="ot-strong"),
        when(sub, rx.el.span(sub, class_name="ot-small ot-quiet")),
        class_name="ot-grow",
    )
    top = rx.el.header(
        words, account, native_form(frame.sign_out_to, out, token=frame.form_token), class_name="ot-crew-top"
    )
    page = rx.el.main(*children, id="page", class_name="ot-crew-main")
    return rx.el.div(crew_app(), top, page, toasts or rx.fragment(), class_name="ot-crew")


def stop(title: Text, badge: rx.Component, *children: Child) -> rx.Component:
    """One visit on the crew's page: what, its stage, and below it where, when and what can be done."""
    return rx.el.article(
        rx.el.div(rx.el.h2(title, class_name="ot-grow"), badge, class_name="ot-row"),
        *children,
        class_name="ot-stop",
    )


def thumbs(*buttons: rx.Component) -> rx.Component:
    """Up to three large buttons in the order of the day."""
    return rx.el.div(*buttons, class_name="ot-thumbs")


def thumb(label: Text, icon_name: str, state: Text, on_click: Handler) -> rx.Component:
    """One large button; state done (a tick, nothing to press), next (filled), open (outlined) or later (not yet)."""
    idle = (state == "done") | (state == "later")
    sign = rx.cond(state == "done", icon("check", 24), icon(icon_name, 24))
    attrs = {"data-kind": rx.cond(state == "next", "primary", "secondary"), "data-state": state}
    return rx.el.button(
        sign,
        label,
        type="button",
        disabled=idle,
        on_click=on_click,
        class_name="ot-button",
        custom_attrs=attrs,
    )


def maps_link(label: Text, href: Text) -> rx.Component:
    """An address that opens the phone's maps; plain words while there is no address."""
    link = nav_link(
        href,
        icon("navigation", 20),
        rx.el.span(label),
        external=True,
        class_name="ot-link ot-maps",
        target="_blank",
        rel="noreferrer",
    )
    return rx.cond(href, link, rx.el.span(label))


def stop_row(
    time: Text, title: Text, place: Text, badge: rx.Component, on_pick: Handler | None = None
) -> rx.Component:
    """Another visit: when, what, where; pressing it puts it on top."""
    words = (
        rx.el.b(time),
        rx.el.span(rx.el.span(title, class_name="ot-strong"), rx.el.span(place, class_name="ot-quiet")),
        badge,
    )
    if on_pick is None:
        return rx.el.div(*words, class_name="ot-stop-row")
    return rx.el.button(*words, type="button", on_click=on_pick, class_name="ot-stop-row")


def day_part(title: Text, *children: Child, shown_if: Flag = True) -> rx.Component:
    """A part of the day under a quiet head."""
    part = rx.el.section(rx.el.h2(title, class_name="ot-todo-head"), *children)
    return rx.cond(shown_if, part, rx.fragment())
