"""The only home of badges, avatars and notes: words with a tint."""

import reflex as rx

from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Child, Text, shown, when


def stage_badge(word: Text, tint: Text) -> rx.Component:
    """A stored stage: filled. The tint is one of idle, planned, moving, waiting, good, bad."""
    return rx.el.span(word, class_name="ot-badge", data_tint=tint)


def fact_badge(word: Text, tint: Text = "") -> rx.Component:
    """A computed fact (partly paid, no date): outlined, nothing at all when the word is empty."""
    return when(word, rx.el.span(word, class_name="ot-badge ot-fact", data_tint=tint))


def tag(text: Text) -> rx.Component:
    """A short label somebody gave."""
    return rx.el.span(text, class_name="ot-tag")


def avatar(initials: Text, name: Text = "") -> rx.Component:
    """A person's initials in a circle, with the name on hover and read out; empty text draws a hollow one: nobody."""
    drawn = initials if isinstance(initials, str) else rx.cond(initials, initials, icon("user-plus", 12))
    if not shown(name):
        return rx.el.span(drawn, class_name="ot-avatar", aria_hidden="true")
    return rx.el.span(drawn, class_name="ot-avatar", role="img", title=name, aria_label=name)


def note(text: Child, tint: Text = "idle", icon_name: str = "info") -> rx.Component:
    """A band that says something about the page it stands on."""
    return rx.el.div(icon(icon_name), rx.el.div(text), class_name="ot-note", data_tint=tint, role="note")
