"""Time entries: how long a member travelled, worked or rested. The clock they were taken by is kept as evidence."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from models.base import CENTS, JSON, TIME, NounRow, index, one_of, ref

KINDS = ("travel", "work", "break")


class TimeEntry(NounRow, table=True):
    """One stretch of time. Start and end are a phone's words put right by its measured offset; the words themselves, the
    offset and when we heard of it are in `clock`. A correction is a new entry that names the one it stands for."""

    __tablename__ = "time_entries"
    member_id: UUID
    visit_id: UUID | None = None
    kind: str
    started_at: datetime = Field(sa_type=TIME)
    ended_at: datetime | None = Field(default=None, sa_type=TIME)
    clock: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    skewed: bool = False
    corrects_id: UUID | None = None
    reason: str = ""
    approved_at: datetime | None = Field(default=None, sa_type=TIME)
    approved_by: UUID | None = None
    locked_at: datetime | None = Field(default=None, sa_type=TIME)
    cost_rate_cents: int | None = Field(default=None, sa_type=CENTS)

    __table_args__ = (
        one_of("kind", KINDS),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_it_starts"),
        ref("member_id", "members"),
        ref("visit_id", "visits"),
        ref("corrects_id", "time_entries"),
        index("ix_time_entries_member", "member_id", "started_at"),
        index("ix_time_entries_visit", "visit_id"),
        index("ix_time_entries_corrects", "corrects_id"),
    )
