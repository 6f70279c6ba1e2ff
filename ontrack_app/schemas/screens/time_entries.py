"""Hours on screens: a member's week with its days and stretches, and the form that adds or corrects one."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.common import MoveCard
from ontrack_app.schemas.screens.common import Badge, Option


class TimeRow(BaseModel):
    """One stretch; `old` ones were corrected and stand under the one that counts. `said` is what the phone said, where its
    clock was off."""

    id: str
    kind: str
    who: str = ""
    visit: str = ""
    visit_href: str = ""
    day: str = ""
    window: str = ""
    lasted: str = ""
    off: str = ""
    said: str = ""
    note: str = ""
    stage: Badge = Field(default_factory=Badge)
    old: bool = False
    moves: list[MoveCard] = Field(default_factory=list)
    can_correct: bool = False


class TimeDay(BaseModel):
    """One day of a member, with what it adds up to."""

    title: str
    total: str = ""
    rows: list[TimeRow] = Field(default_factory=list)


class TimeSheet(BaseModel):
    """One member's week."""

    member_id: str
    monday: str
    name: str
    week: str
    work: str = ""
    travel: str = ""
    rest: str = ""
    total: str = ""
    waiting: str = ""
    can_approve: bool = False
    can_unapprove: bool = False
    can_lock: bool = False
    can_add: bool = False
    days: list[TimeDay] = Field(default_factory=list)


class TimeForm(BaseModel):
    """Hours as they are typed: whose, on which visit, from when to when, and why. Times are of the tenant's zone."""

    heading: str = ""
    verb: str = ""
    corrects_id: str = ""
    member_id: str = ""
    member: str = ""
    members: list[Option] = Field(default_factory=list)
    fixed_visit: bool = False
    visit_id: str = ""
    visits: list[Option] = Field(default_factory=list)
    kind: str = "work"
    kinds: list[Option] = Field(default_factory=list)
    day: str = ""
    start: str = ""
    end: str = ""
    zone: str = ""
    reason: str = ""
    was: str = ""
