"""Idempotency keys: the first answer to a POST, given again for 24 hours to the same key and body."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import TIME, WORDS, TenantRow, index
from models.ids import now


class IdempotencyKey(TenantRow, table=True):
    """One answered POST of one actor."""

    __tablename__ = "idempotency_keys"
    actor_id: UUID
    method: str
    path: str
    key: str
    body_hash: str
    status: int
    body: str = Field(sa_type=WORDS)
    created_at: datetime = Field(default_factory=now, sa_type=TIME)

    __table_args__ = (
        UniqueConstraint("tenant_id", "actor_id", "method", "path", "key"),
        index("ix_idempotency_keys_age", "created_at"),
    )
