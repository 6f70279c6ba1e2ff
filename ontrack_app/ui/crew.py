"""The only home of the crew's parts: the frame of a phone, the stop on top, big buttons, rows of the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from ontrack_app.ui.crew_app import crew_app
from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Child, Flag, Handler, Text, when
from ontrack_app.ui.words import nav_link


@dataclass(frozen=True)
class CrewTab:
    """One place of the bar at the foot; `count` stands beside its icon where it is not 0."""

    key: str
    label: str
    href: str
    icon: str
    count: Any = 0


def crew_shell(
    line: Child, head: Child, *children: Child, foot: Child, over: Sequence[rx.Component] = ()
) -> rx.Component:
    """A page on a phone: the line that is never silent, a head, the page, a bar at the foot, and what lies over it."""
    page = rx.el.main(*children, id="page", class_name="ot-crew-main")
    return rx.el.div(crew_app(), line, head, page, foot, *over, class_name="ot-crew")


def crew_head(title: Text, *actions: Child, sub: Text = "", back: str = "", side: Text = "") -> rx.Component:
    """The title of a page, what is quiet beside it, and its few actions; `back` is an address."""
    lead = nav_link(back, icon("chevron-left", 20), class_name="ot-tap", aria_label="Back")
    words = rx.el.div(
        rx.el.h1(title), when(sub, rx.el.p(sub, class_name="ot-quiet ot-cut")), class_name="ot-grow"
    )
    quiet = when(side, rx.el.span(side, class_name="ot-quiet ot-crew-side"))
    attrs = {"data-back": "true"} if back else {}
    return rx.el.header(
        *([lead] if back else []), words, quiet, *actions, class_name="ot-crew-head", custom_attrs=attrs
    )


def crew_tabs(tabs: Sequence[CrewTab], active: str) -> rx.Component:
    """The places of the app, at the foot of the page."""

    def one(tab: CrewTab) -> rx.Component:
        """One place."""
        mark = rx.cond(tab.count, rx.el.span(tab.count, class_name="ot-crew-count"), rx.fragment())
        attrs = {"aria-current": "page"} if tab.key == active else {}
        return nav_link(
            tab.href, rx.el.span(icon(tab.icon, 20), mark), rx.el.span(tab.label), custom_attrs=attrs
        )

    return rx.el.nav(*(one(tab) for tab in tabs), class_name="ot-crew-tabs", aria_label="Places")


def crew_line(sign: Child, words: Child, href: str, tint: Text, quiet: Flag) -> rx.Component:
    """The line that is never silent; leads to what is not sent."""
    attrs = {"data-tint": tint, "data-quiet": rx.cond(quiet, "true", "false")}
    link = nav_link(href, sign, words, class_name="ot-crew-line", custom_attrs=attrs)
    return rx.el.div(link, role="status")


def stop(when_words: Child, badge: Child, title: Text, *children: Child) -> rx.Component:
    """The stop on top: when, its stage, where, and below it what can be done."""
    head = rx.el.div(when_words, badge, class_name="ot-row ot-stop-head")
    return rx.el.article(head, rx.el.h2(title), *children, class_name="ot-stop")


def quick(label: str, icon_name: str, href: Text, *, away: bool = False) -> rx.Component:
    """A link of the row under the address: maps, call, text. `away` opens beside the app."""
    more: dict[str, Any] = {"target": "_blank", "rel": "noreferrer"} if away else {}
    link = nav_link(href, icon(icon_name, 20), label, external=True, class_name="ot-quick", **more)
    return rx.cond(href, link, rx.fragment())


def quick_row(*links: rx.Component) -> rx.Component:
    """Up to three quick links side by side."""
    return rx.el.div(*links, class_name="ot-quick-row")


def thumbs(*buttons: rx.Component) -> rx.Component:
    """Three large buttons in the order of the day."""
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


def stop_row(time: Text, title: Text, place: Text, badge: Child, href: Text, **props: Any) -> rx.Component:
    """Another visit: when, what, where; it leads to its page."""
    words = rx.el.span(rx.el.span(title, class_name="ot-strong"), rx.el.span(place, class_name="ot-quiet"))
    return nav_link(href, rx.el.b(time), words, badge, class_name="ot-stop-row", **props)


def day_part(title: Text, *children: Child, shown_if: Flag = True, **props: Any) -> rx.Component:
    """A part of the day under a quiet head."""
    part = rx.el.section(rx.el.h2(title, class_name="ot-todo-head"), *children, **props)
    return rx.cond(shown_if, part, rx.fragment())


def crew_section(title: str, *children: Child, side: Child = "", action: Child = "") -> rx.Component:
    """A part of a visit: its name, what is quiet beside it, one small action."""
    head = rx.el.div(
        rx.el.h2(title), rx.el.span(side, class_name="ot-quiet ot-grow"), action, class_name="ot-row"
    )
    return rx.el.section(head, *children, class_name="ot-crew-section")


def crew_row(title: Child, quiet: Child, *side: Child, **props: Any) -> rx.Component:
    """A row of a visit or of one's hours: a line, a quiet line, and what stands at the right."""
    words = rx.el.div(rx.el.span(title), rx.el.span(quiet, class_name="ot-quiet"), class_name="ot-grow")
    return rx.el.li(words, *side, class_name="ot-crew-row", **props)
