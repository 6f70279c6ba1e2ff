"""Home and search as screens show them."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge, Happening


class Todo(BaseModel):
    """One count, and the way to exactly the rows that it counted."""

    count: str
    title: str
    href: str
    sum: str = ""
    age: str = ""
    hot: bool = False


class TodoGroup(BaseModel):
    """Counts that belong together."""

    title: str
    rows: list[Todo] = Field(default_factory=list)


class VisitNow(BaseModel):
    """One of today's visits."""

    id: str
    crew: str
    title: str
    place: str = ""
    badge: Badge = Field(default_factory=Badge)


class Home(BaseModel):
    """The home page: what waits, who is out, what just happened."""

    day: str = ""
    sub: str = ""
    groups: list[TodoGroup] = Field(default_factory=list)
    visits: list[VisitNow] = Field(default_factory=list)
    more_visits: str = ""
    latest: list[Happening] = Field(default_factory=list)


class Hit(BaseModel):
    """One record that a search found."""

    title: str
    more: str = ""
    line: str = ""
    href: str = ""
    badge: Badge = Field(default_factory=Badge)


class Hits(BaseModel):
    """What a search found of one noun, and the way to all of it."""

    title: str
    icon: str = ""
    count: str = ""
    all_href: str = ""
    rows: list[Hit] = Field(default_factory=list)
