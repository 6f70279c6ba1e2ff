"""The only home of the office's frame: rail, phone bars, skip link."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import reflex as rx

from ontrack_app.ui.badge import avatar
from ontrack_app.ui.frame import FOOT, Frame, NavEntry, person_menu, pop, tenant_button, tenant_menu
from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Child, Text, shown, when
from ontrack_app.ui.words import nav_link

_PHONE_PLACES = 4


def _here(entry: NavEntry, active: Text) -> Any:
    """The aria-current of a place."""
    if isinstance(active, rx.Var):
        return rx.cond(active == entry.key, "page", "false")
    return "page" if active == entry.key else "false"


def _place(entry: NavEntry, active: Text, **props: Any) -> rx.Component:
    """A link to a place, with its icon and count."""
    count = (
        when(entry.count, rx.el.span(entry.count, class_name="ot-count"))
        if shown(entry.count)
        else rx.fragment()
    )
    attrs = {"aria-current": _here(entry, active)}
    place = nav_link(
        entry.href, icon(entry.icon), rx.el.span(entry.label), count, custom_attrs=attrs, **props
    )
    return rx.cond(entry.shown, place) if isinstance(entry.shown, rx.Var) else place


def _rail(frame: Frame, nav: Sequence[NavEntry], active: Text) -> rx.Component:
    """The side of a desk."""
    groups = [
        rx.el.div(
            *[_place(entry, active) for entry in entries],
            class_name="ot-nav ot-nav-foot" if group == FOOT else "ot-nav",
        )
        for group, entries in groupby(nav, key=lambda entry: entry.group)
    ]
    search = (
        nav_link(frame.search_href, icon("search"), "Search", class_name="ot-rail-search")
        if frame.search_href
        else rx.fragment()
    )
    who = rx.el.button(
        avatar(frame.person_initials),
        rx.el.span(frame.person_name, class_name="ot-grow ot-cut"),
        rx.el.span(frame.person_role, class_name="ot-small ot-quiet"),
        type="button",
        class_name="ot-who",
        custom_attrs={"popoverTarget": "person-menu"},
    )
    places = rx.el.nav(*groups, aria_label="Main")
    return rx.el.div(tenant_button(frame), search, places, who, class_name="ot-rail")


def _phone_top(frame: Frame) -> rx.Component:
    """The top bar of a phone."""
    search = (
        nav_link(frame.search_href, icon("search", 20), class_name="ot-tap", aria_label="Search")
        if frame.search_href
        else rx.fragment()
    )
    person = rx.el.button(
        avatar(frame.person_initials),
        type="button",
        class_name="ot-tap",
        aria_label="You",
        custom_attrs={"popoverTarget": "person-menu"},
    )
    return rx.el.div(tenant_button(frame, phone=True), search, person, class_name="ot-top")


def _phone_bar(nav: Sequence[NavEntry], active: Text) -> rx.Component:
    """The bottom bar of a phone: four places and the rest under More."""
    front = [entry for entry in nav if entry.phone][:_PHONE_PLACES]
    rest = [entry for entry in nav if entry not in front]
    more = rx.el.button(icon("menu", 20), "More", type="button", custom_attrs={"popoverTarget": "more-menu"})
    links = [_place(entry, active, class_name="ot-pop-item") for entry in rest]
    bar = rx.el.nav(
        *[
            nav_link(
                entry.href,
                icon(entry.icon, 20),
                entry.label,
                custom_attrs={"aria-current": _here(entry, active)},
            )
            for entry in front
        ],
        more,
        class_name="ot-tabbar",
        aria_label="Main, short",
    )
    return rx.fragment(bar, pop("more-menu", *links))


def office_shell(
    *children: Child, active: Text, frame: Frame, nav: Sequence[NavEntry], toasts: rx.Component | None = None
) -> rx.Component:
    """A page of the office: rail on desks, bars on phones, the page between; `active` is the key of the place in `nav`."""
    return rx.el.div(
        rx.el.a("Skip to the page", href="#page", class_name="ot-skip"),
        _rail(frame, nav, active),
        _phone_top(frame),
        rx.el.main(*children, id="page", class_name="ot-main"),
        _phone_bar(nav, active),
        tenant_menu(frame),
        person_menu(frame),
        toasts or rx.fragment(),
        class_name="ot-office",
    )
