"""Tasks as they cross a door."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime

from ontrack_app.schemas.common import Body, Day, Trail
from ontrack_app.schemas.crew_work import Words


class TaskBody(Body):
    """A new to-do on a visit."""

    visit_id: UUID
    kind: Literal["follow_up", "extra_work", "reschedule", "failed_check"] = "follow_up"
    text: Words
    due_on: Day | None = None


class TaskPatch(Body):
    """Changes to a to-do; what is left out stays, null takes the due date off."""

    text: Words | None = None
    due_on: Day | None = None


class TaskCard(Trail):
    """A to-do as the API shows it. `wanted` holds the times that a crew asks for, and the id of a photo."""

    id: UUID
    visit_id: UUID
    member_id: UUID | None
    kind: str
    text: str
    due_on: date | None
    wanted: dict[str, Any] | None
    stage: str
    finished_at: AwareDatetime | None
