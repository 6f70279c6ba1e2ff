"""The only home of the dialog that asks before an act on one of many rows."""

from typing import Any

import reflex as rx

from ontrack_app import ui


def question_dialog(state: Any) -> rx.Component:
    """The dialog of a page whose State is an `AskingState` with `answer(data)`."""
    asked = state.question
    reason = ui.field(
        "Reason, kept in the record",
        ui.text_area("reason", required=True, rows=2, max_length=1000),
        error=state.question_error,
    )
    verb = rx.cond(
        asked.danger,
        ui.button(asked.verb, "danger", type="submit"),
        ui.button(asked.verb, "primary", type="submit"),
    )
    keep = ui.button("Keep it as it is", on_click=state.close_question(False))
    form = ui.form(
        rx.cond(asked.needs_reason, reason, ui.hidden("reason", "")),
        ui.dialog_actions(keep, verb),
        on_submit=state.answer,
    )
    return ui.dialog(
        asked.title, form, open=state.asking, on_open_change=state.close_question, text=asked.text
    )
