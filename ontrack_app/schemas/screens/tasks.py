"""Tasks on screens."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.common import MoveCard
from ontrack_app.schemas.screens.common import Badge


class TaskRow(BaseModel):
    """One to-do: what is asked for, by whom, on which visit, and what comes next."""

    id: str
    kind: str
    text: str
    who: str = ""
    visit: str = ""
    visit_href: str = ""
    asked: str = ""
    asked_full: str = ""
    due: str = ""
    late: bool = False
    wanted: str = ""
    photo: str = ""
    photo_href: str = ""
    stage: Badge = Field(default_factory=Badge)
    moves: list[MoveCard] = Field(default_factory=list)
    plan: str = ""
    can_change: bool = False


class TaskForm(BaseModel):
    """A to-do as it is typed."""

    id: str = ""
    visit_id: str = ""
    version: int = 0
    heading: str = ""
    verb: str = ""
    text: str = ""
    due_on: str = ""
