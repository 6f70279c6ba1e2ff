"""The only home of document numbers: the next one of a kind, taken under a lock in the transaction that uses it."""

from sqlalchemy import text
from sqlmodel import col

from models.ids import new_id
from models.numbers import format_number
from models.tenants import NumberPattern
from ontrack_app.work import Work

DEFAULTS = {"estimate": "EST-{YYYY}-{00000}", "job": "JOB-{YYYY}-{00000}", "invoice": "INV-{YYYY}-{00000}"}
TAKE = text(
    "INSERT INTO number_sequences (tenant_id, id, kind, period, last) VALUES (:tenant, :id, :kind, :period, 1) "
    "ON CONFLICT (tenant_id, kind, period) DO UPDATE SET last = number_sequences.last + 1 RETURNING last"
)


def take(work: Work, kind: str) -> str:
    """The next number of the kind, without gaps: the counter's row stays locked until this transaction ends, and a
    transaction that fails gives its number back. Patterns with a year count anew each year, by the tenant's calendar."""
    pattern = work.first(work.of(NumberPattern).where(col(NumberPattern.kind) == kind))
    written = DEFAULTS[kind] if pattern is None else pattern.pattern
    year = work.at.astimezone(work.actor.tenant.zone).year
    period = str(year) if "{YY" in written else ""
    given = {"tenant": work.actor.tenant_id, "id": new_id(), "kind": kind, "period": period}
    return format_number(written, year=year, n=work.session.execute(TAKE, given).scalar_one())
