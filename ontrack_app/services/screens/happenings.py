"""The only home of "just happened": the company's latest events that somebody in the office wants to know."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from models.audit_entries import AuditEntry
from models.estimates import Estimate
from models.invoices import Invoice
from models.jobs import Job
from models.leads import Lead
from models.payments import Payment
from models.visits import Visit
from ontrack_app.schemas.screens.common import Happening
from ontrack_app.services.screens import related, words
from ontrack_app.work import Work

MOST = 8
LOOKED_AT = 400
WORDS = {
    "leads.created": ("new", "came in as a lead"),
    "leads.win": ("stage", "was won"),
    "estimates.send": ("mail", "was sent"),
    "estimates.approve": ("sign", "was approved"),
    "estimates.request_changes": ("note", "is to be changed"),
    "estimates.decline": ("stage", "was declined"),
    "visits.depart": ("visit", "has its crew on the way"),
    "visits.finish": ("visit", "was finished"),
    "visits.no_access": ("visit", "ended without access"),
    "jobs.complete": ("stage", "was completed"),
    "invoices.issue": ("file", "was issued"),
    "payments.succeed": ("money", "was paid"),
    "payments.fail": ("money", "could not be paid"),
}
NOUNS: dict[str, Any] = {
    str(model.__tablename__): model for model in (Lead, Estimate, Job, Visit, Invoice, Payment)
}


def latest(work: Work) -> list[Happening]:
    """The latest events, newest first, each with the name or number of its record."""
    recent = (
        select(col(AuditEntry.n))
        .where(col(AuditEntry.tenant_id) == work.actor.tenant_id)
        .order_by(col(AuditEntry.n).desc())
        .limit(LOOKED_AT)
        .subquery()
    )
    query = (
        select(AuditEntry)
        .where(col(AuditEntry.tenant_id) == work.actor.tenant_id, col(AuditEntry.n).in_(select(recent.c.n)))
        .where(col(AuditEntry.word).in_(WORDS))
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.n).desc())
        .limit(MOST)
    )
    entries: list[AuditEntry] = work.all(query)
    names = _names(work, entries)
    return [_happening(work, entry, names.get(entry.row_id, "")) for entry in entries if entry.row_id]


def _happening(work: Work, entry: AuditEntry, name: str) -> Happening:
    kind, text = WORDS[entry.word]
    by = f" by {entry.actor_name}" if entry.actor_name and text.startswith("was ") else ""
    return Happening(
        id=str(entry.n),
        who=name,
        text=f"{text}{by}",
        when=words.when(work, entry.at),
        when_full=words.moment(work, entry.at),
        body=entry.reason or "",
        kind=kind,
    )


def _names(work: Work, entries: Sequence[AuditEntry]) -> dict[UUID | None, str]:
    """What the records are called; one query for each kind of record among them."""
    found: dict[UUID | None, str] = {}
    for noun, model in NOUNS.items():
        rows: Iterable[Any] = related.by_id(
            work, model, [e.row_id for e in entries if e.noun == noun]
        ).values()
        found |= {row.id: _name(work, row) for row in rows}
    return found


def _name(work: Work, row: Any) -> str:
    if isinstance(row, Payment):
        return words.money(work, row.amount_cents)
    for part in ("number", "name", "title"):
        if text := getattr(row, part, ""):
            return str(text)
    return ""
