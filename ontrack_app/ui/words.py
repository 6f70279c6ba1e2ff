"""The only home of small pieces of text: money, quiet words, rows, stacks, titles, links."""

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink  # type: ignore[import-untyped]

from ontrack_app.ui.kinds import Child, Text, joined, shown


def nav_link(href: Text, *children: Child, external: bool = False, **props: Any) -> rx.Component:
    """A bare link: inside the app without a page load, `external` for files and server-rendered pages."""
    if external:  # `rx.el.a` too is React Router's link, and would show its page for what is not there
        props["reload_document"] = True
    return ReactRouterLink.create(*children, to=href, **props)


def link(label: Child, href: Text, external: bool = False) -> rx.Component:
    """A link in the accent colour."""
    return nav_link(href, label, external=external, class_name="ot-link")


def text_button(label: Text, on_click: Any) -> rx.Component:
    """A button that looks like a link, for small acts beside a heading."""
    return rx.el.button(label, type="button", on_click=on_click, class_name="ot-link")


def money(text: Text, tone: Text = "") -> rx.Component:
    """An amount already formatted for its reader, in figures of one width; tone `good`, `bad` or nothing."""
    return rx.el.span(text, class_name=joined("ot-money ot-tone-", tone) if shown(tone) else "ot-money")


def quiet(text: Child) -> rx.Component:
    """Words that stand back."""
    return rx.el.span(text, class_name="ot-quiet")


def hint(text: Text, full: Text = "") -> rx.Component:
    """Words that may be cut or shortened, with the full ones (else the same) on hover."""
    return rx.el.span(text, title=full if shown(full) else text)


def prose(text: Text) -> rx.Component:
    """What somebody wrote, with its line breaks."""
    return rx.el.p(text, class_name="ot-prose")


def row(*children: Child, gap: int = 8) -> rx.Component:
    """Children side by side, `gap` pixels apart."""
    return rx.el.div(*children, class_name="ot-row", custom_attrs={"style": {"gap": f"{gap}px"}})


def stack(*children: Child, gap: int = 8) -> rx.Component:
    """Children under each other, `gap` pixels apart."""
    return rx.el.div(*children, class_name="ot-stack", custom_attrs={"style": {"gap": f"{gap}px"}})


def page_title(text: Text) -> rx.Component:
    """The one large title of a portal page."""
    return rx.el.h1(text, class_name="ot-title-page")
