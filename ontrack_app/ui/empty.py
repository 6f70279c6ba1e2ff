"""The only home of what stands where rows would stand: nothing yet, nothing found, an error, loading."""

from typing import Any

import reflex as rx

from ontrack_app.ui.button import button
from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Handler, Text, joined, shown, when
from ontrack_app.ui.words import quiet, row

_WIDTHS = (72, 48, 60, 84, 55, 66)


def empty(title: Text, text: Text, action: rx.Component | None = None) -> rx.Component:
    """Nothing here yet: what belongs here, when it appears, and one outlined button."""
    return rx.el.div(rx.el.h2(title), rx.el.p(text), action or rx.fragment(), class_name="ot-empty")


def nothing_found(words: Text, text: Text, on_clear: Handler) -> rx.Component:
    """A search or filter without a result: the words searched, what else narrows the list, a way back."""
    title = rx.cond(words, joined("Nothing matches “", words, "”"), "Nothing matches these filters")
    return rx.el.div(
        rx.el.h2(title),
        rx.el.p(text),
        button("Clear the filters", icon_name="x", on_click=on_clear),
        class_name="ot-empty",
        role="status",
    )


def error_panel(title: Text, text: Text, on_retry: Handler, reference: Text = "") -> rx.Component:
    """What happened, that nothing is lost, one button, and a reference to quote."""
    ref = when(reference, quiet(joined("Reference ", reference))) if shown(reference) else rx.fragment()
    return rx.el.div(
        rx.el.h2(icon("circle-alert"), title),
        rx.el.p(text),
        row(button("Try again", icon_name="rotate-ccw", on_click=on_retry), ref, gap=12),
        class_name="ot-empty",
        data_bad="true",
        role="alert",
    )


def skeleton_rows(count: int = 12) -> rx.Component:
    """Bars in the shape and height of the rows to come; they do not shimmer."""
    bars = [
        rx.el.div(
            *[rx.el.i(custom_attrs={"style": {"--w": f"{_WIDTHS[(line + cell) % 6]}%"}}) for cell in range(4)]
        )
        for line in range(count)
    ]
    return rx.el.div(*bars, class_name="ot-bars", role="status", aria_label="Loading")


def skeleton_record(count: int = 10) -> rx.Component:
    """Bars in the shape of a record's page to come: its head, then rows."""
    head = rx.el.div(rx.el.i(), rx.el.i(), class_name="ot-bars-head", aria_hidden="true")
    return rx.fragment(head, rx.el.div(skeleton_rows(count), class_name="ot-body"))


def by_status(status: Text, **screens: Any) -> rx.Component:
    """One of the screens by the name in `status`: full, loading, empty, nothing, error; loading draws bars unless given."""
    screens.setdefault("loading", skeleton_rows())
    cases = [(name, screen) for name, screen in screens.items() if name != "loading"]
    return rx.match(status, *cases, screens["loading"])
