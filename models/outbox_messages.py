"""The outbox: work promised in a transaction, done after it. A row with a lease and a fencing number is the truth."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from models.base import JSON, TIME, TenantRow, one_of
from models.ids import now

STAGES = ("waiting", "leased", "done", "dead")


class OutboxMessage(TenantRow, table=True):
    """One background function to run with these arguments, as the actor who promised it."""

    __tablename__ = "outbox_messages"
    function: str
    arguments: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    actor_id: UUID | None = None
    actor_name: str = ""
    state: str = "waiting"
    created_at: datetime = Field(default_factory=now, sa_type=TIME)
    due_at: datetime = Field(default_factory=now, sa_type=TIME)
    leased_until: datetime | None = Field(default=None, sa_type=TIME)
    fence: int = 0
    attempts: int = 0
    error: str = ""
    done_at: datetime | None = Field(default=None, sa_type=TIME)

    __table_args__ = (
        one_of("state", STAGES),
        Index("ix_outbox_messages_due", "due_at", postgresql_where=text("state IN ('waiting', 'leased')")),
    )
