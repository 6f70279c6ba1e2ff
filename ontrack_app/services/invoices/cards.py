"""Invoices as readers see them, with what is paid and owed worked out from the ledger."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col

from models.access import Permission
from models.invoices import Invoice, InvoiceLine
from ontrack_app.schemas.common import MoneyBody, Page
from ontrack_app.schemas.invoices import InvoiceCard
from ontrack_app.services import ledger_entries, lines, listing, rows
from ontrack_app.services.listing import Query
from ontrack_app.work import Work, standing

COPIED = {
    "id", "number", "kind", "title", "stage", "client_id", "property_id", "job_id", "estimate_id", "issued_on", "due_on",
    "note_to_client", *rows.TRAIL,
}  # fmt: skip

LINES = (
    standing(InvoiceLine)
    .where(col(InvoiceLine.invoice_id) == bindparam("invoice_id"))
    .order_by(col(InvoiceLine.position))
)


def get(work: Work, invoice_id: UUID) -> InvoiceCard:
    """One invoice; customers do not see drafts.

    Raises:
        NotFound: there is none here, or none that may be known.
    """
    work.actor.require(Permission.INVOICES_READ)
    return card(work, work.get(Invoice, invoice_id))


def list_page(work: Work, query: Query) -> Page[InvoiceCard]:
    """A page of invoices, as `listing.Query` asks."""
    work.actor.require(Permission.INVOICES_READ)
    found = listing.page(work, Invoice, query)
    ids = [row.id for row in found.rows]
    stored: dict[UUID, list[InvoiceLine]] = {row_id: [] for row_id in ids}
    all_lines = work.of(InvoiceLine).where(col(InvoiceLine.invoice_id).in_(ids))
    for line in work.all(all_lines.order_by(col(InvoiceLine.position))):
        stored[line.invoice_id].append(line)
    owed = ledger_entries.balances(work, ids)
    items = [card(work, row, stored[row.id], owed[row.id]) for row in found.rows]
    return Page(items=items, next_cursor=found.next_cursor)


def card(
    work: Work, invoice: Invoice, stored: Sequence[InvoiceLine] | None = None, owed: int | None = None
) -> InvoiceCard:
    """The invoice as the API shows it."""
    currency = invoice.currency
    stored = lines_of(work, invoice.id) if stored is None else stored
    issued = invoice.stage == "issued"
    balance = 0
    if issued:
        balance = ledger_entries.balance(work, invoice.id) if owed is None else owed
    return InvoiceCard.model_construct(
        lines=lines.cards(stored, currency, with_cost=False),
        subtotal=MoneyBody.of(invoice.subtotal_cents, currency),
        tax=MoneyBody.of(invoice.tax_cents, currency),
        total=MoneyBody.of(invoice.total_cents, currency),
        tax_rows=lines.tax_cards(invoice.tax_rows, currency),
        paid=MoneyBody.of(invoice.total_cents - balance if issued else 0, currency),
        balance=MoneyBody.of(balance, currency),
        payment_status=payment_status(invoice, balance),
        overdue=is_overdue(work, invoice, balance),
        **{name: getattr(invoice, name) for name in COPIED},
    )


def lines_of(work: Work, invoice_id: UUID) -> list[InvoiceLine]:
    """The lines of an invoice in their order."""
    found: list[InvoiceLine] = work.all(LINES, invoice_id=invoice_id)
    return found


def payment_status(invoice: Invoice, balance: int) -> str:
    """unpaid, partly_paid, paid or overpaid; worked out, never stored."""
    if invoice.stage != "issued" or (balance == invoice.total_cents and balance > 0):
        return "unpaid"
    if balance > 0:
        return "partly_paid"
    return "paid" if balance == 0 else "overpaid"


def is_overdue(work: Work, invoice: Invoice, balance: int) -> bool:
    """Whether something is owed after the due date, in the tenant's time zone."""
    today = work.at.astimezone(work.actor.tenant.zone).date()
    return invoice.stage == "issued" and balance > 0 and invoice.due_on is not None and invoice.due_on < today
