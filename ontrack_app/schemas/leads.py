"""Leads as they cross a door."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from ontrack_app.schemas.common import Address, Body, Code, Email, Line, MoneyBody, MoveBody, Trail

Urgency = Literal["low", "normal", "high"]
Phone = Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00-\x1f]*$")]
Need = Annotated[str, StringConstraints(max_length=20_000, pattern=r"^[^\x00]*$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]


class LeadBody(Body):
    """A new lead: a name, and at least one way or reason to get back to it."""

    name: Name
    email: Email = ""
    phone: Phone = ""
    need: Need = ""
    source: Annotated[str, StringConstraints(max_length=100, pattern=r"^[^\x00-\x1f]*$")] = ""
    address: Address = Field(default_factory=Address)
    value: MoneyBody | None = None
    urgency: Urgency = "normal"
    assignee_id: UUID | None = None
    source_ref: Code | None = None


class LeadPatch(Body):
    """Changes to a lead; what is left out stays."""

    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    need: Need | None = None
    source: Line | None = None
    address: Address | None = None
    value: MoneyBody | None = None
    urgency: Urgency | None = None
    assignee_id: UUID | None = None


class LeadMoveBody(MoveBody):
    """A lead's move: `advance` names the stage to go to."""

    stage: Code | None = None


class LeadCard(Trail):
    """A lead as the API shows it."""

    id: UUID
    name: str
    email: str
    phone: str
    need: str
    source: str
    source_ref: str | None
    address: Address
    value: MoneyBody | None
    urgency: str
    stage: str
    stage_kind: str
    assignee_id: UUID | None
    lost_reason: str
    client_id: UUID | None
    property_id: UUID | None
