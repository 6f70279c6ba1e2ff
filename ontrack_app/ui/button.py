"""The only home of buttons: one filled per page, the rest outlined or quiet."""

from typing import Any

import reflex as rx

from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Flag, Text
from ontrack_app.ui.words import nav_link


def _attrs(kind: str, size: str, wide: bool = False) -> dict[str, str]:
    """The data attributes that ui.css draws a button from."""
    attrs = {"data-kind": kind}
    if size:
        attrs["data-size"] = size
    if wide:
        attrs["data-wide"] = "true"
    return attrs


def button(label: Text, kind: str = "secondary", icon_name: str = "", **props: Any) -> rx.Component:
    """A button with words: kind primary, secondary, quiet or danger; props size, wide, loading, on_click, type, disabled."""
    attrs = _attrs(kind, props.pop("size", ""), props.pop("wide", False))
    loading: Flag = props.pop("loading", False)
    attrs.update(props.pop("custom_attrs", {}))
    props.setdefault("type", "button")
    head = [icon(icon_name)] if icon_name else []
    if loading is not False:
        head = [rx.cond(loading, icon("loader-circle"), head[0] if head else rx.fragment())]
        props["data_loading"] = loading
    return rx.el.button(*head, label, class_name="ot-button", custom_attrs=attrs, **props)


def link_button(
    label: Text, href: Text, kind: str = "secondary", icon_name: str = "", **props: Any
) -> rx.Component:
    """A link that looks like a button; `external=True` for files and server-rendered pages."""
    attrs = _attrs(kind, props.pop("size", ""), props.pop("wide", False))
    head = [icon(icon_name)] if icon_name else []
    return nav_link(href, *head, label, class_name="ot-button", custom_attrs=attrs, **props)


def icon_button(label: Text, icon_name: str, **props: Any) -> rx.Component:
    """A button with an icon alone; the label is read out and shown on hover."""
    attrs = _attrs(props.pop("kind", "quiet"), props.pop("size", "")) | {"data-only-icon": "true"}
    attrs.update(props.pop("custom_attrs", {}))
    props.setdefault("type", "button")
    return rx.el.button(
        icon(icon_name), class_name="ot-button", aria_label=label, title=label, custom_attrs=attrs, **props
    )
