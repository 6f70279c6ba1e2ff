"""The only home of the frames of people without the office: client portal and crew."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from ontrack_app.ui.frame import Frame
from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Child, Text, joined, shown, when
from ontrack_app.ui.native import native_form
from ontrack_app.ui.words import nav_link


@dataclass(frozen=True)
class Brand:
    """The contractor as its clients see it: name, a quiet line (licence), mark of two letters, telephone; tokens are CSS variables or nothing."""

    name: Text
    line: Text
    mark: Text
    phone: Text
    tokens: Any = None


def _sign_out(frame: Frame | None) -> rx.Component:
    """The way out, a real POST."""
    if frame is None:
        return rx.fragment()
    out = rx.el.button("Sign out", type="submit", class_name="ot-link")
    return native_form(frame.sign_out_to, out, token=frame.form_token)


def portal_shell(
    *children: Child,
    brand: Brand,
    frame: Frame | None = None,
    links: tuple[tuple[str, str], ...] = (),
    toasts: rx.Component | None = None,
) -> rx.Component:
    """A page of the portal under the contractor's name; `links` are (label, href) for people with more than one page."""
    call = rx.el.a(icon("phone"), brand.phone, href=joined("tel:", brand.phone), class_name="ot-link ot-row")
    top = rx.el.header(
        rx.el.span(brand.mark, class_name="ot-mark", aria_hidden="true"),
        rx.el.span(
            rx.el.span(brand.name, class_name="ot-strong", custom_attrs={"style": {"display": "block"}}),
            when(brand.line, rx.el.span(brand.line, class_name="ot-small ot-quiet")),
            class_name="ot-grow",
        ),
        *[nav_link(href, label, class_name="ot-link") for label, href in links],
        when(brand.phone, call) if shown(brand.phone) else rx.fragment(),
        _sign_out(frame),
        class_name="ot-portal-top",
    )
    page = rx.el.main(*children, id="page", class_name="ot-portal-main")
    return rx.el.div(
        top,
        page,
        toasts or rx.fragment(),
        class_name="ot-portal",
        custom_attrs={} if brand.tokens is None else {"style": brand.tokens},
    )


def portal_columns(main: rx.Component, side: rx.Component) -> rx.Component:
    """What one reads on the left, what one does on the right; one column on phones."""
    return rx.el.div(rx.el.div(main), rx.el.div(side), class_name="ot-portal-columns")


def portal_intro(above: Text, title: Text, text: Text = "") -> rx.Component:
    """The head of a portal page: number and date above, the title, a few words."""
    return rx.el.div(
        rx.el.span(above, class_name="ot-quiet"),
        rx.el.h1(title, class_name="ot-title-page"),
        when(text, rx.el.p(text)),
        class_name="ot-portal-intro",
    )


def panel(*children: Child, title: Text = "", action: rx.Component | None = None) -> rx.Component:
    """A box on the portal's backdrop, with a heading and one act beside it."""
    head = rx.el.header(rx.el.h2(title), action or rx.fragment()) if shown(title) else rx.fragment()
    return rx.el.section(head, *children, class_name="ot-panel")


def crew_shell(
    *children: Child, title: Text, frame: Frame, sub: Text = "", toasts: rx.Component | None = None
) -> rx.Component:
    """A page for a crew on a phone: a title bar, the stops, the way out."""
    out = rx.el.button(icon("log-out", 20), type="submit", class_name="ot-tap", aria_label="Sign out")
    words = rx.el.div(
        rx.el.h1(title, class_name="ot-strong"),
        when(sub, rx.el.span(sub, class_name="ot-small ot-quiet")),
        class_name="ot-grow",
    )
    top = rx.el.header(
        words, native_form(frame.sign_out_to, out, token=frame.form_token), class_name="ot-crew-top"
    )
    page = rx.el.main(*children, id="page", class_name="ot-crew-main")
    return rx.el.div(top, page, toasts or rx.fragment(), class_name="ot-crew")


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
