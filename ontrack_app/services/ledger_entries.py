"""The ledger: the only home of money facts and of every balance, which is a sum of them."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from models.access import Permission
from models.ids import new_id
from models.invoices import Invoice
from models.ledger_entries import CREDIT, RECEIVABLE, LedgerEntry
from models.payments import Payment
from ontrack_app.work import Work

BALANCES = (
    select(col(LedgerEntry.invoice_id), func.sum(col(LedgerEntry.amount_cents)))
    .where(col(LedgerEntry.tenant_id) == bindparam("tenant_id"), col(LedgerEntry.account) == RECEIVABLE)
    .where(col(LedgerEntry.invoice_id).in_(bindparam("invoice_ids", expanding=True)))
    .group_by(col(LedgerEntry.invoice_id))
)


def issued(work: Work, invoice: Invoice) -> None:
    """An invoice is owed from now on."""
    _add(work, invoice.client_id, RECEIVABLE, "invoice_issued", invoice.total_cents, invoice_id=invoice.id)


def voided(work: Work, invoice: Invoice) -> None:
    """An invoice is not owed any more."""
    _add(work, invoice.client_id, RECEIVABLE, "invoice_voided", -invoice.total_cents, invoice_id=invoice.id)


def received(work: Work, payment: Payment) -> None:
    """A payment came in: the client's credit until it is allocated."""
    _add(work, payment.client_id, CREDIT, "payment_received", -payment.amount_cents, payment_id=payment.id)


def allocated(work: Work, payment: Payment, invoice_id: UUID, cents: int) -> None:
    """Part of a payment settles part of an invoice: the credit shrinks, and so does what is owed."""
    common = {"invoice_id": invoice_id, "payment_id": payment.id}
    _add(work, payment.client_id, RECEIVABLE, "payment_allocated", -cents, **common)
    _add(work, payment.client_id, CREDIT, "payment_allocated", cents, **common)


def balance(work: Work, invoice_id: UUID) -> int:
    """What is still owed on an invoice, in minor units; below zero where more was paid."""
    return balances(work, [invoice_id])[invoice_id]


def balances(work: Work, invoice_ids: Iterable[UUID]) -> dict[UUID, int]:
    """What is still owed on each invoice, in minor units."""
    wanted = dict.fromkeys(invoice_ids, 0)
    if not wanted:
        return wanted
    given = {"tenant_id": work.actor.tenant_id, "invoice_ids": list(wanted)}
    for invoice_id, cents in work.session.execute(BALANCES, given):
        wanted[invoice_id] = int(cents)
    return wanted


def credit(work: Work, client_id: UUID) -> int:
    """What a client has paid that settles nothing yet, in minor units."""
    query = (
        select(func.coalesce(func.sum(col(LedgerEntry.amount_cents)), 0))
        .where(col(LedgerEntry.tenant_id) == work.actor.tenant_id, col(LedgerEntry.account) == CREDIT)
        .where(col(LedgerEntry.client_id) == client_id)
    )
    return -int(work.session.execute(query).scalar_one())


def of_invoice(work: Work, invoice_id: UUID) -> list[LedgerEntry]:
    """The facts behind an invoice's balance, oldest first."""
    work.actor.require(Permission.INVOICES_READ)
    query = work.of(LedgerEntry).where(
        col(LedgerEntry.invoice_id) == invoice_id, col(LedgerEntry.account) == RECEIVABLE
    )
    found: list[LedgerEntry] = work.all(query.order_by(col(LedgerEntry.at), col(LedgerEntry.id)))
    return found


def _add(  # noqa: PLR0913 - one column each
    work: Work,
    client_id: UUID,
    account: str,
    kind: str,
    cents: int,
    *,
    invoice_id: UUID | None = None,
    payment_id: UUID | None = None,
) -> None:
    work.session.add(
        LedgerEntry(
            tenant_id=work.actor.tenant_id,
            id=new_id(),
            account=account,
            kind=kind,
            client_id=client_id,
            invoice_id=invoice_id,
            payment_id=payment_id,
            amount_cents=cents,
            currency=work.actor.tenant.currency,
            at=work.at,
        )
    )
