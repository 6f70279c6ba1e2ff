"""Entries of the trail as the API shows them."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime

from ontrack_app.schemas.common import Card


class AuditEntryCard(Card):
    """One entry: who did what to which row, what it was before and after, and the hash that chains it to the one before."""

    n: int
    at: AwareDatetime
    actor_id: UUID | None
    actor_name: str
    actor_role: str
    word: str
    noun: str
    row_id: UUID | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str | None
    ip: str
    hash: str
