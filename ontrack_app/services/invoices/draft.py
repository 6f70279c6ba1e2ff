"""Drafting an invoice from a job, and changing the draft."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col

from models.access import Permission
from models.estimates import Estimate
from models.ids import new_id
from models.invoices import Invoice, InvoiceLine
from models.jobs import Job
from ontrack_app.errors import Conflict
from ontrack_app.schemas.invoices import InvoiceBody, InvoiceCard, InvoicePatch
from ontrack_app.services import lines, rows
from ontrack_app.services.estimates import cards as estimates
from ontrack_app.services.invoices.cards import card, lines_of
from ontrack_app.work import Work, standing

COPIED = ("description", "unit", "quantity", "unit_price", "discount_cents")

OF_JOB = (
    standing(Invoice).where(col(Invoice.job_id) == bindparam("job_id"), col(Invoice.stage) != "void").limit(1)
)
AGREED = (
    standing(Estimate)
    .where(col(Estimate.job_id) == bindparam("job_id"), col(Estimate.stage) == "converted")
    .limit(1)
)


def create(work: Work, body: InvoiceBody) -> InvoiceCard:
    """A draft for a job: the approved estimate's lines, discounts and tax codes, or the lines given.

    Raises:
        Conflict: the job has an unvoided invoice already, or neither an estimate nor lines; it is cancelled.
        Invalid: there is no such job; a line that cannot be.
    """
    work.actor.require(Permission.INVOICES_WRITE)
    job = work.lock(Job, body.job_id, field="job_id")
    if job.stage == "cancelled":
        raise Conflict(f"{job.number} is cancelled, so there is nothing to bill.")
    other: Invoice | None = work.first(OF_JOB, job_id=job.id)
    if other is not None:
        raise Conflict(
            f"{job.number} has an invoice already: {other.number or 'a draft'}. Void it to make another."
        )
    estimate = _estimate_of(work, job)
    invoice = Invoice(
        tenant_id=work.actor.tenant_id,
        id=new_id(),
        title=job.title,
        client_id=job.client_id,
        property_id=job.property_id,
        job_id=job.id,
        estimate_id=estimate.id if estimate else None,
        contact_id=estimate.contact_id if estimate else None,
        currency=work.actor.tenant.currency,
        due_on=body.due_on,
        note_to_client=body.note_to_client,
    )
    stored = _lines(work, invoice, body, estimate, job)
    lines.price(work, invoice, stored)
    work.add(invoice)
    work.session.flush()
    work.session.add_all(stored)
    work.record("invoices.created", invoice, after={"job": job.number, "total_cents": invoice.total_cents})
    return card(work, invoice, stored)


def patch(work: Work, invoice_id: UUID, body: InvoicePatch, *, version: int | None = None) -> InvoiceCard:
    """Changes a draft; `lines` replaces all lines.

    Raises:
        Conflict: it is issued or void, and so never edited. NotFound, Forbidden, Stale, Invalid: as their words say.
    """
    work.actor.require(Permission.INVOICES_READ)
    invoice = work.lock(Invoice, invoice_id, version=version)
    work.actor.require(Permission.INVOICES_WRITE)
    if invoice.stage != "draft":
        raise Conflict("An issued invoice is never edited. Void it, or make a credit note.")
    given = rows.given(body, without=["lines"])
    rows.change(work, invoice, given, word="invoices.changed", nullable=["due_on"])
    if body.lines is None:
        return card(work, invoice)
    for old in lines_of(work, invoice.id):
        work.session.delete(old)
    work.session.flush()
    stored = [
        _line(invoice, at, v.columns(with_cost=False)) for at, v in enumerate(lines.read(work, body.lines))
    ]
    work.session.add_all(stored)
    before = {"total_cents": invoice.total_cents}
    lines.price(work, invoice, stored)
    work.changed(invoice)
    work.record("invoices.lines_changed", invoice, before=before, after={"total_cents": invoice.total_cents})
    return card(work, invoice, stored)


def _lines(
    work: Work, invoice: Invoice, body: InvoiceBody, estimate: Estimate | None, job: Job
) -> list[InvoiceLine]:
    if body.lines is not None:
        return [
            _line(invoice, at, v.columns(with_cost=False))
            for at, v in enumerate(lines.read(work, body.lines))
        ]
    if estimate is None:
        raise Conflict(f"{job.number} has no approved estimate to bill. Give the lines of the invoice.")
    offered = estimates.lines_of(work, estimate.id)
    return [
        _line(
            invoice, at, {name: getattr(line, name) for name in COPIED} | {"tax_codes": list(line.tax_codes)}
        )
        for at, line in enumerate(offered)
    ]


def _line(invoice: Invoice, at: int, values: dict[str, Any]) -> InvoiceLine:
    return InvoiceLine(tenant_id=invoice.tenant_id, id=new_id(), invoice_id=invoice.id, position=at, **values)


def _estimate_of(work: Work, job: Job) -> Estimate | None:
    found: Estimate | None = work.first(AGREED, job_id=job.id)
    return found
