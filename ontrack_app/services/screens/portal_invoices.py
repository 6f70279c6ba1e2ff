"""Invoices for those who pay them: the list, and the way to the pay page."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from models.access import Permission
from models.invoices import Invoice
from models.ledger_entries import RECEIVABLE, LedgerEntry
from ontrack_app.schemas.screens.common import Badge, ListPage, ListQuery
from ontrack_app.schemas.screens.portal_invoices import PortalInvoiceRow
from ontrack_app.services import ledger_entries
from ontrack_app.services.screens import lists, portal, words
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

STAGE = col(Invoice.stage)


def owed_sum() -> ColumnElement[int]:
    """What is owed on the invoice of a query's row, as a sum over the ledger."""
    return (
        select(func.coalesce(func.sum(col(LedgerEntry.amount_cents)), 0))
        .where(col(LedgerEntry.tenant_id) == col(Invoice.tenant_id))
        .where(col(LedgerEntry.invoice_id) == col(Invoice.id), col(LedgerEntry.account) == RECEIVABLE)
        .correlate(Invoice)
        .scalar_subquery()
    )


VIEWS = (
    View("all", "All"),
    View("due", "To pay", (STAGE == "issued", owed_sum() > 0)),
    View("paid", "Paid", (STAGE == "issued", owed_sum() <= 0)),
)


def listing(work: Work, asked: ListQuery) -> tuple[list[PortalInvoiceRow], ListPage]:
    """The invoices of the reader's client that the address asks for.

    Raises:
        Invalid: as `lists.page` says.
    """
    work.actor.require(Permission.INVOICES_READ)
    found, foot = lists.page(work, Invoice, VIEWS, asked)
    places = portal.places(work, (row.property_id for row in found))
    owed = ledger_entries.balances(work, [row.id for row in found])
    return [_row(work, row, places, owed[row.id]) for row in found], foot


def to_pay(work: Work, most: int) -> list[Invoice]:
    """Issued invoices on which something is owed, the earliest due first."""
    query = work.of(Invoice).where(STAGE == "issued", owed_sum() > 0, col(Invoice.archived_at).is_(None))
    found: list[Invoice] = work.all(query.order_by(col(Invoice.due_on), col(Invoice.id)).limit(most))
    return found


def stage_badge(invoice: Invoice, owed: int) -> Badge:
    """Where the invoice stands, in its client's words."""
    if invoice.stage == "void":
        return Badge(word="Void", tint="idle")
    if owed <= 0:
        return Badge(word="Paid", tint="good")
    return Badge(word="Partly paid" if owed < invoice.total_cents else "To pay", tint="waiting")


def due_badge(work: Work, due_on: date | None) -> Badge:
    """How far the due date is: plain while there is time, red once it has passed."""
    if due_on is None:
        return Badge(word="Due now")
    left = (due_on - words.local(work, work.at).date()).days
    if left < 0:
        return Badge(word=f"{words.some(-left, 'day')} past due", tint="bad")
    if left <= 1:
        return Badge(word="Due tomorrow" if left else "Due today", tint="waiting")
    return Badge(word=f"Due {portal.day(work, due_on)}")


def _row(work: Work, row: Invoice, places: Mapping[UUID, str], owed: int) -> PortalInvoiceRow:
    due = row.stage == "issued" and owed > 0
    return PortalInvoiceRow(
        id=str(row.id),
        title=row.title or (row.number or ""),
        number=row.number or "",
        place=places.get(row.property_id, "") if row.property_id else "",
        when=due_badge(work, row.due_on).word if due else portal.day(work, row.issued_on),
        stage=stage_badge(row, owed),
        total=words.money(work, row.total_cents),
        owed=words.money(work, max(owed, 0)) if due else "",
    )
