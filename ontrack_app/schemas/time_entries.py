"""Hours as they cross a door."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from ontrack_app.schemas.common import Body, Card, MoneyBody, Trail
from ontrack_app.schemas.crew_work import TimeKind

Reason = Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^[^\x00]*$")]


class TimeEntryBody(Body):
    """Hours that the office writes down; `corrects_id` names the entry that they stand for, where there is one."""

    member_id: UUID
    visit_id: UUID | None = None
    kind: TimeKind = "work"
    started_at: AwareDatetime
    ended_at: AwareDatetime
    corrects_id: UUID | None = None
    reason: Reason


class TimeEntryCard(Trail):
    """Hours as the API shows them. Those that do not `stand` were corrected by later ones and count nowhere. `cost_rate` is
    what an hour cost when they were approved; only those who may approve are told."""

    id: UUID
    member_id: UUID
    visit_id: UUID | None
    kind: str
    started_at: AwareDatetime
    ended_at: AwareDatetime | None
    skewed: bool
    corrects_id: UUID | None
    stands: bool
    reason: str
    stage: str
    approved_at: AwareDatetime | None
    approved_by: UUID | None
    locked_at: AwareDatetime | None
    cost_rate: MoneyBody | None


class WeekDecision(Card):
    """What became of a move on a whole week: how many entries it was made on, and how many it was not, by reason."""

    done: int = 0
    refused: dict[str, int] = Field(default_factory=dict)
