"""The only home of what a page says while its server does not answer. Crew pages have a line of their own, and work on."""

import reflex as rx
from reflex_components_core.core.banner import has_too_many_connection_errors  # type: ignore[import-untyped]

from ontrack_app.ui.icons import icon


def connection_line() -> rx.Component:
    """Shown on every page of the office and the portal after two tries without an answer, until one comes."""
    words = "No answer from OnTrack. Trying again by itself; this page stays as it is."
    line = rx.el.div(icon("wifi-off"), rx.el.span(words), class_name="ot-connection", role="status")
    return rx.cond(has_too_many_connection_errors, line)
