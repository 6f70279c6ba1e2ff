"""Jobs on screens: the list with its views, one job's page with visits, money and what is still needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import col

from models.access import Permission
from models.clients import Client
from models.estimates import Estimate
from models.invoices import Invoice
from models.jobs import JOB_MACHINE, Job
from models.properties import Property
from models.visits import OVER, UNDER_WAY, Visit
from ontrack_app.schemas.common import MoveBody, MoveCard
from ontrack_app.schemas.invoices import InvoiceBody
from ontrack_app.schemas.jobs import JobPatch
from ontrack_app.schemas.screens.common import Badge, Fact, Figure, ListPage, ListQuery
from ontrack_app.schemas.screens.jobs import JobRecord, JobRow, Need
from ontrack_app.services import invoices, jobs, ledger_entries
from ontrack_app.services.moves import open_moves
from ontrack_app.services.properties import one_line
from ontrack_app.services.screens import belongings, lists, papers, related, timeline, track, visits, words
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

STAGE = col(Job.stage)
BILLED = exists().where(
    col(Invoice.tenant_id) == col(Job.tenant_id), col(Invoice.job_id) == col(Job.id), col(Invoice.stage) == "issued"
)  # fmt: skip
NEXT_VISIT = exists().where(
    col(Visit.tenant_id) == col(Job.tenant_id), col(Visit.job_id) == col(Job.id), col(Visit.archived_at).is_(None),
    col(Visit.stage).in_(("scheduled", *UNDER_WAY)),
)  # fmt: skip
VIEWS = (
    View("open", "Open", (STAGE == "open",)),
    View("to_invoice", "To invoice", (STAGE == "completed", ~BILLED)),
    View("on_hold", "On hold", (STAGE == "on_hold",)),
    View("completed", "Completed", (STAGE.in_(("completed", "closed")),)),
    View("all", "All"),
    View("no_visit", "No next visit", (STAGE == "open", ~NEXT_VISIT), linked=True),
)
FACTS = ("title", "instructions", "po_number")


@dataclass(frozen=True)
class Money:
    """What a job is about in money, in minor units; without an invoice nothing is billed."""

    estimate: Estimate | None
    invoice: Invoice | None
    contract: int
    billed: int
    owed: int


def listing(work: Work, asked: ListQuery) -> tuple[list[JobRow], ListPage]:
    """The jobs that the address asks for.

    Raises:
        Forbidden: the role may not see jobs. Invalid: as `lists.page` says.
    """
    work.actor.require(Permission.JOBS_READ)
    found, foot = lists.page(work, Job, VIEWS, asked)
    names = related.client_names(work, [job.client_id for job in found])
    places = related.by_id(work, Property, [job.property_id for job in found])
    ids = [job.id for job in found]
    trips: dict[UUID, list[Visit]] = {job_id: [] for job_id in ids}
    query = work.of(Visit).where(col(Visit.job_id).in_(ids), col(Visit.archived_at).is_(None))
    for visit in work.all(query.order_by(col(Visit.planned_start), col(Visit.id))):
        trips[visit.job_id].append(visit)
    offers: list[Estimate] = work.all(
        work.of(Estimate).where(col(Estimate.job_id).in_(ids), col(Estimate.stage) == "converted")
    )
    sums = {offer.job_id: offer.total_cents for offer in offers}
    rows = []
    for job in found:
        row = _row(work, job, trips[job.id], sums.get(job.id))
        row.client = names.get(job.client_id, "")
        row.place = one_line(places.get(job.property_id)) if job.property_id else ""
        rows.append(row)
    foot.filters = belongings.chips(work, asked)
    return rows, foot


def record(work: Work, job_id: UUID) -> JobRecord:
    """One job's page.

    Raises:
        NotFound: there is none here. Forbidden: the role may not see jobs.
    """
    work.actor.require(Permission.JOBS_READ)
    job = work.get(Job, job_id)
    client = work.get(Client, job.client_id)
    place = work.find(Property, job.property_id) if job.property_id else None
    trips = jobs.visits_of(work, job.id)
    money = money_of(work, job)
    named = {visit.id: visit.title for visit in trips}
    plans = job.stage in ("open", "on_hold") and work.actor.granted(Permission.VISITS_WRITE)
    return JobRecord(
        id=str(job.id),
        version=job.version,
        number=job.number,
        title=job.title,
        title_text=job.title,
        quiet=" · ".join(part for part in (job.number, client.name, one_line(place)) if part),
        stage=badge(job.stage),
        badges=[one for one in (_fact(job, trips, money),) if one.word],
        stage_key=job.stage,
        editable=work.actor.granted(Permission.JOBS_WRITE),
        moves=_moves(work, job, trips, money),
        track=track.from_job(work, job),
        timeline=timeline.of(work, [job.id, *named], fields=Job.FIELDS, names=named),
        facts=_facts(work, job, client, place, money),
        visits=visits.rows(work, trips),
        visits_note=_done(trips),
        money=_figures(work, money),
        needs=_needs(trips) if job.stage == "open" else [],
        instructions=job.instructions,
        po_number=job.po_number,
        invoice_href=f"/invoices/{money.invoice.id}" if money.invoice else "",
        invoice_label=_invoice_label(money.invoice),
        can_plan=plans,
    )


def money_of(work: Work, job: Job) -> Money:
    """What the job was offered for, what is billed of it, what is still owed."""
    estimate: Estimate | None = work.first(
        work.of(Estimate).where(col(Estimate.job_id) == job.id, col(Estimate.stage) == "converted")
    )
    invoice: Invoice | None = work.first(
        work.of(Invoice).where(col(Invoice.job_id) == job.id, col(Invoice.stage) != "void")
    )
    issued = invoice is not None and invoice.stage == "issued"
    billed = invoice.total_cents if invoice is not None and issued else 0
    owed = ledger_entries.balance(work, invoice.id) if invoice is not None and issued else 0
    return Money(estimate, invoice, estimate.total_cents if estimate else billed, billed, owed)


def move(work: Work, job_id: UUID, name: str, reason: str, version: int) -> None:
    """Makes one move.

    Raises:
        NotFound, Conflict, Forbidden, Invalid, Stale: as their words say; a refused move changes nothing.
    """
    jobs.move(work, job_id, name, MoveBody(reason=reason or None), version=version)


def change_fact(work: Work, job_id: UUID, name: str, typed: str, version: int) -> None:
    """Changes one fact of a job: title, instructions for the crew, PO number.

    Raises:
        Invalid: it does not fit. NotFound, Forbidden, Stale: as their words say.
    """
    with papers.amounts_in_words(name):
        body = JobPatch.model_validate({name: typed.strip()} if name in FACTS else {})
    jobs.patch(work, job_id, body, version=version)


def make_invoice(work: Work, job_id: UUID) -> str:
    """Drafts the job's invoice, from its approved estimate where there is one; the address of its page.

    Raises:
        Conflict: there is one already, or the job is cancelled. NotFound, Forbidden: as their words say.
    """
    work.actor.require(Permission.INVOICES_WRITE)
    offered = money_of(work, work.get(Job, job_id)).estimate
    body = InvoiceBody(job_id=job_id, lines=None if offered else [])
    return f"/invoices/{invoices.create(work, body).id}"


def badge(stage: str) -> Badge:
    """A stage as a word with its tint."""
    return Badge(word=JOB_MACHINE.label(stage), tint=JOB_MACHINE.tint(stage))


def _row(work: Work, job: Job, trips: Sequence[Visit], contract: int | None) -> JobRow:
    ahead = [one for one in trips if one.stage not in OVER and one.planned_start is not None]
    following = words.local(work, ahead[0].planned_start) if ahead and ahead[0].planned_start else None
    return JobRow(
        id=str(job.id),
        number=job.number,
        title=job.title,
        client="",
        stage=badge(job.stage),
        fact=_undated(job, trips),
        visits=_done(trips),
        next=f"{following:%a, %b} {following.day}, {words.clock(following)}" if following else "",
        contract=words.money(work, contract),
    )


def _alive(trips: Sequence[Visit]) -> list[Visit]:
    return [visit for visit in trips if visit.stage != "cancelled"]


def _done(trips: Sequence[Visit]) -> str:
    alive = _alive(trips)
    return f"{sum(1 for one in alive if one.stage == 'done')} of {len(alive)} done" if alive else "None yet"


def _undated(job: Job, trips: Sequence[Visit]) -> Badge:
    if job.stage != "open":
        return Badge()
    if not _alive(trips):
        return Badge(word="No visit yet", tint="waiting")
    without = sum(1 for visit in trips if visit.stage == "unscheduled")
    return Badge(word=f"{words.some(without, 'visit')} without date" if without else "", tint="waiting")


def _fact(job: Job, trips: Sequence[Visit], money: Money) -> Badge:
    if job.stage == "completed" and not money.billed:
        return Badge(word="To invoice", tint="waiting")
    return _undated(job, trips)


def _facts(work: Work, job: Job, client: Client, place: Property | None, money: Money) -> list[Fact]:
    offer, bill = money.estimate, money.invoice
    found = [
        Fact(label="Client", value=client.name, href=f"/clients/{client.id}"),
        Fact(label="Opened", value=words.day(words.local(work, job.created_at).date())),
        Fact(label="Property", value=one_line(place), href=f"/properties/{place.id}" if place else ""),
        Fact(label="Estimate", value=offer.number if offer else "None", href=f"/estimates/{offer.id}" if offer else ""),
        Fact(label="Access", value=place.access_notes if place else ""),
        Fact(label="Invoice", value=(bill.number or "Draft") if bill else "None yet", href=f"/invoices/{bill.id}" if bill else ""),
    ]  # fmt: skip
    if job.completed_at:
        found.append(Fact(label="Completed", value=words.moment(work, job.completed_at)))
    return found


def _figures(work: Work, money: Money) -> list[Figure]:
    if not work.actor.granted(Permission.INVOICES_READ):
        return []
    left = max(money.contract - money.billed, 0)
    return [
        Figure(label="Contract", value=words.money(work, money.contract)),
        Figure(label="Billed", value=words.money(work, money.billed)),
        Figure(label="Paid", value=words.money(work, money.billed - money.owed), tone="good" if money.billed and money.owed <= 0 else ""),
        Figure(label="Left to bill", value=words.money(work, left)),
    ]  # fmt: skip


def _needs(trips: Sequence[Visit]) -> list[Need]:
    """The visits that `jobs.blockers` counts, each with what to do about it."""
    found = []
    for visit in trips:
        if visit.stage in OVER:
            continue
        if visit.stage == "unscheduled":
            found.append(Need(text=f"“{visit.title}” has no date", plan=str(visit.id), label="Schedule"))
        else:
            found.append(Need(text=f"“{visit.title}” is not finished", more=visits.badge(visit.stage).word))
    return found


def _moves(work: Work, job: Job, trips: Sequence[Visit], money: Money) -> list[MoveCard]:
    """What may be done next; the one that brings the job forward is the primary button."""
    blocked = bool(_needs(trips))
    without = {"complete"} if blocked else set()
    if not money.billed or money.owed > 0:
        without.add("close")
    found = open_moves(work, JOB_MACHINE, job.stage, title=job.number, without=without)
    if following := _next_act(work, job, trips, money):
        return [following, *(move.model_copy(update={"primary": False}) for move in found)]
    firsts = ("complete", "close")
    return [move.model_copy(update={"primary": move.name in firsts}) for move in found]


def _next_act(work: Work, job: Job, trips: Sequence[Visit], money: Money) -> MoveCard | None:
    if job.stage == "open" and work.actor.granted(Permission.VISITS_WRITE):
        undated = next((visit for visit in trips if visit.stage == "unscheduled"), None)
        if undated is not None:
            return MoveCard(name="plan", label=f"Schedule “{_short(undated.title)}”", primary=True)
        if not _alive(trips):
            return MoveCard(name="add_visit", label="Schedule a visit", primary=True)
    if job.stage == "completed" and money.invoice is None and work.actor.granted(Permission.INVOICES_WRITE):
        return MoveCard(name="invoice", label="Make the invoice", primary=True)
    return None


def _short(title: str) -> str:
    return title if len(title) <= 26 else f"{title[:24].rstrip(' ,')}…"


def _invoice_label(invoice: Invoice | None) -> str:
    if invoice is None:
        return ""
    return f"Open {invoice.number}" if invoice.number else "Open the draft invoice"
