"""The moves of an invoice: issued with its number, or voided; and the mail with the link that opens it."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.clients import Client
from models.contacts import Contact
from models.invoices import INVOICE_MACHINE, Invoice, InvoiceLine
from models.payments import Allocation
from models.tenants import Tenant
from ontrack_app.errors import Conflict
from ontrack_app.schemas.common import MoveBody
from ontrack_app.schemas.invoices import InvoiceCard
from ontrack_app.services import clients, document_links, ledger_entries, lines, mails, numbers
from ontrack_app.services.invoices.cards import card, lines_of
from ontrack_app.work import Work, index_words

LINK_LASTS = timedelta(days=180)


def move(
    work: Work, invoice_id: UUID, name: str, body: MoveBody, *, version: int | None = None
) -> InvoiceCard:
    """Makes one move.

    Raises:
        NotFound, Conflict, Forbidden, Invalid, Stale: as their words say; a refused move changes nothing.
    """
    work.actor.require(Permission.INVOICES_READ)
    invoice = work.lock(Invoice, invoice_id, version=version)
    was = invoice.stage
    stored = None
    if name == "issue" and was == "draft":
        work.actor.require(Permission.INVOICES_ISSUE)
        stored = _issue(work, invoice)
    work.advance(invoice, INVOICE_MACHINE, name, reason=body.reason)
    if name == "void":
        _void(work, invoice, was)
    return card(work, invoice, stored)


def mail_issued(work: Work, invoice_id: UUID) -> None:
    """Mails the contact a link that opens this invoice; nothing where it is void or nobody has an e-mail."""
    invoice = work.get(Invoice, invoice_id)
    chosen = work.find(Contact, invoice.contact_id) if invoice.contact_id else None
    contact = chosen or clients.primary_contact(work, invoice.client_id)
    if invoice.stage != "issued" or contact is None or not contact.email:
        return
    link = document_links.add(work, invoice, contact, work.at + LINK_LASTS)
    mails.invoice_issued(work, invoice, contact, link)
    work.record("invoices.mailed", invoice, after={"to": contact.email})


def _issue(work: Work, invoice: Invoice) -> list[InvoiceLine]:
    """While it is still a draft: the lines are worked out and written for the last time, then the number is taken."""
    stored = lines_of(work, invoice.id)
    if not stored:
        raise Conflict("It has no line yet. Add what is billed, then issue it.")
    lines.price(work, invoice, stored)
    work.session.flush()
    tenant, client = work.find_tenant(Tenant), work.get(Client, invoice.client_id)
    today = work.at.astimezone(work.actor.tenant.zone).date()
    days = tenant.payment_terms_days if client.payment_terms_days is None else client.payment_terms_days
    invoice.issued_on, invoice.issued_at = today, work.at
    invoice.due_on = invoice.due_on or today + timedelta(days=days)
    invoice.terms = tenant.document_terms
    invoice.number = numbers.take(work, "invoice")
    index_words(invoice)
    ledger_entries.issued(work, invoice)
    work.later("invoices.mail_issued", invoice_id=invoice.id)
    return stored


def _void(work: Work, invoice: Invoice, was: str) -> None:
    if was != "issued":
        return
    if work.first(work.of(Allocation).where(col(Allocation.invoice_id) == invoice.id)) is not None:
        raise Conflict("A payment is allocated to it, so it cannot be voided. Make a credit note.")
    ledger_entries.voided(work, invoice)
    document_links.revoke(work, invoice)
