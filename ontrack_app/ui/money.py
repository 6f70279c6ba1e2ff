"""The only home of money shown side by side: the strip of figures and the ledger strip."""

from typing import Any

import reflex as rx

from ontrack_app.ui.kinds import Items, joined, when


def _tone(entry: Any) -> Any:
    """The class that colours a figure good, bad or not at all."""
    return joined("ot-money ot-tone-", entry.tone)


def money_strip(items: Items) -> rx.Component:
    """Up to four figures with their labels (label, value, tone)."""

    def one(item: Any) -> rx.Component:
        """One figure."""
        return rx.el.div(rx.el.dt(item.label), rx.el.dd(item.value, class_name=_tone(item)))

    return rx.el.dl(rx.foreach(items, one), class_name="ot-money-strip")


def ledger_strip(entries: Items) -> rx.Component:
    """Why the balance is what it is: each entry with what it left (when, label, amount, leaves, tone, end)."""

    def one(entry: Any) -> rx.Component:
        """One entry; the last one, `end`, is the balance."""
        return rx.el.li(
            entry.when,
            rx.el.b(entry.label, class_name="ot-cut"),
            rx.el.strong(entry.amount, class_name=_tone(entry)),
            when(entry.leaves, rx.el.span(entry.leaves)),
            custom_attrs={"data-end": entry.end},
        )

    return rx.el.ol(
        rx.foreach(entries, one), class_name="ot-ledger", aria_label="Ledger", custom_attrs={"tabIndex": "0"}
    )
