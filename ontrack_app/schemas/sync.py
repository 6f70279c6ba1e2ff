"""The sync protocol's shapes: what phones say and what they are answered."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AwareDatetime,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
)

from ontrack_app.schemas.common import Body, Card, Line, Moment

MOST_MUTATIONS = 100
Word = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z0-9_.]+$")]
Zone = Annotated[str, StringConstraints(max_length=60, pattern=r"^[A-Za-z0-9_+/-]*$")]
Number = Annotated[int, Field(strict=True, ge=0, le=2**53)]
Offset = Annotated[int, Field(strict=True, ge=-(2**53), le=2**53)]


class ClockBody(Body):
    """What the phone's clock says; `waiting` is how many changes it has not sent yet."""

    now: Moment
    tz: Zone = ""


class HelloBody(Body):
    """The first call of every sync."""

    device_id: UUID
    app_version: Line = ""
    schema_version: Annotated[int, Field(strict=True, ge=1, le=10_000, alias="schema")]
    storage: dict[Line, StrictBool | StrictInt | None] = Field(default_factory=dict, max_length=20)
    clock: ClockBody
    label: Line = ""
    waiting: Annotated[int, Field(strict=True, ge=0, le=1_000_000)] = 0


class Grant(Card):
    """Until when the phone may show what it holds without asking us; it unlocks reading only. Times are shown in the
    company's `zone`; what is claimed is in its `currency`."""

    member_id: UUID
    name: str
    until: AwareDatetime
    zone: str
    currency: str


class HelloCard(Card):
    """Whether to go on, to load the newer app first, or to wipe what the phone holds (after pushing what waits). `hand_in` is
    for the day on which the person can no longer sign in: see `PushBody`."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    status: Literal["ok", "upgrade", "wipe"]
    grant: Grant | None
    server_time: AwareDatetime
    clock_offset_ms: int
    min_schema: int
    schema_version: int = Field(serialization_alias="schema")
    last_seq: int
    hand_in: str | None = None


class EntityBody(Body):
    """The row that a mutation is about."""

    kind: Word
    id: UUID


class MutationBody(Body):
    """One thing that was done on the phone. `base` names the mutation whose value the person saw, field by field; `schema`
    that of the app that wrote it down, where the app was renewed since."""

    seq: Annotated[int, Field(strict=True, ge=1, le=2**53)]
    id: UUID
    kind: Word
    at: Moment
    tz: Zone = ""
    offset_ms: Offset | None = None
    mono_ms: Number | None = None
    schema_version: Annotated[int | None, Field(strict=True, ge=1, le=10_000, alias="schema")] = None
    entity: EntityBody | None = None
    args: dict[str, Any] = Field(default_factory=dict)
    base: dict[Word, UUID | None] = Field(default_factory=dict, max_length=20)


class PushBody(Body):
    """The next mutations of a phone, in their order. `hand_in`, as the last hello gave it, is looked at only where nobody is
    signed in: the work of somebody who was let go is kept for the office."""

    device_id: UUID
    schema_version: Annotated[int, Field(strict=True, ge=1, le=10_000, alias="schema")]
    mutations: Annotated[list[MutationBody], Field(max_length=MOST_MUTATIONS)]
    hand_in: Annotated[str, StringConstraints(max_length=300)] | None = None


class ResultCard(Card):
    """What became of one mutation, with words for people where it did not simply work."""

    seq: int
    status: Literal["applied", "duplicate", "conflict", "rejected", "parked"]
    code: str = ""
    detail: str = ""
    conflict_id: UUID | None = None
    server: dict[str, Any] | None = None


class PushCard(Card):
    """The number up to which everything is kept, the results, and the number of the company's last change before these."""

    last_seq: int
    results: list[ResultCard]
    n: int


class ChangeCard(Card):
    """A row as it is now (`put`), or that it is no longer the reader's (`drop`)."""

    n: int
    kind: str
    id: UUID
    op: Literal["put", "drop"]
    fields: dict[str, Any] | None = None
    writers: dict[str, UUID | None] | None = None


class PullCard(Card):
    """What changed after a cursor. `next` is the cursor to ask with next; with `reset`, ask for a snapshot instead."""

    changes: list[ChangeCard]
    next: str
    more: bool
    reset: bool


class SnapshotCard(Card):
    """Everything that a crew member holds, as of one number."""

    rows: list[ChangeCard]
    next: str
    n: int
