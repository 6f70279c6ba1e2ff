"""Payments: recorded by hand or moved by the gateway's events, allocated to invoices, written to the ledger."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col

from models.access import Permission, Role
from models.clients import Client
from models.ids import new_id
from models.invoices import Invoice
from models.money import Money, format_money
from models.payments import PAYMENT_MACHINE, Allocation, Payment
from ontrack_app.errors import Conflict, FieldError, Forbidden, Invalid
from ontrack_app.schemas.common import MoneyBody, Page
from ontrack_app.schemas.invoices import AllocationCard, PaymentBody, PaymentCard
from ontrack_app.services import amounts, ledger_entries, listing
from ontrack_app.services.listing import Query
from ontrack_app.work import Work, standing

COPIED = {
    "id", "client_id", "method", "stage", "reference", "failure", "received_at", "version", "created_at", "updated_at",
    "archived_at",
}  # fmt: skip

LOCKED = (
    standing(Invoice)
    .where(col(Invoice.id).in_(bindparam("invoice_ids", expanding=True)))
    .order_by(col(Invoice.id))
    .with_for_update()
)


def create(work: Work, body: PaymentBody) -> PaymentCard:
    """Money that came in by hand: recorded, succeeded and allocated in one go.

    Raises:
        Invalid: not above zero, more allocated than came in, invoices of several clients, neither client nor invoice.
        Conflict: an invoice is not issued, or less is owed on it than is allocated.
    """
    work.actor.require(Permission.PAYMENTS_RECORD)
    amount = amounts.own(work, body.amount, "amount")
    if amount.cents == 0:
        raise _wrong("amount", "A payment is more than zero.")
    wanted = [
        (item.invoice_id, amounts.own(work, item.amount, "allocations").cents) for item in body.allocations
    ]
    invoices = _lock_invoices(work, [invoice_id for invoice_id, _ in wanted])
    payment = Payment(
        tenant_id=work.actor.tenant_id,
        id=new_id(),
        client_id=_payer(work, body, invoices),
        method=body.method,
        amount_cents=amount.cents,
        currency=amount.currency,
        reference=body.reference,
        note=body.note,
        received_at=body.received_at or work.at,
    )
    _check_parts(work, amount.cents, wanted, invoices)
    parts = wanted or oldest_due(work, payment.client_id, amount.cents)
    work.add(payment)
    after = {"method": payment.method, "amount_cents": amount.cents}
    work.record("payments.created", payment, after=after)
    return card(work, payment, settle(work, payment, parts))


def succeed(work: Work, payment_id: UUID, *, fee_cents: int = 0) -> None:
    """The gateway says that the money came: allocated to its invoice as far as that is owed, the rest is credit. A
    second word of the same changes nothing.

    Raises:
        Forbidden: anyone but OnTrack itself. NotFound, Conflict: as their words say.
    """
    payment = _of_gateway(work, payment_id)
    if payment.stage == "succeeded":
        return
    payment.fee_cents = fee_cents
    parts: list[tuple[UUID, int]] = []
    if payment.invoice_id is not None:
        _lock_invoices(work, [payment.invoice_id])
        owed = ledger_entries.balance(work, payment.invoice_id)
        if owed > 0:
            parts = [(payment.invoice_id, min(owed, payment.amount_cents))]
    settle(work, payment, parts)
    work.later("payments.mail_received", payment_id=payment.id)


def fail(work: Work, payment_id: UUID, words: str) -> None:
    """The gateway says that the money did not come, and why. A second word of the same changes nothing.

    Raises:
        Forbidden: anyone but OnTrack itself. NotFound, Conflict: as their words say.
    """
    payment = _of_gateway(work, payment_id)
    if payment.stage in ("failed", "succeeded"):
        return
    payment.failure = words[:500]
    work.advance(payment, PAYMENT_MACHINE, "fail", reason=words)


def get(work: Work, payment_id: UUID) -> PaymentCard:
    """One payment.

    Raises:
        NotFound: there is none here, or none that may be known.
    """
    work.actor.require(Permission.PAYMENTS_READ)
    return card(work, work.get(Payment, payment_id))


def list_page(work: Work, query: Query) -> Page[PaymentCard]:
    """A page of payments, as `listing.Query` asks."""
    work.actor.require(Permission.PAYMENTS_READ)
    found = listing.page(work, Payment, query)
    parts: dict[UUID, list[Allocation]] = {row.id: [] for row in found.rows}
    for part in work.all(work.of(Allocation).where(col(Allocation.payment_id).in_(list(parts)))):
        parts[part.payment_id].append(part)
    return Page(items=[card(work, row, parts[row.id]) for row in found.rows], next_cursor=found.next_cursor)


def card(work: Work, payment: Payment, parts: Sequence[Allocation] | None = None) -> PaymentCard:
    """The payment as the API shows it; the gateway's fee is the office's affair."""
    if parts is None:
        parts = work.all(work.of(Allocation).where(col(Allocation.payment_id) == payment.id))
    currency = payment.currency
    settled = payment.amount_cents if payment.stage == "succeeded" else 0
    return PaymentCard.model_construct(
        amount=MoneyBody.of(payment.amount_cents, currency),
        fee=MoneyBody.of(payment.fee_cents if work.actor.is_office else 0, currency),
        unallocated=MoneyBody.of(max(0, settled - sum(part.amount_cents for part in parts)), currency),
        allocations=[
            AllocationCard(invoice_id=part.invoice_id, amount=MoneyBody.of(part.amount_cents, currency))
            for part in parts
        ],
        **payment.model_dump(include=COPIED),
    )


def settle(work: Work, payment: Payment, parts: Sequence[tuple[UUID, int]]) -> list[Allocation]:
    """Moves a payment to succeeded, writes it to the ledger, and allocates its parts; invoices are locked already."""
    work.advance(payment, PAYMENT_MACHINE, "succeed")
    work.write(payment)
    ledger_entries.received(work, payment)
    allocations = []
    for invoice_id, cents in parts:
        allocation = Allocation(
            tenant_id=payment.tenant_id,
            id=new_id(),
            payment_id=payment.id,
            invoice_id=invoice_id,
            amount_cents=cents,
            created_at=work.at,
        )
        work.session.add(allocation)
        allocations.append(allocation)
        ledger_entries.allocated(work, payment, invoice_id, cents)
        invoice = work.get(Invoice, invoice_id)
        work.record("invoices.paid", invoice, after={"amount_cents": cents, "payment_id": payment.id})
    work.session.flush()
    return allocations


def oldest_due(work: Work, client_id: UUID, cents: int) -> list[tuple[UUID, int]]:
    """How an amount settles a client's invoices, the oldest due first; what is left over is credit."""
    query = work.of(Invoice).where(col(Invoice.client_id) == client_id, col(Invoice.stage) == "issued")
    found: list[Invoice] = work.all(query.order_by(col(Invoice.due_on), col(Invoice.id)).with_for_update())
    owed = ledger_entries.balances(work, [invoice.id for invoice in found])
    parts = []
    for invoice in found:
        part = min(cents, owed[invoice.id])
        if part > 0:
            parts.append((invoice.id, part))
            cents -= part
    return parts


def _lock_invoices(work: Work, invoice_ids: Sequence[UUID]) -> dict[UUID, Invoice]:
    if not invoice_ids:
        return {}
    found: dict[UUID, Invoice] = {row.id: row for row in work.all(LOCKED, invoice_ids=list(invoice_ids))}
    for invoice_id in invoice_ids:
        if invoice_id not in found:
            raise _wrong("allocations.invoice_id", "There is no invoice with this id.")
    return found


def _payer(work: Work, body: PaymentBody, invoices: dict[UUID, Invoice]) -> UUID:
    payers = {invoice.client_id for invoice in invoices.values()}
    if body.client_id is not None:
        work.need(Client, body.client_id, "client_id")
        payers.add(body.client_id)
    if not payers:
        raise _wrong("client_id", "Say whose payment it is: a client, or the invoices that it settles.")
    if len(payers) > 1:
        raise _wrong("allocations", "One payment settles invoices of one client.")
    return payers.pop()


def _check_parts(
    work: Work, cents: int, wanted: list[tuple[UUID, int]], invoices: dict[UUID, Invoice]
) -> None:
    if sum(part for _, part in wanted) > cents:
        raise _wrong("allocations", "More is allocated than came in.")
    if len(invoices) != len(wanted):
        raise _wrong("allocations", "An invoice is named twice.")
    owed = ledger_entries.balances(work, invoices)
    for invoice_id, part in wanted:
        invoice = invoices[invoice_id]
        if part == 0:
            raise _wrong("allocations", "An allocation is more than zero.")
        if invoice.stage != "issued":
            raise Conflict("Only an issued invoice can be paid.")
        if part > owed[invoice_id]:
            left = format_money(Money(owed[invoice_id], invoice.currency), work.actor.tenant.locale)
            raise Conflict(
                f"On {invoice.number} only {left} is owed. Allocate less; the rest becomes credit."
            )


def _of_gateway(work: Work, payment_id: UUID) -> Payment:
    if work.actor.role is not Role.SYSTEM:
        raise Forbidden("Only the payment gateway's own word moves a card payment.")
    return work.lock(Payment, payment_id)


def _wrong(field: str, words: str) -> Invalid:
    return Invalid(words, errors=[FieldError(field, words)])
