"""The only home of how an icon is drawn: lucide, one stroke, three sizes."""

from typing import Any

import reflex as rx


def icon(name: str, size: int = 16, **props: Any) -> rx.Component:
    """A lucide icon by its dashed name; 16 px in the office, 20 on phones, 12 in the timeline. It says nothing to screen readers."""
    return rx.icon(
        name,
        size=size,
        stroke_width=1.75,
        class_name="ot-icon",
        custom_attrs={"aria-hidden": "true"},
        **props,
    )
