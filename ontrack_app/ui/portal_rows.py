"""The only home of the portal's rows: what waits for an answer, what goes on, what was spent; and what can be folded."""

import reflex as rx

from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Child, Text, when
from ontrack_app.ui.words import nav_link


def ask_row(title: Text, quiet: Text, badge: rx.Component, amount: Text, act: rx.Component) -> rx.Component:
    """Something that waits for the reader: what it is, how much, until when, and the button that opens it."""
    return rx.el.li(
        rx.el.span(rx.el.b(title), rx.el.span(quiet, class_name="ot-quiet"), class_name="ot-ask-words"),
        badge,
        rx.el.span(amount, class_name="ot-money ot-strong"),
        act,
        class_name="ot-ask",
    )


def happen_row(title: Text, place: Text, when_words: Text, badge: rx.Component) -> rx.Component:
    """Something that goes on: what, where, when, and how it stands."""
    return rx.el.li(
        rx.el.b(title),
        rx.el.span(place, class_name="ot-quiet"),
        rx.el.span(when_words),
        badge,
        class_name="ot-happen",
    )


def document_row(href: Text, title: Text, quiet: Text, badge: rx.Component, amount: Text) -> rx.Component:
    """A document that is dealt with; the whole row opens it."""
    link = nav_link(
        href,
        rx.el.span(rx.el.b(title), rx.el.span(quiet, class_name="ot-quiet"), class_name="ot-ask-words"),
        badge,
        rx.el.span(amount, class_name="ot-money"),
        icon("chevron-right"),
        class_name="ot-document",
    )
    return rx.el.li(link)


def share_row(label: Text, quiet: Text, amount: Text, share: Text) -> rx.Component:
    """A figure with its share of the largest one as a bar; `share` is a CSS width."""
    bar = rx.el.i(
        rx.el.i(custom_attrs={"style": {"width": share}}), class_name="ot-share-bar", aria_hidden="true"
    )
    words = rx.el.span(rx.el.b(label), when(quiet, rx.el.span(quiet, class_name="ot-small ot-quiet")))
    return rx.el.li(words, rx.el.span(rx.el.span(amount, class_name="ot-money"), bar), class_name="ot-share")


def rows(*children: Child) -> rx.Component:
    """Rows of a panel under each other, with hairlines."""
    return rx.el.ul(*children, class_name="ot-rows")


def fold(summary: Child, *children: Child, side: Text = "", phone_only: bool = False) -> rx.Component:
    """Something long behind one line, opened by the browser itself; `side` stands at the right of the line."""
    head = rx.el.summary(
        rx.el.span(summary, class_name="ot-grow"),
        when(side, rx.el.b(side, class_name="ot-money")),
        icon("chevron-down"),
    )
    return rx.el.details(head, *children, class_name="ot-fold ot-phone" if phone_only else "ot-fold")


def big_sum(label: Text, amount: Text) -> rx.Component:
    """The one figure of a page."""
    return rx.el.p(rx.el.span(label, class_name="ot-quiet"), rx.el.strong(amount), class_name="ot-big-sum")
