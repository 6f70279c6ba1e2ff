"""Conflicts: a value that somebody gave offline and that lost against another. Both are kept and shown; one tap uses either."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from models.access import STAFF_ROLES
from models.base import JSON, TIME, TenantRow, index, one_of, ref
from models.fields import Field as Fact
from models.fields import FieldList
from models.ids import now

KINDS = (("field", "Two values"), ("stage", "Where a visit stands"))
DECISIONS = (("used", "The other one was taken"), ("kept", "It stayed as it was"))
READ_ONLY: dict[str, Any] = {"edit": frozenset(), "see": STAFF_ROLES}
CONFLICT_FIELDS = FieldList(
    "conflicts",
    (
        Fact("kind", "Kind", "choice", choices=KINDS, filterable=True, **READ_ONLY),
        Fact("noun", "Of", filterable=True, **READ_ONLY),
        Fact("row_id", "Record", filterable=True, **READ_ONLY),
        Fact("field", "Field", filterable=True, **READ_ONLY),
        Fact("member_id", "Who", "member", filterable=True, **READ_ONLY),
        Fact("device_id", "Phone", filterable=True, **READ_ONLY),
        Fact("decision", "Decision", "choice", choices=DECISIONS, filterable=True, **READ_ONLY),
        Fact("decided_at", "Decided", "time", sortable=True, **READ_ONLY),
        Fact("created_at", "Came in", "time", sortable=True, **READ_ONLY),
    ),
)


class Conflict(TenantRow, table=True):
    """One losing value: whose, when by that phone's clock and by ours, and what stands in its place."""

    __tablename__ = "conflicts"
    FIELDS = CONFLICT_FIELDS
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
        one_of("kind", [key for key, _ in KINDS]),
        one_of("decision", [key for key, _ in DECISIONS]),
        ref("device_id", "devices"),
        ref("member_id", "members"),
        index("ix_conflicts_device", "device_id"),
        index("ix_conflicts_member", "member_id", "created_at"),
        index("ix_conflicts_row", "noun", "row_id"),
        index("ix_conflicts_age", "created_at"),
    )
