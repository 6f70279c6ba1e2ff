"""Tenants: one contracting company each, with its zone, currency, tax and numbering choices."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import JSON, TIME, TenantRow, metadata, not_negative, one_of
from models.fields import FieldList
from models.ids import new_id, now

STAGES = ("trial", "active", "suspended", "closing")
TAX_LEVELS = ("document", "line")


class Tenant(SQLModel, table=True):
    """A contracting company. Its own id is its tenant id, so the tenant policy compares `id`.

    `factor_roles` are the roles whose people must prove a second factor when they sign in. `keeps_photo_place` leaves
    the place in photos, which is taken out otherwise; `file_quota_mb` is how many MB of files it may keep.
    """

    __tablename__ = "tenants"
    metadata = metadata
    FIELDS: ClassVar[FieldList | None] = None  # the trail asks every row that it tells of
    __table_args__ = (
        one_of("stage", STAGES),
        one_of("tax_level", TAX_LEVELS),
        not_negative("file_quota_mb"),
        CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]{1,62}$'", name="slug_shape"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    legal_name: str = ""
    stage: str = "active"
    timezone: str = "America/Chicago"
    currency: str = "USD"
    locale: str = "en_US"
    tax_level: str = "document"
    payment_terms_days: int = 15
    phone: str = ""
    email: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = "US"
    brand: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    document_terms: str = ""
    factor_roles: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    keeps_photo_place: bool = False
    file_quota_mb: int = 20_480
    version: int = 1
    created_at: datetime = Field(default_factory=now, sa_type=TIME)
    updated_at: datetime = Field(default_factory=now, sa_type=TIME)


class NumberSequence(TenantRow, table=True):
    """The last number given for one kind of document in one period; locked while the next one is taken."""

    __tablename__ = "number_sequences"
    kind: str
    period: str = ""
    last: int = 0
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "period"),
        one_of("kind", ("estimate", "job", "invoice")),
    )


class NumberPattern(TenantRow, table=True):
    """How a tenant writes its numbers, such as INV-{YYYY}-{00000}."""

    __tablename__ = "number_patterns"
    kind: str
    pattern: str
    __table_args__ = (UniqueConstraint("tenant_id", "kind"), one_of("kind", ("estimate", "job", "invoice")))
