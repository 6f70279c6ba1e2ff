"""Visits on screens: the schedule by day, one visit's page, and rows of visits for a job."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from models.access import Permission
from models.clients import Client
from models.jobs import Job
from models.members import Member
from models.properties import Property
from models.visits import OVER, VISIT_MACHINE, Visit, VisitAssignee
from ontrack_app.schemas.common import MoveCard
from ontrack_app.schemas.jobs import VisitMoveBody
from ontrack_app.schemas.screens.common import Badge, Fact, ListPage, ListQuery
from ontrack_app.schemas.screens.visits import VisitDay, VisitRecord, VisitRow
from ontrack_app.services import visits
from ontrack_app.services.moves import open_moves
from ontrack_app.services.properties import one_line
from ontrack_app.services.screens import inbox, lists, planning, related, timeline, track, words
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

BY_CREW = ("depart", "arrive", "pause", "resume", "finish")
PLANNED = ("unscheduled", "no_access", "scheduled")
IN_WORDS = {
    "depart": "Mark as on the way",
    "arrive": "Mark as started",
    "pause": "Mark as paused",
    "resume": "Mark as going on",
    "finish": "Mark as finished",
}
STAGE, START = col(Visit.stage), col(Visit.planned_start)


def listing(work: Work, asked: ListQuery) -> tuple[list[VisitDay], ListPage]:
    """The visits that the address asks for, by day; `member` in the address narrows them to one person.

    Raises:
        Forbidden: the role may not see visits. Invalid: as `lists.page` says.
    """
    work.actor.require(Permission.VISITS_READ)
    member = asked.filters.get("member", "")
    plain = asked.model_copy(update={"filters": {k: v for k, v in asked.filters.items() if k != "member"}})
    newest_first = asked.tab in ("done", "no_access")
    sort = "-planned_start" if newest_first else "planned_start"
    found, foot = lists.page(work, Visit, views(work, member), plain, sort=sort)
    options = [(one.value, one.label) for one in words.member_options(work) if one.value]
    foot.filters = [lists.filter_of(asked, "member", "Crew", options)]
    return _days(work, found), foot


def rows(work: Work, found: Sequence[Visit]) -> list[VisitRow]:
    """Visits as rows: what is asked of other tables is asked once for all of them."""
    jobs = related.by_id(work, Job, [visit.job_id for visit in found])
    names = related.client_names(work, [job.client_id for job in jobs.values()])
    places = related.by_id(work, Property, [job.property_id for job in jobs.values()])
    goes = visits.assignees(work, [visit.id for visit in found])
    people = related.by_id(work, Member, [one for who in goes.values() for one in who])
    clash = planning.overlaps(work, [visit.id for visit in found])
    plans = work.actor.granted(Permission.VISITS_WRITE)
    result = []
    for visit in found:
        job = jobs[visit.job_id]
        row = _row(work, visit, [people[one].name for one in goes[visit.id] if one in people])
        row.job, row.client = job.number, names.get(job.client_id, "")
        row.place = one_line(places[job.property_id]) if job.property_id in places else ""
        row.fact = _clash(clash.get(visit.id, 0))
        row.plan = _plan_label(visit) if plans else ""
        result.append(row)
    return result


def record(work: Work, visit_id: UUID) -> VisitRecord:
    """One visit's page.

    Raises:
        NotFound: there is none here. Forbidden: the role may not see visits.
    """
    work.actor.require(Permission.VISITS_READ)
    visit = work.get(Visit, visit_id)
    job = work.get(Job, visit.job_id)
    client = work.get(Client, job.client_id)
    place = work.find(Property, job.property_id) if job.property_id else None
    card = visits.card(work, visit)
    return VisitRecord(
        id=str(visit.id),
        version=visit.version,
        number=visit.title,
        title=visit.title or "Visit",
        quiet=" · ".join(part for part in (job.number, client.name, one_line(place), words.window(work, visit.planned_start, visit.planned_end)) if part),
        stage=badge(visit.stage),
        badges=[_clash(card.overlaps)] if card.overlaps else [],
        stage_key=visit.stage,
        moves=_moves(work, visit),
        by_crew=_crew_moves(work, visit),
        track=track.from_job(work, job, here="Visits"),
        timeline=timeline.of(work, [visit.id], fields=Visit.FIELDS),
        facts=_facts(work, visit, job, card.assignee_ids),
        instructions=visit.instructions,
        bands=inbox.bands(work, visit, job),
    )  # fmt: skip


def move(work: Work, visit_id: UUID, name: str, reason: str, version: int) -> None:
    """Makes one move that needs no more than a reason.

    Raises:
        NotFound, Conflict, Forbidden, Invalid, Stale: as their words say; a refused move changes nothing.
    """
    visits.move(work, visit_id, name, VisitMoveBody(reason=reason or None), version=version)


def badge(stage: str) -> Badge:
    """A stage as a word with its tint."""
    return Badge(word=VISIT_MACHINE.label(stage), tint=VISIT_MACHINE.tint(stage))


def views(work: Work, member: str = "") -> list[View]:
    """The tabs of the schedule, of everybody or of one member; home counts by them too."""
    today = words.local(work, work.at).date()
    monday = today - timedelta(days=today.weekday())
    alive = STAGE != "cancelled"
    mine = _of_member(work, member)
    return [
        View("today", "Today", (*_between(work, today, today), alive, *mine)),
        View("week", "This week", (*_between(work, monday, monday + timedelta(days=6)), alive, *mine)),
        View("coming", "Coming up", (_midnight(work, today) <= START, STAGE.not_in(OVER), *mine)),
        View("undated", "Without date", (STAGE == "unscheduled", *mine)),
        View("no_access", "No access", (STAGE == "no_access", *mine)),
        View("done", "Done", (STAGE == "done", *mine)),
    ]


def _between(work: Work, first: date, last: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _midnight(work, first) <= START, _midnight(work, last, after=1) > START


def _midnight(work: Work, day: date, *, after: int = 0) -> datetime:
    return datetime.combine(day + timedelta(days=after), time(0), work.actor.tenant.zone)


def _of_member(work: Work, member: str) -> tuple[ColumnElement[bool], ...]:
    try:
        member_id = UUID(member)
    except ValueError:
        return ()
    theirs = select(col(VisitAssignee.visit_id)).where(
        col(VisitAssignee.tenant_id) == work.actor.tenant_id, col(VisitAssignee.member_id) == member_id
    )
    return (col(Visit.id).in_(theirs),)


def _days(work: Work, found: Sequence[Visit]) -> list[VisitDay]:
    days: list[VisitDay] = []
    today = words.local(work, work.at).date()
    near = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}
    for row, visit in zip(rows(work, found), found, strict=True):
        title, note = "Without a date", ""
        if visit.planned_start is not None:
            day = words.local(work, visit.planned_start).date()
            title, note = f"{day:%A}, {day:%b} {day.day}", near.get((day - today).days, "")
        if not days or days[-1].title != title:
            days.append(VisitDay(title=title, note=note))
        days[-1].rows.append(row)
    return days


def _row(work: Work, visit: Visit, names: Sequence[str]) -> VisitRow:
    start, end = visit.planned_start, visit.planned_end
    first = words.local(work, start) if start else None
    last = words.local(work, end) if end else None
    return VisitRow(
        id=str(visit.id),
        title=visit.title or "Visit",
        day=f"{first:%a, %b} {first.day}" if first else "No date yet",
        window=f"{words.clock(first)} – {words.clock(last)}" if first and last else "",
        crew=", ".join(names) or "Nobody",
        stage=badge(visit.stage),
        hours=_hours(visit),
    )


def _hours(visit: Visit) -> str:
    if visit.actual_start is None or visit.actual_end is None:
        return ""
    return words.length(round((visit.actual_end - visit.actual_start).total_seconds() / 60))


def _clash(number: int) -> Badge:
    return Badge(word=f"Overlaps {words.some(number, 'visit')}" if number else "", tint="waiting")


def _plan_label(visit: Visit) -> str:
    if visit.stage not in PLANNED:
        return ""
    return "Reschedule" if visit.stage == "scheduled" else "Schedule"


def _moves(work: Work, visit: Visit) -> list[MoveCard]:
    """The office's moves; what the crew does stands in the menu, and no access among what is marked red there."""
    found = open_moves(work, VISIT_MACHINE, visit.stage, title=f"“{visit.title}”", without=BY_CREW)
    worded: dict[str, dict[str, Any]] = {
        "no_access": {"danger": True, "primary": False, "confirm_text": "It goes back to the office to be planned again."},
        "reschedule": {"primary": False},
        "correct": {"label": "Correct", "primary": False, "confirm_text": "It is scheduled again, and its times on site are taken back."},
    }  # fmt: skip
    return [move.model_copy(update=worded.get(move.name, {})) for move in found]


def _crew_moves(work: Work, visit: Visit) -> list[MoveCard]:
    found = open_moves(work, VISIT_MACHINE, visit.stage, title=visit.title)
    return [move.model_copy(update={"label": IN_WORDS[move.name]}) for move in found if move.name in BY_CREW]


def _facts(work: Work, visit: Visit, job: Job, goes: Sequence[UUID]) -> list[Fact]:
    client = work.get(Client, job.client_id)
    place = work.find(Property, job.property_id) if job.property_id else None
    people = related.by_id(work, Member, goes)
    found = [
        Fact(label="Job", value=f"{job.number}, {job.title}", href=f"/jobs/{job.id}"),
        Fact(label="Client", value=client.name, href=f"/clients/{client.id}"),
        Fact(label="Property", value=one_line(place), href=f"/properties/{place.id}" if place else ""),
        Fact(label="Planned", value=words.window(work, visit.planned_start, visit.planned_end)),
        Fact(label="Crew", value=", ".join(people[one].name for one in goes if one in people) or "Nobody"),
        Fact(label="Access", value=place.access_notes if place else ""),
    ]
    stamps = (
        ("On the way", visit.departed_at),
        ("Started", visit.actual_start),
        ("Finished", visit.actual_end),
    )
    found += [Fact(label=label, value=words.moment(work, at)) for label, at in stamps if at]
    if hours := _hours(visit):
        found.append(Fact(label="On site for", value=hours))
    return found
