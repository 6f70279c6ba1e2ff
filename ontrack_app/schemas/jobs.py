"""Jobs and visits as they cross a door."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from ontrack_app.schemas.common import Body, Code, Line, Moment, MoveBody, Paragraph, Trail
from ontrack_app.schemas.leads import Name

Assignees = Annotated[list[UUID], Field(max_length=50)]


class JobBody(Body):
    """A job without an estimate."""

    client_id: UUID
    property_id: UUID | None = None
    title: Name
    instructions: Paragraph = ""
    po_number: Code = ""


class JobPatch(Body):
    """Changes to a job; what is left out stays."""

    title: Name | None = None
    instructions: Paragraph | None = None
    po_number: Code | None = None


class JobCard(Trail):
    """A job as the API shows it. It carries no price: crews read it."""

    id: UUID
    number: str
    title: str
    stage: str
    client_id: UUID
    property_id: UUID | None
    instructions: str
    po_number: str
    completed_at: AwareDatetime | None


class VisitBody(Body):
    """A new visit; scheduled at once when times are given, with a copy of a checklist's steps where one is named."""

    job_id: UUID
    title: Line = ""
    planned_start: Moment | None = None
    planned_end: Moment | None = None
    assignee_ids: Assignees = Field(default_factory=list)
    instructions: Paragraph = ""
    checklist_template_id: UUID | None = None


class VisitPatch(Body):
    """Changes to a visit; times change by `reschedule`."""

    title: Line | None = None
    instructions: Paragraph | None = None
    assignee_ids: Assignees | None = None


class VisitMoveBody(MoveBody):
    """What a visit's move may carry: times to schedule or reschedule."""

    planned_start: Moment | None = None
    planned_end: Moment | None = None
    assignee_ids: Assignees | None = None


class VisitCard(Trail):
    """A visit as the API shows it. `overlaps` counts other open visits of the same people at the same time."""

    id: UUID
    job_id: UUID
    title: str
    stage: str
    planned_start: AwareDatetime | None
    planned_end: AwareDatetime | None
    departed_at: AwareDatetime | None
    actual_start: AwareDatetime | None
    actual_end: AwareDatetime | None
    assignee_ids: list[UUID]
    instructions: str
    overlaps: int
