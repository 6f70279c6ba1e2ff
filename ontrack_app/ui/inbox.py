"""The only home of the inbox's parts: one thing to decide, and two values side by side to choose from."""

from collections.abc import Sequence

import reflex as rx

from ontrack_app.ui.detail import maybe_link
from ontrack_app.ui.kinds import Child, Text, when
from ontrack_app.ui.words import prose


def inbox_item(
    title: Text, href: Text, badge: rx.Component, quiet: Sequence[Child], *children: Child
) -> rx.Component:
    """One thing to decide: what it is about (its page behind it, where it has one), a badge, quiet facts, what to choose."""
    head = rx.el.div(rx.el.h2(maybe_link(title, href)), badge, class_name="ot-inbox-head")
    facts = rx.el.p(*quiet, class_name="ot-inbox-facts")
    return rx.el.article(head, facts, *children, class_name="ot-inbox-item")


def inbox_fact(label: Text, value: Text, full: Text = "") -> rx.Component:
    """One quiet fact with its label, the full words on hover; nothing at all when it is empty."""
    words = rx.el.span(rx.el.span(label, " "), rx.el.span(value), title=full, class_name="ot-inbox-fact")
    return when(value, words)


def inbox_values(*values: Child) -> rx.Component:
    """Two values side by side, under each other on a phone."""
    return rx.el.div(*values, class_name="ot-inbox-values")


def inbox_value(whose: Text, text: Text, note: Text, button: Child) -> rx.Component:
    """One of two values: whose it is, what it says, a quiet note, and the button that chooses it."""
    quiet = when(note, rx.el.span(note, class_name="ot-quiet"))
    words = rx.el.div(rx.el.span(whose, class_name="ot-label"), prose(text), quiet)
    return rx.el.div(words, button, class_name="ot-inbox-value")
