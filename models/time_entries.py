"""Time entries: how long a member travelled, worked or rested. The clock they were taken by is kept as evidence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.access import OFFICE_ROLES, Permission, Role
from models.base import CENTS, JSON, TIME, NounRow, index, one_of, ref
from models.fields import Field as Fact
from models.fields import FieldList
from models.machines import Machine, Move

KINDS = (("travel", "Travel"), ("work", "Work"), ("break", "Break"))
STAFF = OFFICE_ROLES | {Role.CREW}

TIME_ENTRY_FIELDS = FieldList(
    "time_entries",
    (
        Fact("member_id", "Who", "member", see=STAFF, edit=frozenset(), listed=True, filterable=True),
        Fact("kind", "Kind", "choice", choices=KINDS, see=STAFF, edit=frozenset(), listed=True, filterable=True),
        Fact("visit_id", "Visit", see=STAFF, edit=frozenset(), listed=True, filterable=True),
        Fact("started_at", "From", "time", see=STAFF, edit=frozenset(), listed=True, sortable=True),
        Fact("ended_at", "To", "time", see=STAFF, edit=frozenset(), listed=True),
        Fact("skewed", "Clock was off", "flag", see=STAFF, edit=frozenset(), filterable=True),
        Fact("stage", "Stage", "stage", see=STAFF, edit=frozenset(), listed=True, filterable=True),
        Fact("approved", "Approved", "flag", column="approved_at", see=STAFF, edit=frozenset(), filterable=True),
        Fact("created_at", "Came in", "time", see=STAFF, edit=frozenset(), sortable=True),
    ),
)  # fmt: skip

TIME_ENTRY_MACHINE = Machine(
    noun="time_entries",
    start="open",
    words={"open": ("To approve", "waiting"), "approved": ("Approved", "good"), "locked": ("Locked", "idle")},
    moves=(
        Move("approve", "Approve", {"open"}, "approved", Permission.TIME_ENTRIES_APPROVE),
        Move("lock", "Lock", {"open", "approved"}, "locked", Permission.TIME_ENTRIES_APPROVE, dangerous=True, effect="It is approved, and nobody can change it any more."),
        Move("unapprove", "Take the approval back", {"approved"}, "open", Permission.TIME_ENTRIES_APPROVE),
    ),
)  # fmt: skip


class TimeEntry(NounRow, table=True):
    """One stretch of time. Start and end are a phone's words put right by its measured offset; the words themselves, the
    offset and when we heard of it are in `clock`. A correction is a new entry that names the one it stands for; `root_id` is
    the first of such a chain and `turn` the place in it, which the server gives: of a chain only the last one counts."""

    __tablename__ = "time_entries"
    FIELDS = TIME_ENTRY_FIELDS
    member_id: UUID
    visit_id: UUID | None = None
    kind: str
    started_at: datetime = Field(sa_type=TIME)
    ended_at: datetime | None = Field(default=None, sa_type=TIME)
    clock: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    skewed: bool = False
    corrects_id: UUID | None = None
    root_id: UUID
    turn: int = 0
    reason: str = ""
    stage: str = TIME_ENTRY_MACHINE.start
    approved_at: datetime | None = Field(default=None, sa_type=TIME)
    approved_by: UUID | None = None
    locked_at: datetime | None = Field(default=None, sa_type=TIME)
    cost_rate_cents: int | None = Field(default=None, sa_type=CENTS)

    __table_args__ = (
        one_of("kind", (key for key, _ in KINDS)),
        one_of("stage", TIME_ENTRY_MACHINE.stages),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_it_starts"),
        ref("member_id", "members"),
        ref("visit_id", "visits"),
        ref("corrects_id", "time_entries"),
        ref("root_id", "time_entries"),
        index("ix_time_entries_member", "member_id", "started_at"),
        index("ix_time_entries_visit", "visit_id"),
        index("ix_time_entries_corrects", "corrects_id"),
        UniqueConstraint("tenant_id", "root_id", "turn"),
        index("ix_time_entries_list", "started_at", "id"),
        index("ix_time_entries_stage", "stage", "started_at"),
        index("ix_time_entries_created", "created_at", "id"),
    )
