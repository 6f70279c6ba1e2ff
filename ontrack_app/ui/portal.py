"""The only home of the portal's frame: the contractor's face, the pages of a client, what a page is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from ontrack_app.ui.frame import Frame
from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Child, Flag, Text, joined, shown, when
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


def _account(frame: Frame | None) -> rx.Component:
    """One's own page."""
    if frame is None:
        return rx.fragment()
    return nav_link(frame.account_at, "Your account", external=True, class_name="ot-link")


def _sign_out(frame: Frame | None) -> rx.Component:
    """The way out, a real POST."""
    if frame is None:
        return rx.fragment()
    out = rx.el.button("Sign out", type="submit", class_name="ot-link")
    return native_form(frame.sign_out_to, out, token=frame.form_token)


def _places(links: Sequence[tuple[str, str]], active: str, frame: Frame | None) -> rx.Component:
    """The pages that the reader has, and the way out."""
    here = [
        nav_link(
            href,
            label,
            class_name="ot-link",
            custom_attrs={"aria-current": "page" if href == active else "false"},
        )
        for label, href in links
    ]
    nav = rx.el.nav(*here, aria_label="Your pages") if here else rx.fragment()
    way = rx.el.span(
        _account(frame),
        _sign_out(frame),
        class_name="ot-desk ot-row",
        custom_attrs={"style": {"gap": "20px"}},
    )
    return rx.fragment(nav, way)


def _foot(frame: Frame) -> rx.Component:
    """On phones: who is signed in, their own page, and the way out."""
    who = rx.el.span("Signed in as ", frame.person_name)
    return rx.el.footer(who, _account(frame), _sign_out(frame), class_name="ot-portal-foot ot-phone")


def portal_shell(
    *children: Child,
    brand: Brand,
    frame: Frame | None = None,
    toasts: rx.Component | None = None,
    **places: Any,
) -> rx.Component:
    """A page of the portal under the contractor's name.

    Keywords: `links` are (label, href) for people with more than one page, `active` the href of this one; `confined` (a flag)
    takes links and sign-out away.
    """
    links, active = places.pop("links", ()), places.pop("active", "")
    confined = places.pop("confined", False)
    around = rx.cond(confined, rx.fragment(), _places(links, active, frame))
    foot = rx.cond(confined, rx.fragment(), _foot(frame)) if frame else rx.fragment()
    call = rx.el.a(icon("phone"), brand.phone, href=joined("tel:", brand.phone), class_name="ot-link ot-row")
    top = rx.el.header(
        rx.el.span(brand.mark, class_name="ot-mark", aria_hidden="true"),
        rx.el.span(
            rx.el.span(brand.name, class_name="ot-strong", custom_attrs={"style": {"display": "block"}}),
            when(brand.line, rx.el.span(brand.line, class_name="ot-small ot-quiet")),
            class_name="ot-grow",
        ),
        when(brand.phone, call) if shown(brand.phone) else rx.fragment(),
        around,
        class_name="ot-portal-top",
    )
    page = rx.el.main(*children, id="page", class_name="ot-portal-main")
    return rx.el.div(
        top,
        page,
        foot,
        toasts or rx.fragment(),
        class_name="ot-portal",
        custom_attrs={} if brand.tokens is None else {"style": brand.tokens},
    )


def portal_columns(
    main: rx.Component, side: rx.Component, side_first: Flag = False, narrow: bool = False
) -> rx.Component:
    """What one reads on the left, what one does on the right. One column on phones; with `side_first` the act comes right
    after the first part of `main`, which is the page's head."""
    attrs = {"data-side-first": rx.cond(side_first, "true", "false")} | (
        {"data-narrow": "true"} if narrow else {}
    )
    return rx.el.div(rx.el.div(main), rx.el.div(side), class_name="ot-portal-columns", custom_attrs=attrs)


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
