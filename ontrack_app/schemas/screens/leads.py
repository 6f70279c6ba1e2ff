"""Leads as screens show them."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge, Fact, Option, Record


class LeadRow(BaseModel):
    """One row of the list."""

    id: str
    name: str
    need: str = ""
    place: str = ""
    line: str = ""
    stage: Badge = Field(default_factory=Badge)
    owner: str = ""
    owner_initials: str = ""
    value: str = ""
    touched: str = ""
    touched_full: str = ""


class LeadRecord(Record):
    """A lead's page."""

    name: str = ""
    need: str = ""
    kind: str = "open"
    owner: str = ""
    owners: list[Option] = Field(default_factory=list)
    stages: list[Option] = Field(default_factory=list)
    facts: list[Fact] = Field(default_factory=list)
    next_label: str = ""
    next_href: str = ""
