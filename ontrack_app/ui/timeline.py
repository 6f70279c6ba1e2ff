"""The only home of the timeline and of the field that adds a note to it."""

from typing import Any

import reflex as rx

from ontrack_app.ui.button import button
from ontrack_app.ui.control import text_area
from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Handler, Items, when

_MARKS = {
    "note": "message-square",
    "mail": "mail",
    "call": "phone",
    "money": "banknote",
    "visit": "calendar-check",
    "file": "file-text",
    "sign": "pen-line",
    "new": "plus",
    "edit": "pencil",
}


def _mark(kind: Any) -> rx.Component:
    """The icon for a kind of event; a stage change and anything unknown get the check."""
    cases = [(name, icon(mark, 12)) for name, mark in _MARKS.items()]
    return rx.el.span(rx.match(kind, *cases, icon("circle-check", 12)), class_name="ot-timeline-mark")


def timeline(entries: Items) -> rx.Component:
    """Everything that happened, newest first (id, who, text, when, when_full, body, kind)."""

    def one(entry: Any) -> rx.Component:
        """One event; words somebody wrote stand in a quote."""
        return rx.el.li(
            _mark(entry.kind),
            rx.el.p(when(entry.who, rx.el.b(entry.who, " ")), entry.text),
            rx.el.time(entry.when, title=entry.when_full),
            when(entry.body, rx.el.blockquote(entry.body)),
            key=entry.id,
        )

    return rx.el.ul(rx.foreach(entries, one), class_name="ot-timeline")


def note_box(on_add: Handler, placeholder: str = "Write a note") -> rx.Component:
    """A field for a note: `on_add(text)`, empties itself; Ctrl Enter sends."""
    box = text_area(
        "note", placeholder=placeholder, rows=2, max_length=4000, aria_label=placeholder, required=True
    )
    return rx.el.form(
        box,
        button("Add note", size="small", type="submit"),
        on_submit=lambda data: on_add(data.to(dict[str, str])["note"]),
        reset_on_submit=True,
        class_name="ot-note-box",
    )
