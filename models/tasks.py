"""Tasks: a to-do tied to a record. What crews ask of the office from a visit are tasks: extra work, another visit, another time."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from models.access import OFFICE_ROLES, Permission, Role
from models.base import JSON, TIME, WORDS, NounRow, index, one_of, ref
from models.fields import Field as Fact
from models.fields import FieldList
from models.machines import Machine, Move

KINDS = (
    ("follow_up", "Another visit"),
    ("extra_work", "Extra work"),
    ("reschedule", "Another time"),
    ("failed_check", "Failed check"),
)
STAFF = OFFICE_ROLES | {Role.CREW}

TASK_FIELDS = FieldList(
    "tasks",
    (
        Fact("text", "What", "long", required=True, see=STAFF, listed=True, max_length=4000),
        Fact(
            "kind", "Kind", "choice", choices=KINDS, see=STAFF, edit=frozenset(), listed=True, filterable=True
        ),
        Fact("visit_id", "Visit", see=STAFF, edit=frozenset(), filterable=True),
        Fact("member_id", "Asked by", "member", see=STAFF, edit=frozenset(), listed=True, filterable=True),
        Fact("due_on", "Due", "date", see=STAFF, listed=True, sortable=True, filterable=True),
        Fact("stage", "Stage", "stage", see=STAFF, edit=frozenset(), listed=True, filterable=True),
        Fact("created_at", "Asked", "time", see=STAFF, edit=frozenset(), sortable=True),
    ),
)

TASK_MACHINE = Machine(
    noun="tasks",
    start="open",
    words={"open": ("Open", "waiting"), "done": ("Done", "good"), "dropped": ("Dropped", "idle")},
    moves=(
        Move("finish", "Done", {"open"}, "done", Permission.TASKS_WRITE),
        Move("drop", "Drop", {"open"}, "dropped", Permission.TASKS_WRITE, needs_reason=True),
        Move("reopen", "Reopen", {"done", "dropped"}, "open", Permission.TASKS_WRITE),
    ),
)


class Task(NounRow, table=True):
    """One to-do on a visit, asked for by a member."""

    __tablename__ = "tasks"
    FIELDS = TASK_FIELDS
    visit_id: UUID
    member_id: UUID | None = None
    kind: str
    text: str = Field(sa_type=WORDS)
    due_on: date | None = None
    wanted: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    stage: str = TASK_MACHINE.start
    finished_at: datetime | None = Field(default=None, sa_type=TIME)

    __table_args__ = (
        one_of("kind", (key for key, _ in KINDS)),
        one_of("stage", TASK_MACHINE.stages),
        ref("visit_id", "visits"),
        ref("member_id", "members"),
        index("ix_tasks_visit", "visit_id"),
        index("ix_tasks_member", "member_id"),
        index("ix_tasks_open", "stage", "created_at"),
        index("ix_tasks_list", "created_at", "id"),
    )
