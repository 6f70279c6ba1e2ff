"""The only home of who is working for whom: the tenant switch and the way out, as real POSTs in menus of the browser's own."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Child, Flag, Items, Text, when
from ontrack_app.ui.native import hidden, native_form
from ontrack_app.ui.words import nav_link

FOOT = 9


@dataclass(frozen=True)
class NavEntry:
    """One place in the rail; `group` puts air between groups (FOOT: at its foot), `phone` puts it in the phone's bar."""

    key: str
    label: str
    href: Text
    icon: str
    group: int = 0
    count: Text = ""
    phone: bool = False
    shown: Flag = True


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
    account_at: str = "/auth/account"


def tenant_button(frame: Frame, phone: bool = False) -> rx.Component:
    """Mark and name of the tenant; opens the switch."""
    names = rx.el.span(
        rx.el.span(
            frame.tenant_name, class_name="ot-strong ot-cut", custom_attrs={"style": {"display": "block"}}
        ),
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


def pop(name: str, *children: Child) -> rx.Component:
    """A menu that the browser itself opens and closes; it may hold real forms."""
    return rx.el.div(*children, id=name, class_name="ot-pop", custom_attrs={"popover": "auto"})


def tenant_menu(frame: Frame) -> rx.Component:
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
        return native_form(
            frame.switch_to, hidden("tenant", tenant.id), go, token=frame.form_token, key=tenant.id
        )

    return pop("tenant-menu", rx.el.div("Work for", class_name="ot-pop-head"), rx.foreach(frame.tenants, one))


def person_menu(frame: Frame) -> rx.Component:
    """Who is signed in, their own page, and the way out."""
    account = nav_link(
        frame.account_at, icon("user"), "Your account", external=True, class_name="ot-pop-item"
    )
    out = rx.el.button(icon("log-out"), "Sign out", type="submit", class_name="ot-pop-item")
    head = rx.el.div(frame.person_name, " · ", frame.person_role, class_name="ot-pop-head")
    return pop("person-menu", head, account, native_form(frame.sign_out_to, out, token=frame.form_token))
