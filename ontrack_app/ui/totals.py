"""The only home of totals: what the lines add up to, tax rows with what they were worked out on."""

from typing import Any

import reflex as rx

from ontrack_app.ui.kinds import Items, Text, when


def totals(rows: Items, label: Text, total: Text) -> rx.Component:
    """Rows of (label, note, amount) over a rule and the total; the currency is named once, in the label or the total."""

    def one(entry: Any) -> rx.Component:
        """One row; the note says what a tax was worked out on."""
        name = rx.el.dt(entry.label, when(entry.note, rx.el.small(" ", entry.note)))
        return rx.el.div(name, rx.el.dd(entry.amount))

    foot = rx.el.div(rx.el.dt(label), rx.el.dd(total), class_name="ot-total")
    listed = rx.foreach(rows, one) if isinstance(rows, rx.Var) or rows else rx.fragment()
    return rx.el.dl(listed, foot, class_name="ot-totals", aria_live="polite")
