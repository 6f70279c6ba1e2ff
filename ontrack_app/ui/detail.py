"""The only home of a record's page: header, columns, sections, facts, the track."""

from typing import Any

import reflex as rx

from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Child, Items, Text, shown, when
from ontrack_app.ui.words import link, nav_link


def detail_header(
    title: Text,
    crumb: tuple[Text, Text, Text],
    badges: list[rx.Component],
    quiet: Text = "",
    actions: list[rx.Component] | None = None,
) -> rx.Component:
    """A record's head: crumb (list label, list link, number), title, stage and facts, one quiet line, actions on the right."""
    back, href, here = crumb
    trail = rx.el.nav(
        nav_link(href, back),
        icon("chevron-right", 14),
        rx.el.span(here, aria_current="page"),
        class_name="ot-crumb",
        aria_label="Where this is",
    )
    return rx.el.header(
        trail,
        rx.el.div(rx.el.h1(title), *badges, class_name="ot-heading"),
        rx.el.p(quiet, class_name="ot-detail-quiet"),
        rx.el.div(*(actions or []), class_name="ot-detail-actions"),
        class_name="ot-detail-header",
    )


def two_columns(main: rx.Component, aside: rx.Component) -> rx.Component:
    """A record's body: what it is on the left, what happened on the right."""
    return rx.el.div(main, rx.el.aside(aside, class_name="ot-aside"), class_name="ot-columns")


def body(*children: Child) -> rx.Component:
    """A page body of one column within the page's gutters."""
    return rx.el.div(*children, class_name="ot-body")


def section(
    title: Text, *children: Child, note: Text = "", action: rx.Component | None = None
) -> rx.Component:
    """A heading, a quiet word behind it, one act on the right, and what it is about."""
    head = rx.el.div(
        rx.el.h2(title), when(note, rx.el.span(note, class_name="ot-quiet")), rx.el.span(action, class_name="ot-section-act") if action else rx.fragment(),
        class_name="ot-section-head",
    )  # fmt: skip
    return rx.el.section(head, *children, class_name="ot-section")


def facts(*pairs: tuple[Text, Child]) -> rx.Component:
    """What is known, as label and value in two columns; an empty value reads "Not set"."""
    rows = [rx.el.div(rx.el.dt(label), rx.el.dd(value)) for label, value in pairs]
    return rx.el.dl(*rows, class_name="ot-facts")


def facts_from(items: Items, *pairs: tuple[Text, Child]) -> rx.Component:
    """The same from a list of objects with label, value and href (empty: no link); `pairs` stand before them."""

    def one(item: Any) -> rx.Component:
        """One fact."""
        value = rx.cond(item.href, link(item.value, item.href), item.value)
        return rx.el.div(rx.el.dt(item.label), rx.el.dd(value))

    first = [rx.el.div(rx.el.dt(label), rx.el.dd(value)) for label, value in pairs]
    return rx.el.dl(*first, rx.foreach(items, one), class_name="ot-facts")


def maybe_link(label: Text, href: Text) -> rx.Component:
    """A link while there is somewhere to go, plain words otherwise."""
    if not shown(href):
        return rx.el.span(label)
    return rx.cond(href, link(label, href), rx.el.span(label))
