"""Jobs: the customer's work, from the first visit to the closed file."""

from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col

from models.access import Permission
from models.clients import Client
from models.ids import new_id
from models.invoices import Invoice
from models.jobs import JOB_MACHINE, Job
from models.properties import Property
from models.visits import OVER, VISIT_MACHINE, Visit
from ontrack_app.errors import Conflict, FieldError, Invalid
from ontrack_app.schemas.common import MoveBody, Page
from ontrack_app.schemas.jobs import JobBody, JobCard, JobPatch
from ontrack_app.services import ledger_entries, listing, numbers, rows
from ontrack_app.services.listing import Query
from ontrack_app.work import Work, standing

VISITS = (
    standing(Visit)
    .where(col(Visit.job_id) == bindparam("job_id"), col(Visit.archived_at).is_(None))
    .order_by(col(Visit.planned_start).nulls_last(), col(Visit.id))
)


def create(work: Work, body: JobBody) -> JobCard:
    """A job without an estimate.

    Raises:
        Invalid: there is no such client, or the property is another client's.
    """
    work.actor.require(Permission.JOBS_WRITE)
    work.need(Client, body.client_id, "client_id")
    if (
        body.property_id is not None
        and work.need(Property, body.property_id, "property_id").client_id != body.client_id
    ):
        words = "This property belongs to another client."
        raise Invalid(words, errors=[FieldError("property_id", words)])
    job = Job(
        tenant_id=work.actor.tenant_id, id=new_id(), number=numbers.take(work, "job"), **body.model_dump()
    )
    work.add(job)
    work.record("jobs.created", job, after={"number": job.number})
    return card(work, job)


def patch(work: Work, job_id: UUID, body: JobPatch, *, version: int | None = None) -> JobCard:
    """Changes a job's facts; its stage only changes by moves.

    Raises:
        NotFound, Forbidden, Stale: as their words say.
    """
    work.actor.require(Permission.JOBS_READ)
    job = work.lock(Job, job_id, version=version)
    work.actor.require(Permission.JOBS_WRITE)
    rows.change(work, job, rows.given(body), word="jobs.changed")
    return card(work, job)


def get(work: Work, job_id: UUID) -> JobCard:
    """One job.

    Raises:
        NotFound: there is none here, or none that may be known.
    """
    work.actor.require(Permission.JOBS_READ)
    return card(work, work.get(Job, job_id))


def list_page(work: Work, query: Query) -> Page[JobCard]:
    """A page of jobs, as `listing.Query` asks."""
    work.actor.require(Permission.JOBS_READ)
    found = listing.page(work, Job, query)
    return Page(items=[card(work, row) for row in found.rows], next_cursor=found.next_cursor)


def archive(work: Work, job_id: UUID, *, version: int | None = None) -> None:
    """Puts a job away."""
    rows.archive(work, Job, job_id, Permission.JOBS_DELETE, version=version)


def move(work: Work, job_id: UUID, name: str, body: MoveBody, *, version: int | None = None) -> JobCard:
    """Makes one move.

    Raises:
        NotFound, Conflict, Forbidden, Invalid, Stale: as their words say; a refused move changes nothing.
    """
    work.actor.require(Permission.JOBS_READ)
    job = work.lock(Job, job_id, version=version)
    work.advance(job, JOB_MACHINE, name, reason=body.reason)
    with work.session.no_autoflush:
        if name == "complete":
            _complete(work, job)
        elif name == "cancel":
            _cancel(work, job, body.reason)
        elif name == "close":
            _close(work, job)
        elif name == "reopen":
            job.completed_at = None
    return card(work, job)


def card(work: Work, job: Job) -> JobCard:
    """The job as the API shows it; the PO number is between office and client."""
    shown = job.model_dump(include=set(JobCard.model_fields))
    if not (work.actor.is_office or work.actor.is_customer):
        shown["po_number"] = ""
    return JobCard.model_construct(**shown)


def visits_of(work: Work, job_id: UUID) -> list[Visit]:
    """The job's visits in their order of planning."""
    found: list[Visit] = work.all(VISITS, job_id=job_id)
    return found


def blockers(work: Work, job: Job) -> list[str]:
    """What still stands in the way of completing the job, in words."""
    still = [visit for visit in visits_of(work, job.id) if visit.stage not in OVER]
    if not still:
        return []
    without_date = sum(1 for visit in still if visit.stage == "unscheduled")
    words = []
    if without_date:
        words.append(f"{without_date} {'visit has' if without_date == 1 else 'visits have'} no date")
    if rest := len(still) - without_date:
        words.append(f"{rest} {'visit is' if rest == 1 else 'visits are'} not finished")
    return words


def _complete(work: Work, job: Job) -> None:
    if open_things := blockers(work, job):
        raise Conflict(f"{job.number} cannot be completed yet: {' and '.join(open_things)}.")
    job.completed_at = work.at


def _cancel(work: Work, job: Job, reason: str | None) -> None:
    billed = work.of(Invoice).where(col(Invoice.job_id) == job.id, col(Invoice.stage) == "issued")
    if work.first(billed) is not None:
        raise Conflict("It has an issued invoice. Void or credit that first.")
    for visit in visits_of(work, job.id):
        if visit.stage not in OVER:
            work.advance(visit, VISIT_MACHINE, "cancel", reason=reason)


def _close(work: Work, job: Job) -> None:
    query = work.of(Invoice).where(col(Invoice.job_id) == job.id, col(Invoice.stage) == "issued")
    invoices: list[Invoice] = work.all(query)
    if not invoices:
        raise Conflict("It has no issued invoice yet, so it cannot be closed as paid.")
    owed = sum(ledger_entries.balance(work, invoice.id) for invoice in invoices)
    if owed > 0:
        raise Conflict("Its invoice is not paid in full yet.")
