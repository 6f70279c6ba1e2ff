"""Idempotency keys: forgetting the answers that nobody may ask for again."""

from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import col

from models.idempotency_keys import IdempotencyKey
from ontrack_app.work import Work

KEPT = timedelta(hours=24)


def purge(work: Work) -> int:
    """Deletes this tenant's answers older than 24 hours; returns how many."""
    old = delete(IdempotencyKey).where(
        col(IdempotencyKey.tenant_id) == work.actor.tenant_id, col(IdempotencyKey.created_at) < work.at - KEPT
    )
    found: int = work.session.connection().execute(old).rowcount
    return found
