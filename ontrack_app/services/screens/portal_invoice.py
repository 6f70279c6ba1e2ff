"""One invoice as its client reads it: what is to pay and how, what was done, what was paid."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.invoices import Invoice
from models.payments import METHODS, PAYMENT_MACHINE, Allocation, Payment
from models.properties import Property
from ontrack_app.integrations.payments_sandbox import NAME as SANDBOX
from ontrack_app.schemas.screens.common import Badge, Total
from ontrack_app.schemas.screens.portal_invoices import PaidRow, PortalInvoice
from ontrack_app.services import brands, checkouts, ledger_entries
from ontrack_app.services.invoices.cards import lines_of
from ontrack_app.services.screens import papers, portal, words
from ontrack_app.services.screens.portal_invoices import due_badge
from ontrack_app.work import Work

METHOD_WORDS = dict(METHODS)
CAME_IN = ("succeeded", "partly_refunded", "refunded", "disputed")
STILL_TOLD = timedelta(days=3)


def record(work: Work, invoice_id: UUID) -> PortalInvoice:
    """The page of one invoice.

    Raises:
        NotFound: there is none that this reader may know.
    """
    work.actor.require(Permission.INVOICES_READ)
    invoice = work.get(Invoice, invoice_id)
    owed = ledger_entries.balance(work, invoice.id) if invoice.stage == "issued" else 0
    tried = _payments(work, invoice)
    paper = papers.paper(work, invoice, lines_of(work, invoice.id))
    place = work.find(Property, invoice.property_id) if invoice.property_id else None
    kind = "void" if invoice.stage == "void" else "due" if owed > 0 else "paid"
    gateway = checkouts.gateway()
    return PortalInvoice(
        id=str(invoice.id),
        kind=kind,
        above=f"Invoice {invoice.number or ''}",
        title=invoice.title or f"Invoice {invoice.number or ''}",
        place=portal.place_line(place),
        note=invoice.note_to_client,
        facts=[due_badge(work, invoice.due_on)] if kind == "due" else [],
        owed_label=f"To pay, {invoice.currency}",
        owed=words.money(work, max(owed, 0)),
        summary=_summary(work, invoice, owed),
        can_pay=kind == "due" and checkouts.is_offered(work, invoice),
        is_test=gateway is not None and gateway.name == SANDBOX,
        pending=_pending(work, tried) if kind == "due" else "",
        trouble=_trouble(work, tried) if kind == "due" else "",
        answer=_answer(work, kind),
        issued=words.day(invoice.issued_on),
        lines=paper.lines,
        rows=paper.rows,
        total_label=f"Total, {invoice.currency}",
        total=paper.total,
        payments=[_paid_row(work, payment, cents) for payment, cents in tried]
        + _unseen(work, invoice, tried),
        terms=invoice.terms,
        pdf=f"/api/v1/invoices/{invoice.id}/pdf",
    )


def _payments(work: Work, invoice: Invoice) -> list[tuple[Payment, int]]:
    """Payments that settle a part of it, with that part, and those that were tried for it; newest first."""
    parts: list[Allocation] = work.all(work.of(Allocation).where(col(Allocation.invoice_id) == invoice.id))
    share: dict[UUID, int] = {}
    for part in parts:
        share[part.payment_id] = share.get(part.payment_id, 0) + part.amount_cents
    query = work.of(Payment).where(
        (col(Payment.id).in_(list(share))) | (col(Payment.invoice_id) == invoice.id)
    )
    found: list[Payment] = work.all(query.order_by(col(Payment.received_at).desc(), col(Payment.id).desc()))
    return [(payment, share.get(payment.id, payment.amount_cents)) for payment in found]


def _unseen(work: Work, invoice: Invoice, tried: Sequence[tuple[Payment, int]]) -> list[PaidRow]:
    """Parts of payments that settle other invoices too: the bearer of a link sees the part, not the payment."""
    query = work.of(Allocation).where(
        col(Allocation.invoice_id) == invoice.id,
        col(Allocation.payment_id).not_in([one.id for one, _ in tried]),
    )
    return [
        PaidRow(
            label="Payment",
            when=words.day(words.local(work, part.created_at).date()),
            amount=papers.figure(work, -part.amount_cents),
            stage=Badge(),
        )
        for part in work.all(query.order_by(col(Allocation.created_at).desc()))
    ]


def _summary(work: Work, invoice: Invoice, owed: int) -> list[Total]:
    """From the total to what is left; nothing where nothing was paid yet."""
    if invoice.stage != "issued" or owed == invoice.total_cents:
        return []
    return [
        Total(label="Total", amount=papers.figure(work, invoice.total_cents)),
        Total(label="Paid so far", amount=papers.figure(work, owed - invoice.total_cents)),
    ]


def _latest_online(tried: Sequence[tuple[Payment, int]]) -> Payment | None:
    return max((one for one, _ in tried if one.gateway), key=lambda one: one.updated_at, default=None)


def _pending(work: Work, tried: Sequence[tuple[Payment, int]]) -> str:
    """That an online payment was begun and its end is not known yet."""
    latest = _latest_online(tried)
    if latest is None or latest.stage != "pending":
        return ""
    return (
        f"A payment was begun {words.when(work, latest.created_at)} and is not finished. Pay goes on with it."
    )


def _trouble(work: Work, tried: Sequence[tuple[Payment, int]]) -> str:
    """Why the last online payment did not come, for some days."""
    latest = _latest_online(tried)
    if latest is None or latest.stage != "failed" or latest.updated_at < work.at - STILL_TOLD:
        return ""
    return latest.failure


def _answer(work: Work, kind: str) -> str:
    if kind == "void":
        return "It was voided: nothing is owed on it."
    if kind == "paid":
        return f"{brands.face(work).name} has your payment. Nothing is owed on this invoice."
    return ""


def _paid_row(work: Work, payment: Payment, cents: int) -> PaidRow:
    came = payment.stage in CAME_IN
    method = METHOD_WORDS.get(payment.method, payment.method)
    reference = f", {payment.reference}" if payment.reference else ""
    word, tint = PAYMENT_MACHINE.label(payment.stage), PAYMENT_MACHINE.tint(payment.stage)
    return PaidRow(
        label=f"{method}{reference}",
        when=words.day(words.local(work, payment.received_at).date()),
        amount=papers.figure(work, -cents) if came else papers.figure(work, cents),
        stage=Badge() if payment.stage == "succeeded" else Badge(word=word, tint=tint),
    )
