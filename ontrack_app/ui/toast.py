"""The only home of toasts: drawn from state, gone by themselves, never sent as script."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML  # type: ignore[import-untyped]

from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Handler, Items, when
from ontrack_app.ui.words import link


class FadingItem(BaseHTML):  # type: ignore[misc]
    """A list item that tells when its one CSS animation has ended."""

    tag = "li"

    on_animation_end: rx.EventHandler[rx.event.no_args_event_spec]  # type: ignore[type-arg, valid-type]


def toasts(items: Items, on_dismiss: Handler) -> rx.Component:
    """What was just done (id, text, tint, action_label, href); each fades after 6 s (not under the pointer) and calls `on_dismiss(id)`."""

    def way(item: Any) -> rx.Component:
        """What there is to do next; pages below /auth/ come from the server, not from the front end."""
        inside, outside = (
            link(item.action_label, item.href),
            link(item.action_label, item.href, external=True),
        )
        return rx.cond(item.href.to(str).startswith("/auth/"), outside, inside)

    def one(item: Any) -> rx.Component:
        """One toast."""
        sign = rx.match(
            item.tint,
            ("bad", icon("circle-alert")),
            ("waiting", icon("triangle-alert")),
            icon("circle-check"),
        )
        return FadingItem.create(
            rx.el.span(sign, custom_attrs={"data-tint": item.tint}),
            rx.el.span(item.text),
            when(item.href, way(item)),
            rx.el.button(icon("x"), type="button", aria_label="Dismiss", on_click=on_dismiss(item.id)),
            class_name="ot-toast",
            on_animation_end=on_dismiss(item.id),
            key=item.id,
        )

    return rx.el.div(
        rx.el.ul(rx.foreach(items, one)), class_name="ot-toasts", role="status", aria_live="polite"
    )
