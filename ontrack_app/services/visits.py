"""Visits: planned by the office, performed by the crew that is assigned."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func
from sqlmodel import col

from models.access import Permission, Role
from models.ids import new_id
from models.jobs import Job
from models.machines import Move
from models.members import Member
from models.visits import OVER, VISIT_MACHINE, Visit, VisitAssignee
from ontrack_app.errors import Conflict, FieldError, Invalid
from ontrack_app.schemas.common import Page
from ontrack_app.schemas.jobs import VisitBody, VisitCard, VisitMoveBody, VisitPatch
from ontrack_app.services import checklist_items, listing, rows
from ontrack_app.services.listing import Query
from ontrack_app.work import Work, standing

PLANNING = frozenset({"schedule", "reschedule"})
GOING = (
    standing(VisitAssignee)
    .where(col(VisitAssignee.visit_id).in_(bindparam("visit_ids", expanding=True)))
    .order_by(col(VisitAssignee.id))
)
OVERLAPS = (
    standing(Visit)
    .with_only_columns(func.count(func.distinct(col(Visit.id))))
    .join(
        VisitAssignee,
        (col(VisitAssignee.tenant_id) == col(Visit.tenant_id))
        & (col(VisitAssignee.visit_id) == col(Visit.id)),
    )
    .where(col(VisitAssignee.member_id).in_(bindparam("people", expanding=True)))
    .where(col(Visit.id) != bindparam("visit_id"), col(Visit.stage).not_in(OVER))
    .where(col(Visit.archived_at).is_(None))
    .where(col(Visit.planned_start) < bindparam("end"), col(Visit.planned_end) > bindparam("start"))
)


def create(work: Work, body: VisitBody) -> VisitCard:
    """A new visit of a job; scheduled at once when times are given.

    Raises:
        Invalid: no such job, member or checklist, an end without a start or before it. Conflict: the job is over.
    """
    work.actor.require(Permission.VISITS_WRITE)
    job = work.need(Job, body.job_id, "job_id")
    if job.stage not in ("open", "on_hold"):
        raise Conflict(f"{job.number} is {job.stage}. Reopen it before planning another visit.")
    given = body.model_dump(include={"job_id", "title", "instructions"})
    visit = Visit(tenant_id=work.actor.tenant_id, id=new_id(), **given)
    visit.title = visit.title or job.title
    work.add(visit)
    work.record("visits.created", visit, after={"title": visit.title, "job_id": job.id})
    if body.planned_start or body.planned_end:
        _plan(visit, body.planned_start, body.planned_end)
        work.advance(visit, VISIT_MACHINE, "schedule")
    work.session.flush()
    _assign(work, visit, body.assignee_ids)
    if body.checklist_template_id is not None:
        checklist_items.use_template(work, visit.id, body.checklist_template_id)
    return card(work, visit, body.assignee_ids)


def patch(work: Work, visit_id: UUID, body: VisitPatch, *, version: int | None = None) -> VisitCard:
    """Changes a visit's facts and who goes.

    Raises:
        NotFound, Forbidden, Stale, Invalid: as their words say.
    """
    work.actor.require(Permission.VISITS_READ)
    visit = work.lock(Visit, visit_id, version=version)
    work.actor.require(Permission.VISITS_WRITE)
    rows.change(work, visit, rows.given(body, without=["assignee_ids"]), word="visits.changed")
    if body.assignee_ids is not None:
        _reassign(work, visit, body.assignee_ids)
    return card(work, visit)


def get(work: Work, visit_id: UUID) -> VisitCard:
    """One visit.

    Raises:
        NotFound: there is none here, or none that may be known.
    """
    work.actor.require(Permission.VISITS_READ)
    return card(work, work.get(Visit, visit_id))


def list_page(work: Work, query: Query) -> Page[VisitCard]:
    """A page of visits, as `listing.Query` asks; a crew member gets its own."""
    work.actor.require(Permission.VISITS_READ)
    found = listing.page(work, Visit, query)
    crews = assignees(work, [row.id for row in found.rows])
    return Page(items=[card(work, row, crews[row.id]) for row in found.rows], next_cursor=found.next_cursor)


def archive(work: Work, visit_id: UUID, *, version: int | None = None) -> None:
    """Puts a visit away."""
    rows.archive(work, Visit, visit_id, Permission.VISITS_DELETE, version=version)


def move(
    work: Work, visit_id: UUID, name: str, body: VisitMoveBody, *, version: int | None = None
) -> VisitCard:
    """Makes one move; a crew member on its own visits.

    Raises:
        NotFound, Conflict, Forbidden, Invalid, Stale: as their words say; a refused move changes nothing.
    """
    work.actor.require(Permission.VISITS_READ)
    visit = work.lock(Visit, visit_id, version=version)
    if name in PLANNING:
        work.actor.require(Permission.VISITS_WRITE)
        _plan(visit, body.planned_start or visit.planned_start, body.planned_end or visit.planned_end)
    perform(work, visit, name, reason=body.reason)
    if name in PLANNING and body.assignee_ids is not None:
        _reassign(work, visit, body.assignee_ids)
    return card(work, visit)


def perform(
    work: Work, visit: Visit, name: str, *, reason: str | None = None, at: datetime | None = None
) -> None:
    """Makes one move of a locked visit, which happened now or, told by a phone, `at` an earlier time.

    Raises:
        NotFound, Conflict, Forbidden, Invalid: as their words say; a refused move changes nothing.
    """
    if name == "finish" and (labels := checklist_items.still_open(work, visit.id)):
        are = "Required steps are still open" if len(labels) > 1 else "A required step is still open"
        raise Conflict(f"{are}: {', '.join(labels[:5])}.")
    work.advance(visit, VISIT_MACHINE, name, reason=reason)
    _stamp(visit, name, at or work.at)


def way_to(visit: Visit, stage: str) -> tuple[Move, ...] | None:
    """The moves that bring a visit to a stage; None where there is no way there from where it stands."""
    undated = visit.planned_start is None or visit.planned_end is None
    return VISIT_MACHINE.way(visit.stage, stage, without=("reschedule", *(["schedule"] if undated else [])))


def bring(work: Work, visit: Visit, stage: str, *, reason: str, at: datetime) -> None:
    """Brings a locked visit to where it really stood, at the moment that was told; of the steps on the way nobody told when.

    Raises:
        Conflict: there is no way there, or required steps are open. Forbidden: the actor may not make a move of the way.
    """
    way = way_to(visit, stage)
    if way is None:
        label = VISIT_MACHINE.label(visit.stage).lower()
        raise Conflict(
            f"The visit is {label}, and cannot be brought from there to what was said. Plan another visit."
        )
    for move in way[:-1]:
        work.advance(visit, VISIT_MACHINE, move.name, reason=reason)
        if move.name == "correct":
            _stamp(visit, move.name, at)
    for move in way[-1:]:
        perform(work, visit, move.name, reason=reason, at=at)


def card(work: Work, visit: Visit, who: Sequence[UUID] | None = None) -> VisitCard:
    """The visit as the API shows it."""
    people = assignees(work, [visit.id])[visit.id] if who is None else list(who)
    copied = set(VisitCard.model_fields) - {"assignee_ids", "overlaps"}
    overlaps = _overlaps(work, visit, people) if work.actor.is_office else 0
    return VisitCard.model_construct(
        assignee_ids=people, overlaps=overlaps, **visit.model_dump(include=copied)
    )


def assignees(work: Work, visit_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Who goes on each of the visits."""
    found: dict[UUID, list[UUID]] = {visit_id: [] for visit_id in visit_ids}
    if found:
        for row in work.all(GOING, visit_ids=list(found)):
            found[row.visit_id].append(row.member_id)
    return found


def _plan(visit: Visit, start: datetime | None, end: datetime | None) -> None:
    words = ""
    if start is None or end is None:
        words = "A scheduled visit needs a start and an end."
    elif end <= start:
        words = "A visit ends after it starts."
    if words:
        raise Invalid(words, errors=[FieldError("planned_end" if start else "planned_start", words)])
    visit.planned_start, visit.planned_end = start, end


def _stamp(visit: Visit, name: str, at: datetime) -> None:
    if name == "depart":
        visit.departed_at = at
    elif name == "arrive":
        visit.actual_start = at
    elif name == "finish":
        visit.actual_end = at
    elif name == "correct":
        visit.departed_at = visit.actual_start = visit.actual_end = None


def _assign(work: Work, visit: Visit, member_ids: Sequence[UUID]) -> None:
    for member_id in dict.fromkeys(member_ids):
        member = work.need(Member, member_id, "assignee_ids")
        if not member.active or member.role not in (Role.CREW, Role.ADMIN, Role.OFFICE):
            words = f"{member.name} cannot be sent on a visit."
            raise Invalid(words, errors=[FieldError("assignee_ids", words)])
        work.session.add(
            VisitAssignee(tenant_id=visit.tenant_id, id=new_id(), visit_id=visit.id, member_id=member_id)
        )


def _reassign(work: Work, visit: Visit, member_ids: Sequence[UUID]) -> None:
    before = assignees(work, [visit.id])[visit.id]
    if set(before) == set(member_ids):
        return
    for row in work.all(work.of(VisitAssignee).where(col(VisitAssignee.visit_id) == visit.id)):
        work.session.delete(row)
    work.session.flush()
    _assign(work, visit, member_ids)
    work.session.flush()
    work.changed(visit)
    work.record(
        "visits.assigned", visit, before={"assignee_ids": before}, after={"assignee_ids": list(member_ids)}
    )


def _overlaps(work: Work, visit: Visit, people: Sequence[UUID]) -> int:
    if not people or visit.planned_start is None or visit.planned_end is None or visit.stage in OVER:
        return 0
    given = {"people": people, "visit_id": visit.id, "start": visit.planned_start, "end": visit.planned_end}
    return int(work.first(OVERLAPS, **given))
