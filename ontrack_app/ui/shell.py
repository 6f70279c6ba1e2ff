"""The only home of the office's frame: rail, phone bars, tenant switch, sign-out, skip link."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import reflex as rx

from ontrack_app.ui.badge import avatar
from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Child, Items, Text, shown, when
from ontrack_app.ui.native import hidden, native_form
from ontrack_app.ui.words import nav_link

_PHONE_PLACES = 4


@dataclass(frozen=True)
class NavEntry:
    """One place in the rail; `group` puts air between groups, `phone` puts it in the phone's bar."""

    key: str
    label: str
    href: str
    icon: str
    group: int = 0
    count: Text = ""
    phone: bool = False


@dataclass(frozen=True)
class Frame:
    """Who is working for whom: texts or Vars; tenants (id, name, mark, current) are those the person may switch to."""

    tenant_name: Text
    tenant_place: Text
    tenant_mark: Text
    person_name: Text
    person_initials: Text
    person_role: Text
    tenants: Items
    form_token: Text
    search_href: str = ""
    sign_out_to: str = "/auth/sign-out"
    switch_to: str = "/auth/switch"


def _tenant_button(frame: Frame, phone: bool = False) -> rx.Component:
    """Mark and name of the tenant; opens the switch."""
    names = rx.el.span(
        rx.el.span(frame.tenant_name, class_name="ot-strong ot-cut", custom_attrs={"style": {"display": "block"}}),
        when(frame.tenant_place, rx.el.span(frame.tenant_place, class_name="ot-small ot-quiet ot-cut")),
        class_name="ot-grow",
    )
    return rx.el.button(
        rx.el.span(frame.tenant_mark, class_name="ot-mark", aria_hidden="true"),
        names,
        rx.fragment() if phone else icon("chevron-down"),
        type="button",
        class_name="ot-tenant",
        custom_attrs={"popoverTarget": "tenant-menu"},
    )


def _pop(name: str, *children: Child) -> rx.Component:
    """A menu that the browser itself opens and closes; it may hold real forms."""
    return rx.el.div(*children, id=name, class_name="ot-pop", custom_attrs={"popover": "auto"})


def _tenant_menu(frame: Frame) -> rx.Component:
    """The companies one may work for; choosing one is a real POST."""

    def one(tenant: Any) -> rx.Component:
        """One company."""
        mark = rx.el.span(tenant.mark, class_name="ot-mark", aria_hidden="true")
        here = rx.cond(tenant.current, icon("check"), rx.fragment())
        go = rx.el.button(
            mark,
            rx.el.span(tenant.name, class_name="ot-grow ot-cut"),
            here,
            type="submit",
            class_name="ot-pop-item",
            custom_attrs={"aria-current": rx.cond(tenant.current, "true", "false")},
        )
        return native_form(frame.switch_to, hidden("tenant", tenant.id), go, token=frame.form_token, key=tenant.id)

    return _pop("tenant-menu", rx.el.div("Work for", class_name="ot-pop-head"), rx.foreach(frame.tenants, one))


def _person_menu(frame: Frame) -> rx.Component:
    """Who is signed in, and the way out."""
    out = rx.el.button(icon("log-out"), "Sign out", type="submit", class_name="ot-pop-item")
    head = rx.el.div(frame.person_name, " · ", frame.person_role, class_name="ot-pop-head")
    return _pop("person-menu", head, native_form(frame.sign_out_to, out, token=frame.form_token))


def _here(entry: NavEntry, active: Text) -> Any:
    """The aria-current of a place."""
    if isinstance(active, rx.Var):
        return rx.cond(active == entry.key, "page", "false")
    return "page" if active == entry.key else "false"


def _place(entry: NavEntry, active: Text, **props: Any) -> rx.Component:
    """A link to a place, with its icon and count."""
    count = when(entry.count, rx.el.span(entry.count, class_name="ot-count")) if shown(entry.count) else rx.fragment()
    attrs = {"aria-current": _here(entry, active)}
    return nav_link(entry.href, icon(entry.icon), rx.el.span(entry.label), count, custom_attrs=attrs, **props)


def _rail(frame: Frame, nav: Sequence[NavEntry], active: Text) -> rx.Component:
    """The side of a desk."""
    groups = [
        rx.el.div(*[_place(entry, active) for entry in entries], class_name="ot-nav")
        for _, entries in groupby(nav, key=lambda entry: entry.group)
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
    return rx.el.div(_tenant_button(frame), search, places, who, class_name="ot-rail")


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
    return rx.el.div(_tenant_button(frame, phone=True), search, person, class_name="ot-top")


def _phone_bar(nav: Sequence[NavEntry], active: Text) -> rx.Component:
    """The bottom bar of a phone: four places and the rest under More."""
    front = [entry for entry in nav if entry.phone][:_PHONE_PLACES]
    rest = [entry for entry in nav if entry not in front]
    more = rx.el.button(icon("menu", 20), "More", type="button", custom_attrs={"popoverTarget": "more-menu"})
    links = [_place(entry, active, class_name="ot-pop-item") for entry in rest]
    bar = rx.el.nav(
        *[
            nav_link(
                entry.href, icon(entry.icon, 20), entry.label, custom_attrs={"aria-current": _here(entry, active)}
            )
            for entry in front
        ],
        more,
        class_name="ot-tabbar",
        aria_label="Main, short",
    )
    return rx.fragment(bar, _pop("more-menu", *links))


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
        _tenant_menu(frame),
        _person_menu(frame),
        toasts or rx.fragment(),
        class_name="ot-office",
    )
