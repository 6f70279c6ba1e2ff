"""Conflicts: a value that somebody gave offline and that lost against another. Both are kept and shown; one tap uses either."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from models.base import JSON, TIME, TenantRow, index, one_of, ref
from models.ids import now


class Conflict(TenantRow, table=True):
    """One losing value: whose, when by that phone's clock and by ours, and what stands in its place."""

    __tablename__ = "conflicts"
    kind: str
    noun: str
    row_id: UUID
    field: str
    lost: dict[str, Any] = Field(sa_type=JSON)
    kept: dict[str, Any] = Field(sa_type=JSON)
    mutation_id: UUID
    device_id: UUID
    member_id: UUID
    device_at: datetime = Field(sa_type=TIME)
    created_at: datetime = Field(default_factory=now, sa_type=TIME)
    decision: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=TIME)
    decided_by: UUID | None = None

    __table_args__ = (
        one_of("kind", ("field", "stage")),
        one_of("decision", ("used", "kept")),
        ref("device_id", "devices"),
        ref("member_id", "members"),
        index("ix_conflicts_device", "device_id"),
        index("ix_conflicts_member", "member_id", "created_at"),
        index("ix_conflicts_row", "noun", "row_id"),
        index("ix_conflicts_age", "created_at"),
    )
