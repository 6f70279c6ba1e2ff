"""Planning a visit on screen: the dialog's start values, the warning of an overlap, and keeping the plan."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.access import Permission, Role
from models.checklist_templates import ChecklistTemplate
from models.jobs import Job
from models.members import Member
from models.visits import OVER, Visit, VisitAssignee
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.jobs import VisitBody, VisitMoveBody, VisitPatch
from ontrack_app.schemas.screens.common import Option
from ontrack_app.schemas.screens.visits import CrewChoice, Plan
from ontrack_app.services import visits
from ontrack_app.services.screens import papers, words
from ontrack_app.work import Work

WORKS = (Role.CREW, Role.OFFICE, Role.ADMIN)
USUAL = (time(8, 0), time(12, 0))


def for_visit(work: Work, visit_id: UUID) -> Plan:
    """The plan of a visit that is there already, to be made or changed.

    Raises:
        NotFound: there is no such visit. Forbidden: the role may not plan.
    """
    work.actor.require(Permission.VISITS_WRITE)
    visit = work.get(Visit, visit_id)
    goes = visits.assignees(work, [visit.id])[visit.id]
    planned = visit.stage == "scheduled"
    plan = _plan(work, goes, visit.planned_start, visit.planned_end)
    plan.visit_id, plan.job_id, plan.version = str(visit.id), str(visit.job_id), visit.version
    plan.title, plan.instructions = visit.title, visit.instructions
    plan.heading = f"{'Reschedule' if planned else 'Schedule'} “{visit.title}”"
    plan.verb = "Reschedule" if planned else "Schedule"
    return warned(work, plan)


def for_job(work: Work, job_id: UUID) -> Plan:
    """The plan of a new visit of a job; tomorrow's morning, and whoever went last.

    Raises:
        NotFound: there is no such job. Forbidden: the role may not plan.
    """
    work.actor.require(Permission.VISITS_WRITE)
    job = work.get(Job, job_id)
    known = visits_of_job(work, job.id)
    goes = visits.assignees(work, [known[-1].id])[known[-1].id] if known else []
    plan = _plan(work, goes, None, None)
    plan.job_id, plan.heading, plan.verb = str(job.id), f"New visit of {job.number}", "Add the visit"
    plan.title = job.title if not known else ""
    plan.checklists = checklists(work)
    return warned(work, plan)


def visits_of_job(work: Work, job_id: UUID) -> list[Visit]:
    """A job's visits, the latest planned last."""
    query = work.of(Visit).where(col(Visit.job_id) == job_id, col(Visit.archived_at).is_(None))
    found: list[Visit] = work.all(query.order_by(col(Visit.planned_start).nulls_first(), col(Visit.id)))
    return found


def warned(work: Work, plan: Plan) -> Plan:
    """The plan with words on who is elsewhere at that time; overlaps are allowed."""
    try:
        start, end = times_of(work, plan)
    except Invalid:
        return plan.model_copy(update={"warning": ""})
    goes = [UUID(one.id) for one in plan.crew if one.chosen]
    if start is None or end is None or not goes:
        return plan.model_copy(update={"warning": ""})
    return plan.model_copy(update={"warning": _clashes(work, plan.visit_id, goes, start, end)})


def times_of(work: Work, plan: Plan) -> tuple[datetime | None, datetime | None]:
    """The moments that the plan names; none where it has no day yet.

    Raises:
        Invalid: a day or time that is none, or an end that is not after the start.
    """
    if not plan.day.strip():
        return None, None
    zone = work.actor.tenant.zone
    day = _day(plan.day)
    start = datetime.combine(day, _time(plan.start, "start"), zone)
    end = datetime.combine(day, _time(plan.end, "end"), zone)
    if end <= start:
        said = "It ends after it starts."
        raise Invalid(said, errors=[FieldError("end", said)])
    return start, end


def keep(work: Work, plan: Plan) -> str:
    """Makes or changes the visit as planned; words on how many other visits it overlaps, empty for none.

    Raises:
        Invalid: at `day`, `start`, `end`, `title` or `instructions`. Conflict, Stale, Forbidden: as their words say.
    """
    start, end = times_of(work, plan)
    goes = [UUID(one.id) for one in plan.crew if one.chosen]
    if not plan.visit_id:
        with papers.amounts_in_words("title"):
            body = VisitBody(
                job_id=UUID(plan.job_id), title=plan.title, instructions=plan.instructions,
                planned_start=start, planned_end=end, assignee_ids=goes,
                checklist_template_id=_chosen(plan),
            )  # fmt: skip
        return _overlap_words(visits.create(work, body).overlaps)
    visit_id = UUID(plan.visit_id)
    version = plan.version
    with papers.amounts_in_words("title"):
        facts = VisitPatch(title=plan.title or None, instructions=plan.instructions)
    card = visits.patch(work, visit_id, facts, version=version)
    if start is None or end is None:
        said = "Choose a day."
        raise Invalid(said, errors=[FieldError("day", said)])
    name = "reschedule" if card.stage == "scheduled" else "schedule"
    body_of_move = VisitMoveBody(planned_start=start, planned_end=end, assignee_ids=goes)
    return _overlap_words(visits.move(work, visit_id, name, body_of_move).overlaps)


def checklists(work: Work) -> list[Option]:
    """The checklists that can be copied onto a visit; none for whoever may not see them."""
    if not work.actor.granted(Permission.CHECKLIST_TEMPLATES_READ):
        return []
    query = work.of(ChecklistTemplate).where(col(ChecklistTemplate.archived_at).is_(None))
    found: list[ChecklistTemplate] = work.all(query.order_by(col(ChecklistTemplate.name)))
    return [
        Option(value=str(one.id), label=f"{one.name}, {words.some(len(one.steps), 'step')}") for one in found
    ]


def _chosen(plan: Plan) -> UUID | None:
    """The checklist that was chosen among those that were offered."""
    return UUID(plan.checklist_id) if plan.checklist_id in {one.value for one in plan.checklists} else None


def _overlap_words(number: int) -> str:
    return f"It overlaps {words.some(number, 'other visit')}." if number else ""


def overlaps(work: Work, visit_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many other open visits share people and time with each of these, in one query."""
    wanted = list(visit_ids)
    if not wanted:
        return {}
    other, theirs = aliased(Visit), aliased(VisitAssignee)
    query = (
        select(col(Visit.id), func.count(func.distinct(other.id)))
        .join(VisitAssignee, (col(VisitAssignee.tenant_id) == col(Visit.tenant_id)) & (col(VisitAssignee.visit_id) == col(Visit.id)))
        .join(theirs, (theirs.tenant_id == col(Visit.tenant_id)) & (theirs.member_id == col(VisitAssignee.member_id)))  # type: ignore[arg-type]
        .join(other, (other.tenant_id == col(Visit.tenant_id)) & (other.id == theirs.visit_id) & (other.id != col(Visit.id)))  # type: ignore[arg-type]
        .where(col(Visit.tenant_id) == work.actor.tenant_id, col(Visit.id).in_(wanted), col(Visit.stage).not_in(OVER))
        .where(other.stage.not_in(OVER), other.archived_at.is_(None))  # type: ignore[attr-defined, union-attr]
        .where(other.planned_start < col(Visit.planned_end), other.planned_end > col(Visit.planned_start))
        .group_by(col(Visit.id))
    )  # fmt: skip
    return {visit_id: int(number) for visit_id, number in work.session.execute(query)}


def _plan(work: Work, goes: Sequence[UUID], start: datetime | None, end: datetime | None) -> Plan:
    tomorrow = words.local(work, work.at).date() + timedelta(days=1)
    first = words.local(work, start) if start else datetime.combine(tomorrow, USUAL[0])
    last = words.local(work, end) if end else datetime.combine(tomorrow, USUAL[1])
    return Plan(
        day=f"{first:%Y-%m-%d}",
        start=f"{first:%H:%M}",
        end=f"{last:%H:%M}",
        zone=f"{words.local(work, start or work.at):%Z}",
        crew=[CrewChoice(id=str(one.id), name=one.name, chosen=one.id in goes) for one in _crew(work)],
    )


def _crew(work: Work) -> list[Member]:
    """Who may go: crew members first, then the office."""
    found = [one for one in words.people(work).values() if one.active and one.role in WORKS]
    return sorted(found, key=lambda one: (one.role != Role.CREW, one.name))


def _clashes(work: Work, visit_id: str, goes: Sequence[UUID], start: datetime, end: datetime) -> str:
    query = (
        select(col(Visit.title), col(Visit.planned_start), col(Visit.planned_end), col(Member.name))
        .join(VisitAssignee, (col(VisitAssignee.tenant_id) == col(Visit.tenant_id)) & (col(VisitAssignee.visit_id) == col(Visit.id)))
        .join(Member, (col(Member.tenant_id) == col(Visit.tenant_id)) & (col(Member.id) == col(VisitAssignee.member_id)))
        .where(col(Visit.tenant_id) == work.actor.tenant_id, col(VisitAssignee.member_id).in_(goes))
        .where(col(Visit.stage).not_in(OVER), col(Visit.archived_at).is_(None))
        .where(col(Visit.planned_start) < end, col(Visit.planned_end) > start)
        .order_by(col(Visit.planned_start), col(Member.name))
    )  # fmt: skip
    if visit_id:
        query = query.where(col(Visit.id) != UUID(visit_id))
    found = [
        f"{name} is at “{title}”, {words.window(work, begins, ends)}."
        for title, begins, ends, name in work.session.execute(query.limit(4))
    ]
    return " ".join(found)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        said = "Give a day, such as 2026-05-31."
        raise Invalid(said, errors=[FieldError("day", said)]) from None


def _time(text: str, field: str) -> time:
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        said = "Give a time, such as 08:30."
        raise Invalid(said, errors=[FieldError(field, said)]) from None
