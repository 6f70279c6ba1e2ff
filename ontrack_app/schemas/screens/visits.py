"""Visits on screens: days of the schedule, one visit, and the plan that is being made."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.common import MoveCard
from ontrack_app.schemas.screens.common import Badge, Fact, Option, Record


class VisitRow(BaseModel):
    """One row of the schedule or of a job's visits."""

    id: str
    title: str
    job: str = ""
    client: str = ""
    place: str = ""
    day: str = ""
    window: str = ""
    crew: str = ""
    stage: Badge
    fact: Badge = Field(default_factory=Badge)
    hours: str = ""
    plan: str = ""


class VisitDay(BaseModel):
    """The visits of one day."""

    title: str
    note: str = ""
    rows: list[VisitRow] = Field(default_factory=list)


class VisitRecord(Record):
    """A visit's page."""

    stage_key: str = ""
    facts: list[Fact] = Field(default_factory=list)
    instructions: str = ""
    by_crew: list[MoveCard] = Field(default_factory=list)
    warning: str = ""
    bands: list[Fact] = Field(default_factory=list)


class CrewChoice(BaseModel):
    """One person who may go on a visit."""

    id: str
    name: str
    chosen: bool = False


class Plan(BaseModel):
    """When a visit is and who goes, while it is being planned; times are of the tenant's zone."""

    visit_id: str = ""
    job_id: str = ""
    version: int = 0
    heading: str = ""
    verb: str = "Schedule"
    title: str = ""
    instructions: str = ""
    day: str = ""
    start: str = ""
    end: str = ""
    zone: str = ""
    crew: list[CrewChoice] = Field(default_factory=list)
    checklist_id: str = ""
    checklists: list[Option] = Field(default_factory=list)
    warning: str = ""
