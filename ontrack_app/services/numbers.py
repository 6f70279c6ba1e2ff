"""The only home of document numbers: the next one of a kind, taken under a lock in the transaction that uses it."""

from sqlalchemy import text

from models.ids import new_id
from models.numbers import format_number
from ontrack_app.work import Work

DEFAULTS = {"estimate": "EST-{YYYY}-{00000}", "job": "JOB-{YYYY}-{00000}", "invoice": "INV-{YYYY}-{00000}"}
TAKE = text("""
    WITH written AS (SELECT coalesce((SELECT pattern FROM number_patterns WHERE tenant_id = :tenant AND kind = :kind), :usual) AS pattern)
    INSERT INTO number_sequences (tenant_id, id, kind, period, last)
    SELECT :tenant, :id, :kind, CASE WHEN strpos(pattern, '{YY') > 0 THEN :year ELSE '' END, 1 FROM written
    ON CONFLICT (tenant_id, kind, period) DO UPDATE SET last = number_sequences.last + 1
    RETURNING last, (SELECT pattern FROM written) AS pattern
""")


def take(work: Work, kind: str) -> str:
    """The next number of the kind, without gaps: the counter's row stays locked until this transaction ends, and a
    transaction that fails gives its number back. Patterns with a year count anew each year, by the tenant's calendar."""
    year = work.at.astimezone(work.actor.tenant.zone).year
    given = {
        "tenant": work.actor.tenant_id,
        "id": new_id(),
        "kind": kind,
        "usual": DEFAULTS[kind],
        "year": str(year),
    }
    taken = work.session.execute(TAKE, given).one()
    return format_number(taken.pattern, year=year, n=taken.last)
