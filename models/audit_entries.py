"""The trail: who did what to which row, chained by hash per tenant. Written by `app.seal` alone, never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from models.base import JSON, TIME, index, metadata
from models.fields import Field as Fact
from models.fields import FieldList

AUDIT_FIELDS = FieldList(
    "audit_entries",
    (
        Fact("n", "Number", "number", edit=frozenset(), listed=True, sortable=True),
        Fact("at", "When", "time", edit=frozenset(), listed=True),
        Fact("actor_id", "Who", "member", edit=frozenset(), filterable=True),
        Fact("word", "What", edit=frozenset(), listed=True, filterable=True),
        Fact("noun", "On", edit=frozenset(), listed=True, filterable=True),
        Fact("row_id", "Record", edit=frozenset(), filterable=True),
        Fact("since", "From", "time", edit=frozenset(), filterable=True),
        Fact("until", "Up to", "time", edit=frozenset(), filterable=True),
    ),
)


class AuditEntry(SQLModel, table=True):
    """One thing that happened. `n` counts within the tenant; `hash` covers the row and the hash before it."""

    __tablename__ = "audit_entries"
    metadata = metadata
    tenant_id: UUID = Field(primary_key=True, foreign_key="tenants.id")
    n: int = Field(primary_key=True, sa_type=BigInteger)
    at: datetime = Field(sa_type=TIME)
    actor_id: UUID | None = None
    actor_name: str = ""
    actor_role: str = ""
    word: str
    noun: str
    row_id: UUID | None = None
    before: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    reason: str | None = None
    ip: str = ""
    hash: str

    __table_args__ = (index("ix_audit_entries_row", "row_id", "n"),)


class AuditHead(SQLModel, table=True):
    """Where a tenant's chain stands: the row that is locked, last of all, while entries are added."""

    __tablename__ = "audit_heads"
    metadata = metadata
    tenant_id: UUID = Field(primary_key=True, foreign_key="tenants.id")
    n: int = Field(default=0, sa_type=BigInteger)
    hash: str = ""
