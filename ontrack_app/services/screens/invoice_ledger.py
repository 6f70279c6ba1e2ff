"""Why an invoice's balance is what it is: its ledger entries in a row, and the payments behind them."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col

from models.invoices import Invoice
from models.ledger_entries import LedgerEntry
from models.members import Member
from models.payments import METHODS, PAYMENT_MACHINE, Allocation, Payment
from ontrack_app.schemas.screens.common import Badge
from ontrack_app.schemas.screens.invoices import LedgerStep, PaymentLine
from ontrack_app.services import ledger_entries
from ontrack_app.services.screens import related, words
from ontrack_app.work import Work

METHOD_WORDS = dict(METHODS)
ENTRY_WORDS = {"invoice_issued": "Issued", "invoice_voided": "Voided"}


def strip(work: Work, invoice: Invoice, owed: int, *, late: bool) -> list[LedgerStep]:
    """The entries of the ledger, each with what it left, and the balance at the end; none for a draft."""
    entries = ledger_entries.of_invoice(work, invoice.id)
    if not entries:
        return []
    found = related.by_id(work, Payment, [entry.payment_id for entry in entries])
    steps, left = [], 0
    for entry in entries:
        left += entry.amount_cents
        steps.append(_step(work, entry, found, left))
    tone = "bad" if late else ("" if owed > 0 else "good")
    label = "Balance due" if owed >= 0 else "Paid too much"
    total = words.some(len(entries), "entry", "entries")
    steps.append(
        LedgerStep(when="Today", label=label, amount=words.money(work, abs(owed)), leaves=f"sum of {total}", tone=tone, end=True)
    )  # fmt: skip
    return steps


def payments(work: Work, invoice: Invoice) -> list[PaymentLine]:
    """The invoice's payments, newest first: what settled it, and what was tried and failed."""
    parts: list[Allocation] = work.all(work.of(Allocation).where(col(Allocation.invoice_id) == invoice.id))
    settled = {part.payment_id: part.amount_cents for part in parts}
    query = work.of(Payment).where(
        or_(col(Payment.id).in_(list(settled)), col(Payment.invoice_id) == invoice.id)
    )
    found: list[Payment] = work.all(query.order_by(col(Payment.received_at).desc(), col(Payment.id).desc()))
    people = recorders(work, found)
    return [_line(work, payment, settled.get(payment.id), people) for payment in found]


def recorders(work: Work, found: Iterable[Payment]) -> dict[UUID, str]:
    """Who recorded payments by hand: names by user id, in one query."""
    wanted = {payment.created_by for payment in found if payment.created_by is not None}
    if not wanted:
        return {}
    members: list[Member] = work.all(work.of(Member).where(col(Member.user_id).in_(wanted)))
    return {member.user_id: member.name for member in members}


def name_of(payment: Payment) -> str:
    """A payment in two words: Cheque 1188."""
    method = METHOD_WORDS.get(payment.method, payment.method)
    return f"{method} {payment.reference}".strip()


def _step(work: Work, entry: LedgerEntry, found: dict[UUID, Payment], left: int) -> LedgerStep:
    payment = found.get(entry.payment_id) if entry.payment_id else None
    at = words.local(work, payment.received_at if payment else entry.at)
    return LedgerStep(
        when=f"{at:%b} {at.day}",
        label=name_of(payment) if payment else ENTRY_WORDS.get(entry.kind, "Entry"),
        amount=words.money(work, entry.amount_cents),
        leaves=f"leaves {words.money(work, left)}",
        tone="good" if entry.amount_cents < 0 else "",
    )


def _line(work: Work, payment: Payment, part: int | None, people: dict[UUID, str]) -> PaymentLine:
    failed = payment.stage == "failed"
    who = people.get(payment.created_by) if payment.created_by else None
    by = (
        f", recorded by {who}"
        if who and not payment.gateway
        else ", in the portal"
        if payment.gateway
        else ""
    )
    shown = payment.amount_cents if part is None else part
    whole = (
        "" if part in (None, payment.amount_cents) else f", part of {words.money(work, payment.amount_cents)}"
    )
    return PaymentLine(
        id=str(payment.id),
        label=name_of(payment),
        amount=words.money(work, shown),
        more=f"{words.moment(work, payment.received_at)}{by}{whole}",
        why=payment.failure,
        stage=Badge(word=PAYMENT_MACHINE.label(payment.stage), tint=PAYMENT_MACHINE.tint(payment.stage)),
        failed=failed,
    )
