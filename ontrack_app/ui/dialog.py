"""The only home of dialogs: a form over the page, and the question before what cannot be undone."""

from typing import Any

import reflex as rx

from ontrack_app.ui.button import button
from ontrack_app.ui.kinds import Child, Flag, Handler, Text


def dialog_actions(*buttons: rx.Component) -> rx.Component:
    """The foot of a dialog, the act on the right."""
    return rx.el.div(*buttons, class_name="ot-dialog-actions")


def dialog(title: Text, *children: Child, open: Flag, on_open_change: Handler, **props: Any) -> rx.Component:  # noqa: A002
    """Something to fill in over the page; `text` under the title, `wide=True` for two columns, `tokens` a brand's; Esc closes by `on_open_change(False)`."""
    wide: dict[str, Any] = {"data-wide": "true"} if props.pop("wide", False) else {}
    if "tokens" in props:  # a dialog stands beside the portal in the page, so it does not inherit the brand
        wide["style"] = props.pop("tokens")
    words = rx.dialog.description(props.pop("text", ""), class_name="ot-dialog-text")
    content = rx.dialog.content(
        rx.dialog.title(title), words, *children, class_name="ot-dialog", custom_attrs=wide, **props
    )
    return rx.dialog.root(content, open=open, on_open_change=on_open_change)


def confirm(title: Text, text: Text, verb: Text, on_confirm: Handler, trigger: rx.Component) -> rx.Component:
    """The question before what cannot be undone: names the thing in `title`, the effect in `text`; the red verb does it."""
    keep = rx.alert_dialog.cancel(button("Keep it"))
    act = rx.alert_dialog.action(button(verb, "danger", on_click=on_confirm))
    content = rx.alert_dialog.content(
        rx.alert_dialog.title(title),
        rx.alert_dialog.description(text, class_name="ot-dialog-text"),
        dialog_actions(keep, act),
        class_name="ot-dialog",
    )
    return rx.alert_dialog.root(rx.alert_dialog.trigger(trigger), content)
