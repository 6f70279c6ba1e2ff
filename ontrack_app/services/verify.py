"""The only home of the checks that what is stored adds up: ledger, trail, outbox, files. They read; they mend nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text

from models.access import Permission
from ontrack_app.work import Work

LEFT_LYING = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What the file store must have under a key."""

    key: str
    size: int
    sha256: str
    name: str


UNBALANCED_INVOICES = text("""
  SELECT i.number, i.total_cents, coalesce(sum(l.amount_cents) FILTER (WHERE l.kind IN ('invoice_issued', 'invoice_voided')), 0) AS owed
  FROM invoices i LEFT JOIN ledger_entries l ON l.tenant_id = i.tenant_id AND l.invoice_id = i.id AND l.account = 'receivable'
  WHERE i.number IS NOT NULL GROUP BY i.tenant_id, i.id
  HAVING coalesce(sum(l.amount_cents) FILTER (WHERE l.kind IN ('invoice_issued', 'invoice_voided')), 0)
         <> CASE WHEN i.stage = 'issued' THEN i.total_cents ELSE 0 END
  ORDER BY i.number LIMIT 20
""")
UNBALANCED_LINES = text("""
  SELECT i.number FROM invoices i JOIN invoice_lines l ON l.tenant_id = i.tenant_id AND l.invoice_id = i.id
  WHERE i.stage = 'issued' GROUP BY i.tenant_id, i.id HAVING sum(l.net_cents) <> i.subtotal_cents ORDER BY i.number LIMIT 20
""")
UNBALANCED_PAYMENTS = text("""
  SELECT p.id, p.amount_cents FROM payments p
  LEFT JOIN ledger_entries l ON l.tenant_id = p.tenant_id AND l.payment_id = p.id AND l.kind = 'payment_received'
  GROUP BY p.tenant_id, p.id
  HAVING coalesce(-sum(l.amount_cents), 0) <> CASE WHEN p.stage IN ('pending', 'failed') THEN 0 ELSE p.amount_cents END
  ORDER BY p.id LIMIT 20
""")
UNBALANCED_ALLOCATIONS = text("""
  SELECT p.id FROM payments p
  LEFT JOIN (SELECT tenant_id, payment_id, sum(amount_cents) AS cents FROM allocations GROUP BY 1, 2) a
    ON a.tenant_id = p.tenant_id AND a.payment_id = p.id
  LEFT JOIN (SELECT tenant_id, payment_id, -sum(amount_cents) AS cents FROM ledger_entries
             WHERE account = 'receivable' AND kind = 'payment_allocated' GROUP BY 1, 2) l
    ON l.tenant_id = p.tenant_id AND l.payment_id = p.id
  WHERE coalesce(a.cents, 0) <> coalesce(l.cents, 0) OR coalesce(a.cents, 0) > p.amount_cents ORDER BY p.id LIMIT 20
""")
DEAD = text("SELECT function, error FROM outbox_messages WHERE state = 'dead' ORDER BY created_at LIMIT 20")
LYING = text("SELECT count(*) FROM outbox_messages WHERE state IN ('waiting', 'leased') AND due_at < :since")
UNSERVED = text("""
  SELECT f.id, f.name FROM files f WHERE f.stage = 'clean' AND NOT EXISTS (
    SELECT 1 FROM file_variants v WHERE v.tenant_id = f.tenant_id AND v.file_id = f.id AND v.name <> 'thumbnail') LIMIT 20
""")
HELD = text("SELECT count(*) FROM files WHERE stage = 'scanning' AND updated_at < :since")
SAMPLE = text("""
  SELECT v.key, v.size, v.sha256, f.name FROM file_variants v JOIN files f ON f.tenant_id = v.tenant_id AND f.id = v.file_id
  WHERE f.stage = 'clean' AND f.archived_at IS NULL ORDER BY random() LIMIT :most
""")
HEAD = text("SELECT n, hash FROM audit_heads WHERE tenant_id = app.tenant_id()")
HASH_AT = text("SELECT hash FROM audit_entries WHERE tenant_id = app.tenant_id() AND n = :n")
BROKEN_ENTRY = text("SELECT app.first_broken_entry()")


def problems(work: Work) -> list[str]:
    """Everything in this tenant that does not add up, in words; empty where all is well.

    Raises:
        Forbidden: the actor may not read the trail.
    """
    work.actor.require(Permission.AUDIT_READ)
    return [*_ledger(work), *_trail(work), *_outbox(work), *_file_rows(work)]


def _ledger(work: Work) -> Iterator[str]:
    for row in work.session.execute(UNBALANCED_INVOICES):
        yield f"Ledger: invoice {row.number} says {row.total_cents} cents, the ledger {row.owed}."
    for row in work.session.execute(UNBALANCED_LINES):
        yield f"Ledger: the lines of invoice {row.number} do not come to its subtotal."
    for row in work.session.execute(UNBALANCED_PAYMENTS):
        yield f"Ledger: payment {row.id} of {row.amount_cents} cents does not stand in the ledger as it should."
    for row in work.session.execute(UNBALANCED_ALLOCATIONS):
        yield f"Ledger: the allocations of payment {row.id} do not match the ledger."


def _trail(work: Work) -> Iterator[str]:
    first = work.session.execute(BROKEN_ENTRY).scalar_one()
    if first is not None:
        yield f"Trail: entry {first} was changed, added, taken out or cut off; the chain does not hold from there on."


def standing(work: Work) -> tuple[int, str]:
    """Where the company's chain stands: the number and the hash of its last entry."""
    work.actor.require(Permission.AUDIT_READ)
    row = work.session.execute(HEAD).first()
    return (row.n, row.hash) if row else (0, "")


def hash_at(work: Work, number: int) -> str:
    """The hash of one entry; empty where there is none."""
    work.actor.require(Permission.AUDIT_READ)
    found: str | None = work.session.execute(HASH_AT, {"n": number}).scalar_one_or_none()
    return found or ""


def _outbox(work: Work) -> Iterator[str]:
    for row in work.session.execute(DEAD):
        yield f"Outbox: “{row.function}” was given up: {row.error or 'no words'}."
    lying = work.session.execute(LYING, {"since": work.at - LEFT_LYING}).scalar_one()
    if lying:
        yield f"Outbox: {lying} messages have been due for more than an hour. Is the worker running?"


def _file_rows(work: Work) -> Iterator[str]:
    for row in work.session.execute(UNSERVED):
        yield f"Files: “{row.name}” ({row.id}) is ready, and there is nothing of it to serve."
    held = work.session.execute(HELD, {"since": work.at - LEFT_LYING}).scalar_one()
    if held:
        yield f"Files: {held} have waited for more than an hour to be checked. Do the scanner and the file store answer?"


def file_sample(work: Work, most: int) -> list[KeptFile]:
    """Some files that are served, by chance: what the store must have of them.

    Raises:
        Forbidden: the actor may not read the trail.
    """
    work.actor.require(Permission.AUDIT_READ)
    return [KeptFile(*row) for row in work.session.execute(SAMPLE, {"most": most})]
