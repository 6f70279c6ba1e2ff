"""Members and invitations as screens show them."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge, Fact, Option, Record
from ontrack_app.schemas.screens.papers import Found


class MemberRow(BaseModel):
    """One row of the list."""

    id: str
    name: str
    email: str = ""
    role: str = ""
    client: str = ""
    factor: str = ""
    since: str = ""
    since_full: str = ""
    stage: Badge = Field(default_factory=Badge)


class InvitedRow(BaseModel):
    """A person who is asked and has not joined yet."""

    id: str
    email: str
    name: str = ""
    role: str = ""
    client: str = ""
    line: str = ""
    until: str = ""
    stage: Badge = Field(default_factory=Badge)


class VisitAhead(BaseModel):
    """A visit that a member is still to go on."""

    href: str
    title: str
    window: str = ""


class MemberRecord(Record):
    """A member's page."""

    name: str = ""
    role: str = ""
    role_label: str = ""
    may_manage: bool = False
    is_self: bool = False
    facts: list[Fact] = Field(default_factory=list)
    ahead: list[VisitAhead] = Field(default_factory=list)
    ahead_note: str = ""


class PlaceForm(BaseModel):
    """A place in the company: for somebody who is invited, or for a member who gets another one."""

    heading: str = ""
    verb: str = ""
    effect: str = ""
    email: str = ""
    name: str = ""
    role: str = "office"
    roles: list[Option] = Field(default_factory=list)
    is_customer: bool = False
    client_id: str = ""
    client: str = ""
    found: list[Found] = Field(default_factory=list)
