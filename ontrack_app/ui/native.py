"""The only home of real forms: posted by the browser, not by the websocket (sign-out, tenant switch)."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML  # type: ignore[import-untyped]

from ontrack_app.ui.kinds import Child, Text


class NativeForm(BaseHTML):  # type: ignore[misc]
    """A form element whose submit the browser itself carries out."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str]
    enc_type: rx.Var[str]


def hidden(name: str, value: Text) -> rx.Component:
    """A value that travels with a native form."""
    return rx.el.input(type="hidden", name=name, value=value, read_only=True)


def native_form(action: Text, *children: Child, token: Text, **props: Any) -> rx.Component:
    """A POST to `action` with the session's form token as `form_token`."""
    return NativeForm.create(hidden("form_token", token), *children, action=action, method="post", **props)
