"""The only home of the signature field."""

from typing import Any

import reflex as rx

from ontrack_app.ui.kinds import Handler, Text
from ontrack_app.ui.widgets import SignaturePad


def signature_field(
    signer: Text = "", on_change: Handler | None = None, label: str = "Your signature"
) -> rx.Component:
    """A signature, drawn or typed; in a form it submits signature_kind (drawn, typed), signature_text and signature_strokes (JSON: strokes of points)."""
    props: dict[str, Any] = {} if on_change is None else {"on_sign": on_change}
    return SignaturePad.create(signer=signer, label=label, **props)
