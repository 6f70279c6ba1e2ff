"""The only home of the track: lead, estimate, job, visits, invoice, payment in one line."""

from typing import Any

import reflex as rx

from ontrack_app.ui.kinds import Items
from ontrack_app.ui.words import nav_link


def track(steps: Items) -> rx.Component:
    """The record's way, in the same order on every page; each step links to its document (label, value, state done/now/later, href)."""

    def one(step: Any) -> rx.Component:
        """One step."""
        inner = (rx.el.i(), rx.el.span(step.label), rx.el.b(step.value, class_name="ot-cut"))
        linked = rx.cond(step.href, nav_link(step.href, *inner), rx.el.div(*inner))
        here = rx.cond(step.state == "now", "step", "false")
        return rx.el.li(linked, custom_attrs={"data-state": step.state, "aria-current": here})

    label = "From first call to payment"
    return rx.el.ol(rx.foreach(steps, one), class_name="ot-track", aria_label=label, tab_index=0)
