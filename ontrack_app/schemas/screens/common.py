"""Shapes that many screens share; the parts in `ontrack_app/ui/` are drawn from these attributes."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.common import MoveCard


class Option(BaseModel):
    """One choice of a select."""

    value: str
    label: str


class Badge(BaseModel):
    """A word with its tint; a stage is filled, a computed fact outlined."""

    word: str = ""
    tint: str = "idle"


class Step(BaseModel):
    """One step of the track that runs over every record of a job's life."""

    label: str
    value: str
    state: str = "later"
    href: str = ""


class Happening(BaseModel):
    """One entry of a timeline."""

    id: str
    who: str = ""
    text: str = ""
    when: str = ""
    when_full: str = ""
    body: str = ""
    kind: str = "edit"


class Fact(BaseModel):
    """One fact beside its label."""

    label: str
    value: str = ""
    href: str = ""


class Tab(BaseModel):
    """One view of a list, with the number of rows it holds."""

    key: str
    label: str
    count: str = ""


class Total(BaseModel):
    """One row of a totals panel; the note says what a tax was worked out on."""

    label: str
    note: str = ""
    amount: str = ""


class Figure(BaseModel):
    """One figure of a money strip."""

    label: str
    value: str
    tone: str = ""


class Spec(BaseModel):
    """One field of a form made from a field list."""

    name: str
    label: str
    kind: str = "text"
    help: str = ""
    required: bool = False
    options: list[Option] = Field(default_factory=list)


class Form(BaseModel):
    """A form made from a field list: its fields, what stands in them, and the version that a save is checked against."""

    specs: list[Spec] = Field(default_factory=list)
    values: dict[str, str] = Field(default_factory=dict)
    version: int = 0


class ListQuery(BaseModel):
    """What the address of a list asks for; an empty tab or sort means the list's own first one."""

    tab: str = ""
    q: str = ""
    sort: str = ""
    page: int = 1
    filters: dict[str, str] = Field(default_factory=dict)


class Filter(BaseModel):
    """One filter of a list: a select when it has options, else a chip that says `shown` while it is on."""

    name: str
    label: str
    value: str = ""
    shown: str = ""
    options: list[Option] = Field(default_factory=list)


class ListPage(BaseModel):
    """What every list shows besides its rows: which part of how many, the views with their counts, the filters."""

    text: str = ""
    total: int = 0
    has_prev: bool = False
    has_next: bool = False
    tab: str = ""
    sort: str = ""
    tabs: list[Tab] = Field(default_factory=list)
    filters: list[Filter] = Field(default_factory=list)


class Record(BaseModel):
    """What every record's page shows besides its own facts."""

    id: str = ""
    version: int = 0
    number: str = ""
    title: str = ""
    quiet: str = ""
    stage: Badge = Field(default_factory=Badge)
    badges: list[Badge] = Field(default_factory=list)
    moves: list[MoveCard] = Field(default_factory=list)
    track: list[Step] = Field(default_factory=list)
    timeline: list[Happening] = Field(default_factory=list)
