"""The crew's day as its page shows it. No price anywhere."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge


class CrewNote(BaseModel):
    """What somebody wrote down about a visit."""

    who: str
    text: str
    when: str


class Stop(BaseModel):
    """The visit that is next or going on; each of depart, arrive and finish is done, next, open or later."""

    id: str = ""
    version: int = 0
    title: str = ""
    stage: Badge = Field(default_factory=Badge)
    window: str = ""
    place: str = ""
    maps: str = ""
    client: str = ""
    access: str = ""
    instructions: list[str] = Field(default_factory=list)
    notes: list[CrewNote] = Field(default_factory=list)
    depart: str = "later"
    arrive: str = "later"
    finish: str = "later"
    can_pause: bool = False
    can_resume: bool = False
    can_skip: bool = False


class StopRow(BaseModel):
    """Another visit: when, what, where."""

    id: str
    time: str
    title: str
    place: str
    maps: str
    stage: Badge


class CrewDay(BaseModel):
    """Today, in the order of the day, and tomorrow."""

    today: str = ""
    progress: str = ""
    next: Stop | None = None
    then: list[StopRow] = Field(default_factory=list)
    over: list[StopRow] = Field(default_factory=list)
    left: list[StopRow] = Field(default_factory=list)
    tomorrow_words: str = ""
    tomorrow: list[StopRow] = Field(default_factory=list)
