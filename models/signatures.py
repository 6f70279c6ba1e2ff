"""Signatures: who agreed to what, when and from where, bound to the hash of the document that was shown."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from models.base import JSON, TIME, TenantRow, index, one_of
from models.ids import now


class Signature(TenantRow, table=True):
    """One act of signing: typed, drawn, or given to the office in another way, with its evidence."""

    __tablename__ = "signatures"
    noun: str
    row_id: UUID
    kind: str
    name: str
    strokes: list[Any] | None = Field(default=None, sa_type=JSON)
    evidence: str = ""
    document_hash: str
    signed_at: datetime = Field(default_factory=now, sa_type=TIME)
    signed_by: UUID | None = None
    ip: str = ""
    user_agent: str = ""

    __table_args__ = (
        one_of("kind", ("typed", "drawn")),
        one_of("noun", ("estimates", "visits")),
        index("ix_signatures_row", "noun", "row_id"),
    )
