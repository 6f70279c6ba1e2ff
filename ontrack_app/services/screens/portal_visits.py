"""Visits for those who wait for them, and the work that is planned or going on."""

from datetime import UTC, datetime

from sqlmodel import col

from models.access import Permission
from models.jobs import Job
from models.visits import OVER, UNDER_WAY, Visit
from ontrack_app.schemas.screens.common import Badge, ListPage, ListQuery
from ontrack_app.schemas.screens.portal import WorkRow
from ontrack_app.schemas.screens.portal_visits import PortalVisitRow
from ontrack_app.services.screens import lists, portal, words
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

STAGE = col(Visit.stage)
COMING = ("scheduled", *UNDER_WAY)
LAST = datetime.max.replace(tzinfo=UTC)
VIEWS = (
    View("coming", "Coming", (STAGE.in_(COMING),)),
    View("open", "No date yet", (STAGE == "unscheduled",)),
    View("past", "Past", (STAGE.in_(OVER),)),
)


def listing(work: Work, asked: ListQuery) -> tuple[list[PortalVisitRow], ListPage]:
    """The visits to the reader's properties that the address asks for; what comes next is first.

    Raises:
        Invalid: as `lists.page` says.
    """
    work.actor.require(Permission.VISITS_READ)
    sort = "-planned_start" if asked.tab == "past" else "planned_start"
    found, foot = lists.page(work, Visit, VIEWS, asked, sort=sort)
    places = portal.visit_places(work, found)
    return [
        PortalVisitRow(
            id=str(row.id),
            title=row.title,
            place=places[row.id],
            when=words.window(work, row.planned_start, row.planned_end),
            stage=portal.visit_badge(work, row),
        )
        for row in found
    ], foot


def coming(work: Work, most: int) -> list[WorkRow]:
    """Visits with a date that are not over, the next one first."""
    query = work.of(Visit).where(STAGE.in_(COMING), col(Visit.archived_at).is_(None))
    found: list[Visit] = work.all(query.order_by(col(Visit.planned_start), col(Visit.id)).limit(most))
    places = portal.visit_places(work, found)
    return [_work_row(work, visit, visit.title, places[visit.id]) for visit in found]


def open_jobs(work: Work, most: int) -> list[WorkRow]:
    """Jobs that are not finished, each with its next visit; one with no date last."""
    query = work.of(Job).where(col(Job.stage).in_(("open", "on_hold")), col(Job.archived_at).is_(None))
    jobs: list[Job] = work.all(query.order_by(col(Job.created_at).desc(), col(Job.id)).limit(most))
    visits = work.of(Visit).where(
        col(Visit.job_id).in_([job.id for job in jobs]), STAGE.not_in(OVER), col(Visit.archived_at).is_(None)
    )
    following: dict[object, Visit] = {}
    for visit in work.all(visits.order_by(col(Visit.planned_start).nulls_last(), col(Visit.id))):
        following.setdefault(visit.job_id, visit)
    places = portal.places(work, (job.property_id for job in jobs))
    rows = [
        (following.get(job.id), job, places.get(job.property_id, "") if job.property_id else "")
        for job in jobs
    ]
    rows.sort(key=lambda row: _start(row[0]))
    return [_job_row(work, *row) for row in rows]


def _start(visit: Visit | None) -> datetime:
    return LAST if visit is None or visit.planned_start is None else visit.planned_start


def _job_row(work: Work, visit: Visit | None, job: Job, place: str) -> WorkRow:
    if visit is not None and job.stage == "open":
        return _work_row(work, visit, job.title, place)
    word, tint = ("On hold", "waiting") if job.stage == "on_hold" else ("In progress", "moving")
    return WorkRow(
        id=str(job.id), title=job.title, place=place, when="No date yet", stage=Badge(word=word, tint=tint)
    )


def _work_row(work: Work, visit: Visit, title: str, place: str) -> WorkRow:
    return WorkRow(
        id=str(visit.id),
        title=title,
        place=place,
        when=words.window(work, visit.planned_start, visit.planned_end),
        stage=portal.visit_badge(work, visit),
    )
