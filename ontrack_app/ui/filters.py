"""The only home of what narrows a list: page header, views as tabs, filters, chips."""

from typing import Any

import reflex as rx

from ontrack_app.ui.control import options_of
from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Child, Handler, Items, Options, Text, when
from ontrack_app.ui.widgets import Choice


def page_header(title: Text, *actions: rx.Component, sub: Text = "") -> rx.Component:
    """The head of a list page: its name, what may be started here on the right."""
    return rx.el.header(
        rx.el.div(
            rx.el.h1(title), when(sub, rx.el.span(sub, class_name="ot-quiet")), class_name="ot-page-title"
        ),
        rx.el.span(class_name="ot-grow"),
        *actions,
        class_name="ot-page-header",
    )


def view_tabs(views: Items, active: Text, on_pick: Handler) -> rx.Component:
    """Views of a list (or sections of a record) as tabs, each with its live count; `on_pick(key)`."""

    def one(view: Any) -> rx.Component:
        """One tab: key, label, count."""
        attrs = {"aria-current": rx.cond(view.key == active, "true", "false")}
        count = when(view.count, rx.el.span(view.count, class_name="ot-count"))
        label, pick = view.label, on_pick(view.key)
        return rx.el.button(label, count, type="button", custom_attrs=attrs, on_click=pick)

    return rx.el.div(rx.foreach(views, one), class_name="ot-tabs", role="group", aria_label="Views")


def filter_row(*controls: Child, right: tuple[Child, ...] = ()) -> rx.Component:
    """The line under the tabs: search, filters, chips; what changes the view stands on the right."""
    return rx.el.div(
        *controls, rx.el.span(class_name="ot-grow"), *right, class_name="ot-filters", role="search"
    )


def filter_select(label: Text, options: Options, value: Text, on_change: Handler) -> rx.Component:
    """A filter with few answers; the first option has the empty value and means all."""
    choice = Choice.create(*options_of(options), value=value, on_choose=on_change)
    return rx.el.label(
        rx.el.span(label),
        choice,
        class_name="ot-filter",
        custom_attrs={"data-on": rx.cond(value, "true", "false")},
    )


def filter_chip(label: Text, value: Text, on_clear: Handler) -> rx.Component:
    """A filter that is on, in words, with a cross that takes it off; nothing while `value` is empty."""
    off = rx.el.button(icon("x", 14), type="button", aria_label="Remove this filter", on_click=on_clear)
    return when(value, rx.el.span(rx.el.span(label), rx.el.b(value), off, class_name="ot-chip"))
