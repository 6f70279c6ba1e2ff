"""The only home of what was written for a client or at a property: its latest estimates, jobs and invoices."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col

from models.estimates import ESTIMATE_MACHINE, Estimate
from models.invoices import INVOICE_MACHINE, PAYMENT_WORDS, Invoice
from models.jobs import JOB_MACHINE, Job
from models.machines import Machine
from ontrack_app.schemas.screens.clients import PaperRow, Papers
from ontrack_app.schemas.screens.common import Badge
from ontrack_app.services import ledger_entries
from ontrack_app.services.invoices.cards import is_overdue, payment_status
from ontrack_app.services.screens import words
from ontrack_app.work import Work

MOST = 8


def of_client(work: Work, client_id: UUID) -> list[Papers]:
    """What was written for a client, each with the way to all of it."""
    return _papers(work, "client_id", client_id)


def of_property(work: Work, property_id: UUID) -> list[Papers]:
    """What was written for the work at one place."""
    return _papers(work, "property_id", property_id)


def _papers(work: Work, column: str, row_id: UUID) -> list[Papers]:
    asked = f"?tab=all&{column}={row_id}"
    estimates: list[Estimate] = _latest(work, Estimate, col(getattr(Estimate, column)) == row_id)
    jobs: list[Job] = _latest(work, Job, col(getattr(Job, column)) == row_id)
    invoices: list[Invoice] = _latest(work, Invoice, col(getattr(Invoice, column)) == row_id)
    owed = ledger_entries.balances(work, [invoice.id for invoice in invoices])
    invoices_href = f"/invoices{asked}" if column == "client_id" else ""
    return [
        Papers(
            title="Estimates",
            all_href=f"/estimates{asked}",
            rows=[_row(work, row, ESTIMATE_MACHINE, words.money(work, row.total_cents)) for row in estimates],
        ),
        Papers(
            title="Jobs", all_href=f"/jobs{asked}", rows=[_row(work, row, JOB_MACHINE, "") for row in jobs]
        ),
        Papers(
            title="Invoices",
            all_href=invoices_href,
            rows=[_invoice(work, row, owed[row.id]) for row in invoices],
        ),
    ]


def _latest(work: Work, model: Any, condition: ColumnElement[bool]) -> list[Any]:
    query = work.of(model).where(condition, col(model.archived_at).is_(None))
    return work.all(query.order_by(col(model.created_at).desc(), col(model.id).desc()).limit(MOST))


def _row(work: Work, row: Estimate | Job | Invoice, machine: Machine, amount: str) -> PaperRow:
    return PaperRow(
        id=str(row.id),
        href=f"/{row.__tablename__}/{row.id}",
        number=row.number or "Draft",
        title=row.title,
        stage=Badge(word=machine.label(row.stage), tint=machine.tint(row.stage)),
        when=words.day(words.local(work, row.created_at).date()),
        amount=amount,
    )


def _invoice(work: Work, invoice: Invoice, owed: int) -> PaperRow:
    """An issued invoice says how far it is paid; a draft or a void one says that."""
    shown = _row(work, invoice, INVOICE_MACHINE, words.money(work, invoice.total_cents))
    if invoice.stage == "issued":
        word, tint = PAYMENT_WORDS[payment_status(invoice, owed)]
        if is_overdue(work, invoice, owed):
            word, tint = "Past due", "bad"
        return shown.model_copy(update={"stage": Badge(word=word, tint=tint)})
    return shown
