"""The only home of menus that open from a button."""

from typing import Any

import reflex as rx

from ontrack_app.ui.button import icon_button
from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Text
from ontrack_app.ui.words import nav_link


def menu(*items: rx.Component, label: Text = "More", trigger: rx.Component | None = None) -> rx.Component:
    """A menu behind the … button, or behind `trigger`."""
    opener = trigger or icon_button(label, "ellipsis", kind="secondary")
    content = rx.dropdown_menu.content(*items, class_name="ot-menu", align="end", variant="soft")
    # A modal one hides the page from screen readers while the focus is still in it.
    return rx.dropdown_menu.root(rx.dropdown_menu.trigger(opener), content, modal=False)


def menu_item(
    label: Text, icon_name: str = "", danger: Any = False, href: Text = "", **props: Any
) -> rx.Component:
    """One act (`on_select=`) or one place (`href`; `external=True` for files)."""
    head = [icon(icon_name)] if icon_name else []
    external = props.pop("external", False)
    attrs = {"data-danger": danger, **props.pop("custom_attrs", {})}
    if href is not None and (isinstance(href, rx.Var) or href):
        inner = nav_link(href, *head, label, external=external)
        return rx.dropdown_menu.item(inner, custom_attrs=attrs, as_child=False, **props)
    return rx.dropdown_menu.item(*head, label, custom_attrs=attrs, **props)


def menu_line() -> rx.Component:
    """A hairline between groups of acts."""
    return rx.dropdown_menu.separator(class_name="ot-menu-line")
