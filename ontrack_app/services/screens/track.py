"""The only home of the track: lead, estimate, job, visits, invoice, payment in one line, the same on every record's page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import col

from models.estimates import ESTIMATE_MACHINE, Estimate
from models.invoices import Invoice
from models.jobs import Job
from models.leads import Lead
from models.visits import Visit
from ontrack_app.schemas.screens.common import Step
from ontrack_app.services import ledger_entries
from ontrack_app.services.screens import words
from ontrack_app.work import Work


@dataclass
class Way:
    """What there is so far of one piece of work."""

    lead: Lead | None = None
    estimate: Estimate | None = None
    job: Job | None = None
    visits: Sequence[Visit] = field(default_factory=tuple)
    invoice: Invoice | None = None
    owed: int = 0


def from_lead(work: Work, lead: Lead) -> list[Step]:
    """The track on a lead's page."""
    way = Way(lead=lead)
    query = work.of(Estimate).where(col(Estimate.lead_id) == lead.id, col(Estimate.stage) != "voided")
    way.estimate = work.first(query.order_by(col(Estimate.created_at).desc()))
    return _after_estimate(work, way, "Lead")


def from_estimate(work: Work, estimate: Estimate) -> list[Step]:
    """The track on an estimate's page."""
    return _after_estimate(work, Way(lead=_lead_of(work, estimate), estimate=estimate), "Estimate")


def from_job(work: Work, job: Job, *, here: str = "Job") -> list[Step]:
    """The track on a job's page, or on that of one of its visits (`here="Visits"`)."""
    estimate: Estimate | None = work.first(
        work.of(Estimate).where(col(Estimate.job_id) == job.id, col(Estimate.stage) != "voided")
    )
    return _after_job(work, Way(lead=_lead_of(work, estimate), estimate=estimate, job=job), here)


def from_invoice(work: Work, invoice: Invoice) -> list[Step]:
    """The track on an invoice's page."""
    way = Way(invoice=invoice)
    way.job = work.find(Job, invoice.job_id) if invoice.job_id else None
    way.estimate = work.find(Estimate, invoice.estimate_id) if invoice.estimate_id else None
    way.lead = _lead_of(work, way.estimate)
    return _after_job(work, way, "Invoice")


def _lead_of(work: Work, estimate: Estimate | None) -> Lead | None:
    return work.find(Lead, estimate.lead_id) if estimate and estimate.lead_id else None


def _after_estimate(work: Work, way: Way, here: str) -> list[Step]:
    if way.estimate and way.estimate.job_id:
        way.job = work.find(Job, way.estimate.job_id)
    return _after_job(work, way, here)


def _after_job(work: Work, way: Way, here: str) -> list[Step]:
    if way.job:
        way.visits = work.all(
            work.of(Visit).where(col(Visit.job_id) == way.job.id, col(Visit.archived_at).is_(None), col(Visit.stage) != "cancelled")
        )  # fmt: skip
        if way.invoice is None:
            way.invoice = work.first(
                work.of(Invoice).where(col(Invoice.job_id) == way.job.id, col(Invoice.stage) != "void")
            )
    if way.invoice and way.invoice.stage == "issued":
        way.owed = ledger_entries.balance(work, way.invoice.id)
    return _steps(work, way, here)


def _steps(work: Work, way: Way, here: str) -> list[Step]:
    found = [
        _step("Lead", _lead_words(work, way.lead), _page("leads", way.lead), way.lead is not None),
        _step("Estimate", _estimate_words(way.estimate), _page("estimates", way.estimate), way.estimate is not None),
        _step("Job", way.job.number if way.job else "None yet", _page("jobs", way.job), way.job is not None),
        _step("Visits", _visit_words(way.visits), _page("jobs", way.job) if way.visits else "", _all_over(way.visits)),
        _step("Invoice", _invoice_words(way.invoice), _page("invoices", way.invoice), way.invoice is not None),
        _step("Payment", _paid_words(work, way), _page("invoices", way.invoice) if _issued(way) else "", _paid(way)),
    ]  # fmt: skip
    return [
        step.model_copy(update={"state": "now", "href": ""}) if step.label == here else step for step in found
    ]


def _step(label: str, value: str, href: str, done: bool) -> Step:
    return Step(label=label, value=value, state="done" if done else "later", href=href)


def _page(noun: str, row: Lead | Estimate | Job | Invoice | None) -> str:
    return f"/{noun}/{row.id}" if row else ""


def _lead_words(work: Work, lead: Lead | None) -> str:
    if lead is None:
        return "None"
    on = words.local(work, lead.created_at)
    return f"{lead.source or lead.name}, {on:%b} {on.day}"


def _estimate_words(estimate: Estimate | None) -> str:
    if estimate is None:
        return "None yet"
    if estimate.stage in ("approved", "converted"):
        return estimate.number
    return f"{estimate.number}, {ESTIMATE_MACHINE.label(estimate.stage).lower()}"


def _visit_words(visits: Sequence[Visit]) -> str:
    done = sum(1 for visit in visits if visit.stage == "done")
    return f"{done} of {len(visits)} done" if visits else "None yet"


def _all_over(visits: Sequence[Visit]) -> bool:
    return bool(visits) and all(visit.stage == "done" for visit in visits)


def _invoice_words(invoice: Invoice | None) -> str:
    if invoice is None:
        return "None yet"
    return invoice.number or ("Draft" if invoice.stage == "draft" else "Void")


def _issued(way: Way) -> bool:
    return way.invoice is not None and way.invoice.stage == "issued"


def _paid(way: Way) -> bool:
    return _issued(way) and way.owed <= 0


def _paid_words(work: Work, way: Way) -> str:
    if not _issued(way):
        return "None yet"
    return f"{words.money(work, way.owed)} due" if way.owed > 0 else "Paid"


def ids_of(work: Work, job_id: UUID) -> list[UUID]:
    """The ids of a job and its visits: whose trails make the job's timeline."""
    return [
        job_id,
        *(visit.id for visit in work.all(work.of(Visit).where(col(Visit.job_id) == job_id))),
    ]
