"""The only home of the rows on the home page: a count that opens what it counted."""

import reflex as rx

from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Child, Flag, Text
from ontrack_app.ui.words import nav_link


def todo_row(count: Text, title: Text, href: Text, more: Text = "", **side: Text | Flag) -> rx.Component:
    """A count, what was counted, and the link to exactly those; keywords sum, age, hot (somebody is already let down)."""
    return nav_link(
        href,
        rx.el.b(count),
        rx.el.span(
            rx.el.span(title, class_name="ot-strong"),
            " ",
            rx.el.span(more, class_name="ot-quiet"),
            class_name="ot-cut",
        ),
        rx.el.span(side.get("sum", ""), class_name="ot-money"),
        rx.el.span(side.get("age", "")),
        icon("chevron-right"),
        class_name="ot-todo",
        custom_attrs={"data-hot": rx.cond(side.get("hot", False), "true", "false")},
    )


def todo_group(title: Text, *rows: Child) -> rx.Component:
    """Counts that belong together under a quiet head."""
    return rx.el.section(rx.el.h2(title, class_name="ot-todo-head"), *rows)


def side_row(name: Text, more: Text, line: Text, badge: rx.Component, href: Text) -> rx.Component:
    """A small row of two lines with a badge, a link as a whole: who and what over where."""
    title = rx.el.span(rx.el.b(name), " ", rx.el.span(more, class_name="ot-quiet"), class_name="ot-cut")
    place = rx.el.span(line, class_name="ot-small ot-cut")
    return nav_link(href, rx.el.span(title, place, class_name="ot-grow"), badge, class_name="ot-side-row")


def home_columns(main: rx.Component, side: rx.Component) -> rx.Component:
    """The home page's two columns; the side one follows below on phones."""
    return rx.el.div(main, rx.el.aside(side), class_name="ot-home")
