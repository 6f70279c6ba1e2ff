"""Steps of a visit and checklists to copy, as they cross a door."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from models.checklist_templates import MOST_STEPS
from ontrack_app.schemas.common import Body, Card, MoveBody, Paragraph, Trail
from ontrack_app.schemas.crew_work import StepKind, Title


class ItemPatch(Body):
    """Changes to a step that nobody has answered; what is left out stays. `position` is its place among the visit's steps,
    from 1."""

    label: Title | None = None
    kind: StepKind | None = None
    required: Annotated[bool, Field(strict=True)] | None = None
    position: Annotated[int, Field(strict=True, ge=1, le=10_000)] | None = None


class ItemMoveBody(MoveBody):
    """An answer to a step: `value` is the text or number, or the id of the photo or signature."""

    value: Paragraph = ""


class ItemCard(Trail):
    """A step as the API shows it, with the last answer to it."""

    id: UUID
    visit_id: UUID
    kind: str
    label: str
    required: bool
    position: int
    stage: str
    value: str
    answered_at: AwareDatetime | None


class StepBody(Body):
    """One step of a checklist."""

    label: Title
    kind: StepKind = "check"
    required: Annotated[bool, Field(strict=True)] = False


Steps = Annotated[list[StepBody], Field(max_length=MOST_STEPS)]


class TemplateBody(Body):
    """A new checklist: its name, and its steps in order."""

    name: Title
    steps: Steps = Field(default_factory=list)


class TemplatePatch(Body):
    """Changes to a checklist; `steps` are replaced as a whole. Visits that have a copy keep it."""

    name: Title | None = None
    steps: Steps | None = None


class StepCard(Card):
    """One step of a checklist as the API shows it."""

    label: str
    kind: str
    required: bool


class TemplateCard(Trail):
    """A checklist as the API shows it."""

    id: UUID
    name: str
    steps: list[StepCard]
