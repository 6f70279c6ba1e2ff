"""The only home of questions before an act on one of many rows: one dialog, which names the thing, the effect and a reason."""

from typing import Any

import reflex as rx
from pydantic import BaseModel

from ontrack_app.errors import Invalid
from state.guarding import guarded


class Question(BaseModel):
    """What is about to be done to what; `about` is the row, `name` the move."""

    about: str = ""
    name: str = ""
    title: str = ""
    text: str = ""
    verb: str = ""
    danger: bool = False
    needs_reason: bool = False


class AskingState(rx.State, mixin=True):
    """What a page with such acts remembers. A move that asks goes through `_asks` first, and happens when `answer` comes."""

    question: Question = Question()
    asking: bool = False
    question_error: str = ""

    def _asks(self, about: str, move: Any) -> bool:
        """Whether the move asks first; the question is open then."""
        if not (move.needs_reason or move.danger or move.confirm_title):
            return False
        self.question = Question(
            about=about, name=move.name, title=move.confirm_title or move.label, text=move.confirm_text, verb=move.label,
            danger=move.danger, needs_reason=move.needs_reason,
        )  # fmt: skip
        self.asking, self.question_error = True, ""
        return True

    def _asked(self, error: Invalid | None = None) -> None:
        """The answer was taken, or refused in words that stand at the reason."""
        self.asking, self.question_error = error is not None, str(error) if error else ""

    @rx.event
    @guarded.any_member
    async def close_question(self, is_open: bool) -> None:
        """Leave it as it is."""
        if not is_open:
            self.asking = False
