"""Invoices on screens: the list with what is owed, one invoice's page with its ledger and payments."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from models.access import Permission
from models.clients import Client
from models.contacts import Contact
from models.invoices import INVOICE_MACHINE, PAYMENT_WORDS, Invoice, InvoiceLine
from models.jobs import Job
from models.ledger_entries import RECEIVABLE, LedgerEntry
from models.properties import Property
from models.tenants import Tenant
from ontrack_app.schemas.common import MoveBody, MoveCard
from ontrack_app.schemas.screens.common import Badge, Fact, ListPage, ListQuery, Total
from ontrack_app.schemas.screens.invoices import InvoiceRecord, InvoiceRow, PaymentLine
from ontrack_app.schemas.screens.papers import Paper
from ontrack_app.services import clients, invoices, ledger_entries
from ontrack_app.services.invoices.cards import is_overdue, lines_of, payment_status
from ontrack_app.services.moves import open_moves
from ontrack_app.services.properties import one_line
from ontrack_app.services.screens import (
    belongings,
    invoice_ledger,
    lists,
    papers,
    related,
    timeline,
    track,
    words,
)
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

STAGE = col(Invoice.stage)
OWED = (
    select(func.coalesce(func.sum(col(LedgerEntry.amount_cents)), 0))
    .where(col(LedgerEntry.tenant_id) == col(Invoice.tenant_id), col(LedgerEntry.account) == RECEIVABLE)
    .where(col(LedgerEntry.invoice_id) == col(Invoice.id))
    .correlate(Invoice)
    .scalar_subquery()
)


def listing(work: Work, asked: ListQuery) -> tuple[list[InvoiceRow], ListPage]:
    """The invoices that the address asks for.

    Raises:
        Forbidden: the role may not see invoices. Invalid: as `lists.page` says.
    """
    work.actor.require(Permission.INVOICES_READ)
    found, foot = lists.page(work, Invoice, views(work), asked, sort=_usual_sort(asked.tab))
    names = related.client_names(work, [row.client_id for row in found])
    owed = ledger_entries.balances(work, [row.id for row in found])
    foot.filters = belongings.chips(work, asked)
    return [_row(work, row, names.get(row.client_id, ""), owed[row.id]) for row in found], foot


def open_sums(work: Work) -> tuple[str, str]:
    """What is owed in all, and what of it is past due, as text."""
    work.actor.require(Permission.INVOICES_READ)
    past = (STAGE == "issued", col(Invoice.due_on) < today(work))
    return _sum(work, STAGE == "issued"), _sum(work, *past)


def record(work: Work, invoice_id: UUID) -> tuple[InvoiceRecord, Paper]:
    """One invoice's page, and its lines.

    Raises:
        NotFound: there is none here. Forbidden: the role may not see invoices.
    """
    work.actor.require(Permission.INVOICES_READ)
    invoice = work.get(Invoice, invoice_id)
    stored = lines_of(work, invoice.id)
    owed = ledger_entries.balance(work, invoice.id) if invoice.stage == "issued" else 0
    return _record(work, invoice, owed), paper(work, invoice, stored, owed)


def paper(work: Work, invoice: Invoice, stored: Sequence[InvoiceLine], owed: int) -> Paper:
    """The invoice's lines and totals; once issued, down to what is due."""
    moves = {"moves": _moves(work, invoice, _receiver(work, invoice), owed)}
    made = papers.paper(work, invoice, stored).model_copy(update=moves)
    if invoice.stage != "issued":
        return made
    rows = [*made.rows, Total(label="Total", amount=papers.figure(work, invoice.total_cents))]
    if owed != invoice.total_cents:
        rows.append(Total(label="Paid", amount=papers.figure(work, owed - invoice.total_cents)))
    due = {"rows": rows, "label": f"Due, {invoice.currency}", "total": words.money(work, max(owed, 0))}
    return made.model_copy(update=due)


def move(work: Work, invoice_id: UUID, name: str, reason: str, version: int) -> None:
    """Makes one move.

    Raises:
        NotFound, Conflict, Forbidden, Invalid, Stale: as their words say; a refused move changes nothing.
    """
    invoices.move(work, invoice_id, name, MoveBody(reason=reason or None), version=version)


def badge(stage: str) -> Badge:
    """A stage as a word with its tint."""
    return Badge(word=INVOICE_MACHINE.label(stage), tint=INVOICE_MACHINE.tint(stage))


def facts_of(work: Work, invoice: Invoice, owed: int) -> list[Badge]:
    """What is worked out of an issued invoice: how far it is paid, how late it is."""
    if invoice.stage != "issued":
        return []
    word, tint = PAYMENT_WORDS[payment_status(invoice, owed)]
    found = [Badge(word=word, tint=tint)]
    if is_overdue(work, invoice, owed) and invoice.due_on is not None:
        late = (today(work) - invoice.due_on).days
        found.append(Badge(word=f"{words.some(late, 'day')} past due", tint="bad"))
    return found


def today(work: Work) -> date:
    """The day in the tenant's time zone."""
    return words.local(work, work.at).date()


def views(work: Work) -> list[View]:
    """The tabs of the list; home counts by them too."""
    issued = STAGE == "issued"
    return [
        View("open", "Open", (issued, OWED > 0)),
        View("past_due", "Past due", (issued, col(Invoice.due_on) < today(work), OWED > 0)),
        View("drafts", "Drafts", (STAGE == "draft",)),
        View("paid", "Paid", (issued, OWED <= 0)),
        View("all", "All"),
    ]


def _usual_sort(tab: str) -> str:
    return "due_on" if tab in ("", "open", "past_due") else "-created_at"


def _sum(work: Work, *conditions: object) -> str:
    query = (
        select(func.coalesce(func.sum(col(LedgerEntry.amount_cents)), 0))
        .join(Invoice, (col(Invoice.tenant_id) == col(LedgerEntry.tenant_id)) & (col(Invoice.id) == col(LedgerEntry.invoice_id)))
        .where(col(LedgerEntry.tenant_id) == work.actor.tenant_id, col(LedgerEntry.account) == RECEIVABLE)
        .where(*conditions)  # type: ignore[arg-type]
    )  # fmt: skip
    return words.money(work, int(work.session.execute(query).scalar_one()))


def _row(work: Work, row: Invoice, client: str, owed: int) -> InvoiceRow:
    issued = row.stage == "issued"
    return InvoiceRow(
        id=str(row.id),
        number=row.number or "No number yet",
        title=row.title or row.number or "Invoice",
        client=client,
        stage=badge(row.stage),
        facts=facts_of(work, row, owed),
        due=words.day(row.due_on),
        total=words.money(work, row.total_cents),
        balance=words.money(work, owed) if issued else "",
    )


def _record(work: Work, invoice: Invoice, owed: int) -> InvoiceRecord:
    client = work.get(Client, invoice.client_id)
    place = work.find(Property, invoice.property_id) if invoice.property_id else None
    contact = _receiver(work, invoice)
    issued = invoice.stage == "issued"
    return InvoiceRecord(
        id=str(invoice.id),
        version=invoice.version,
        number=invoice.number or "Draft",
        title=invoice.number or f"Invoice for {client.name}",
        title_text=invoice.title,
        quiet=_quiet(invoice, client, place),
        stage=badge(invoice.stage),
        badges=facts_of(work, invoice, owed),
        stage_key=invoice.stage,
        editable=invoice.stage == "draft" and work.actor.granted(Permission.INVOICES_WRITE),
        track=track.from_invoice(work, invoice),
        timeline=timeline.of(work, [invoice.id], fields=Invoice.FIELDS),
        facts=_facts(work, invoice, client, place),
        note=invoice.note_to_client,
        terms=invoice.terms or work.find_tenant(Tenant).document_terms,
        frozen=_frozen(work, invoice),
        due_on=invoice.due_on.isoformat() if invoice.due_on else "",
        ledger=invoice_ledger.strip(work, invoice, owed, late=is_overdue(work, invoice, owed)),
        payments=_payments(work, invoice),
        payable=issued and owed > 0 and work.actor.granted(Permission.PAYMENTS_RECORD),
        pdf=f"/api/v1/invoices/{invoice.id}/pdf",
        tax_codes=papers.codes(work),
        mailed_to=contact.email if contact else "",
    )


def _receiver(work: Work, invoice: Invoice) -> Contact | None:
    chosen = work.find(Contact, invoice.contact_id) if invoice.contact_id else None
    return chosen or clients.primary_contact(work, invoice.client_id)


def _payments(work: Work, invoice: Invoice) -> list[PaymentLine]:
    return invoice_ledger.payments(work, invoice) if work.actor.granted(Permission.PAYMENTS_READ) else []


def _quiet(invoice: Invoice, client: Client, place: Property | None) -> str:
    when = []
    if invoice.issued_on:
        when.append(f"issued {words.day(invoice.issued_on)}")
    if invoice.due_on:
        when.append(f"due {words.day(invoice.due_on)}")
    parts = (client.name, one_line(place), ", ".join(when))
    return " · ".join(part for part in parts if part)


def _facts(work: Work, invoice: Invoice, client: Client, place: Property | None) -> list[Fact]:
    job = work.find(Job, invoice.job_id) if invoice.job_id else None
    return [
        Fact(label="For", value=invoice.title),
        Fact(label="Client", value=client.name, href=f"/clients/{client.id}"),
        Fact(label="Property", value=one_line(place), href=f"/properties/{place.id}" if place else ""),
        Fact(label="Job", value=job.number if job else "None", href=f"/jobs/{job.id}" if job else ""),
        Fact(label="Bill to", value=client.bill_to or client.name),
    ]


def _frozen(work: Work, invoice: Invoice) -> str:
    if invoice.stage == "draft" or invoice.issued_at is None:
        return ""
    since = words.local(work, invoice.issued_at)
    return f"Lines, tax rows and terms are frozen since {since:%b} {since.day}."


def _moves(work: Work, invoice: Invoice, contact: Contact | None, owed: int) -> list[MoveCard]:
    """Issue while it is a draft, record a payment while something is owed; voiding stands in the menu."""
    paid_in_part = invoice.stage == "issued" and owed != invoice.total_cents
    found = open_moves(
        work,
        INVOICE_MACHINE,
        invoice.stage,
        title=invoice.number or "this draft",
        without={"void"} if paid_in_part else (),
    )
    result = [move.model_copy(update=_issue_words(work, invoice, contact) if move.name == "issue" else {"primary": False}) for move in found]  # fmt: skip
    if invoice.stage == "issued" and owed > 0 and work.actor.granted(Permission.PAYMENTS_RECORD):
        result.insert(0, MoveCard(name="pay", label="Record payment", primary=True))
    return result


def _issue_words(work: Work, invoice: Invoice, contact: Contact | None) -> dict[str, object]:
    total = words.money(work, invoice.total_cents)
    mailed = f"{contact.name} is mailed a link at {contact.email}." if contact and contact.email else (
        "The client has no e-mail, so nothing is mailed."
    )  # fmt: skip
    return {
        "label": "Issue the invoice",
        "primary": True,
        "confirm_title": f"Issue this invoice over {total}",
        "confirm_text": f"It takes its number, and lines and taxes are frozen. {mailed}",
    }
