"""The only home of what the sync protocol keeps: each phone's queue, what became of every mutation, who wrote a field last,
the tenant's numbered changes, and the work of phones that may no longer write."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import JSON, TIME, WORDS, TenantRow, index, metadata, one_of, ref
from models.fields import Field as Fact
from models.fields import FieldList
from models.ids import now

STATUSES = ("applied", "duplicate", "conflict", "rejected", "parked")
REASONS = (
    ("revoked", "The phone was signed off"),
    ("no_right", "The person does no visits any more"),
    ("gone", "What it was for was no longer theirs"),
    ("unknown", "A kind that was not known"),
    ("failed", "Something broke on our side"),
)
DECISIONS = (("taken", "Taken in"), ("dropped", "Discarded"))
READ_ONLY: dict[str, Any] = {"edit": frozenset()}
QUARANTINE_FIELDS = FieldList(
    "quarantine",
    (
        Fact("kind", "Kind", filterable=True, **READ_ONLY),
        Fact("reason", "Why it waits", "choice", choices=REASONS, filterable=True, **READ_ONLY),
        Fact("member_id", "Who", "member", filterable=True, **READ_ONLY),
        Fact("device_id", "Phone", filterable=True, **READ_ONLY),
        Fact("visit_id", "Visit", filterable=True, **READ_ONLY),
        Fact("decision", "Decision", "choice", choices=DECISIONS, filterable=True, **READ_ONLY),
        Fact("decided_at", "Decided", "time", sortable=True, **READ_ONLY),
        Fact("received_at", "Came in", "time", sortable=True, **READ_ONLY),
    ),
)


class SyncClient(TenantRow, table=True):
    """Where a device's queue stands; the row (its id is the device's) that is locked while a batch is taken in."""

    __tablename__ = "sync_clients"
    member_id: UUID
    last_seq: int = Field(default=0, sa_type=BigInteger)

    __table_args__ = (
        ref("id", "devices"),
        ref("member_id", "members"),
        index("ix_sync_clients_member", "member_id"),
    )


class SyncMutation(TenantRow, table=True):
    """What became of one mutation; answered again whenever it comes again. One that was known under another number has no
    `mutation_id` of its own and names it in its result."""

    __tablename__ = "sync_mutations"
    device_id: UUID
    member_id: UUID
    seq: int = Field(sa_type=BigInteger)
    mutation_id: UUID | None = None
    kind: str
    status: str
    result: dict[str, Any] = Field(sa_type=JSON)
    body_hash: str
    clock: dict[str, Any] = Field(sa_type=JSON)
    received_at: datetime = Field(default_factory=now, sa_type=TIME)

    __table_args__ = (
        UniqueConstraint("tenant_id", "mutation_id"),
        UniqueConstraint("tenant_id", "device_id", "seq"),
        one_of("status", STATUSES),
        ref("device_id", "devices"),
        ref("member_id", "members"),
        index("ix_sync_mutations_member", "member_id"),
    )


class FieldWriter(TenantRow, table=True):
    """Which change wrote the present value of a field that crews may change; written by `app.seal` alone."""

    __tablename__ = "field_writers"
    noun: str
    row_id: UUID
    field: str
    value_hash: str
    mutation_id: UUID

    __table_args__ = (UniqueConstraint("tenant_id", "noun", "row_id", "field"),)


class Change(SQLModel, table=True):
    """One row that one member has to look at again. `n` counts within the tenant, in the order of the commits."""

    __tablename__ = "changes"
    metadata = metadata
    tenant_id: UUID = Field(primary_key=True, foreign_key="tenants.id")
    n: int = Field(primary_key=True, sa_type=BigInteger)
    member_id: UUID
    noun: str
    row_id: UUID
    at: datetime = Field(sa_type=TIME)

    __table_args__ = (
        ref("member_id", "members"),
        index("ix_changes_member", "member_id", "n"),
        index("ix_changes_age", "at"),
    )


class TenantCounter(SQLModel, table=True):
    """The number of a tenant's last change: the row that is locked while changes are added. Up to `forgotten` they are gone."""

    __tablename__ = "tenant_counters"
    metadata = metadata
    tenant_id: UUID = Field(primary_key=True, foreign_key="tenants.id")
    n: int = Field(default=0, sa_type=BigInteger)
    forgotten: int = Field(default=0, sa_type=BigInteger)


class Quarantined(TenantRow, table=True):
    """Work that came and could not be taken: whole, as it was sent, until the office decides. Nothing is thrown away.
    `visit_id` is the visit that it names, which may be another company's or none: no key."""

    __tablename__ = "quarantine"
    FIELDS = QUARANTINE_FIELDS
    device_id: UUID
    member_id: UUID
    mutation_id: UUID
    kind: str
    reason: str
    body: str = Field(sa_type=WORDS)
    visit_id: UUID | None = None
    received_at: datetime = Field(default_factory=now, sa_type=TIME)
    decision: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=TIME)
    decided_by: UUID | None = None

    __table_args__ = (
        one_of("reason", [key for key, _ in REASONS]),
        one_of("decision", [key for key, _ in DECISIONS]),
        ref("device_id", "devices"),
        ref("member_id", "members"),
        index("ix_quarantine_device", "device_id"),
        index("ix_quarantine_member", "member_id"),
        index("ix_quarantine_open", "received_at"),
        index("ix_quarantine_visit", "visit_id"),
    )
