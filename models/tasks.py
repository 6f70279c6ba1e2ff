"""Tasks: a to-do tied to a record. What crews ask of the office from a visit are tasks: extra work, another visit, another time."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from models.access import Permission
from models.base import JSON, TIME, WORDS, NounRow, index, one_of, ref
from models.machines import Machine, Move

KINDS = ("follow_up", "extra_work", "reschedule", "failed_check")

TASK_MACHINE = Machine(
    noun="tasks",
    start="open",
    words={"open": ("Open", "waiting"), "done": ("Done", "good"), "dropped": ("Dropped", "idle")},
    moves=(
        Move("finish", "Done", {"open"}, "done", Permission.VISITS_WRITE),
        Move("drop", "Drop", {"open"}, "dropped", Permission.VISITS_WRITE, needs_reason=True),
        Move("reopen", "Reopen", {"done", "dropped"}, "open", Permission.VISITS_WRITE),
    ),
)


class Task(NounRow, table=True):
    """One to-do on a visit, asked for by a member."""

    __tablename__ = "tasks"
    visit_id: UUID
    member_id: UUID | None = None
    kind: str
    text: str = Field(sa_type=WORDS)
    due_on: date | None = None
    wanted: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    stage: str = TASK_MACHINE.start
    finished_at: datetime | None = Field(default=None, sa_type=TIME)

    __table_args__ = (
        one_of("kind", KINDS),
        one_of("stage", TASK_MACHINE.stages),
        ref("visit_id", "visits"),
        ref("member_id", "members"),
        index("ix_tasks_visit", "visit_id"),
        index("ix_tasks_member", "member_id"),
        index("ix_tasks_open", "stage", "created_at"),
    )
