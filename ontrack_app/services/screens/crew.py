"""The crew's day: its own visits in the order of the day, the next one with all that is needed there. No price anywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from urllib.parse import quote_plus
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.clients import Client
from models.jobs import Job
from models.notes import Note
from models.properties import Property
from models.visits import OVER, UNDER_WAY, VISIT_MACHINE, Visit, VisitAssignee
from ontrack_app.schemas.jobs import VisitMoveBody
from ontrack_app.schemas.screens.common import Badge
from ontrack_app.schemas.screens.crew import CrewDay, CrewNote, Stop, StopRow
from ontrack_app.services import visits
from ontrack_app.services.properties import one_line
from ontrack_app.services.screens import related, words
from ontrack_app.work import Work

MAPS = "https://www.google.com/maps/search/?api=1&query="
MOVES = frozenset({"depart", "arrive", "pause", "resume", "finish", "no_access"})
LEFT_FOR = timedelta(days=14)
BUTTONS = {
    "scheduled": ("next", "open", "later"),
    "en_route": ("done", "next", "later"),
    "on_site": ("done", "done", "next"),
    "paused": ("done", "done", "open"),
    "done": ("done", "done", "done"),
}


@dataclass
class Around:
    """What the visits of a day need of other tables."""

    jobs: Mapping[UUID, Job] = field(default_factory=dict)
    places: Mapping[UUID, Property] = field(default_factory=dict)
    clients: Mapping[UUID, Client] = field(default_factory=dict)

    def place(self, visit: Visit) -> Property | None:
        """Where the visit is."""
        job = self.jobs.get(visit.job_id)
        return self.places.get(job.property_id) if job and job.property_id else None


def day(work: Work, chosen: UUID | None = None) -> CrewDay:
    """Today and tomorrow of the person who asks; `chosen` is the visit to show on top instead of the next one.

    Raises:
        Forbidden: the role performs no visits.
    """
    work.actor.require(Permission.VISITS_PERFORM)
    today = words.local(work, work.at).date()
    starts, ends = _midnight(work, today), _midnight(work, today + timedelta(days=1))
    found = _mine(work, starts, _midnight(work, today + timedelta(days=2)))
    tomorrow = [visit for visit in found if visit.stage == "scheduled" and _start(visit) >= ends]
    here = [visit for visit in found if visit.stage in UNDER_WAY or starts <= _start(visit) < ends]
    left = [visit for visit in found if visit.stage == "scheduled" and _start(visit) < starts]
    around = _around(work, found)
    top = next((visit for visit in [*here, *left] if visit.id == chosen), None) or _next(here)
    then = [visit for visit in here if visit is not top and visit.stage not in OVER]
    over = [visit for visit in here if visit is not top and visit.stage in OVER]
    done = sum(1 for visit in here if visit.stage in OVER)
    return CrewDay(
        today=f"{today:%A, %B} {today.day}",
        progress=f"{done} of {len(here)} done" if here else "",
        next=_stop(work, top, around) if top else None,
        then=[_row(work, visit, around) for visit in then],
        over=[_row(work, visit, around) for visit in over],
        left=[_row(work, visit, around, with_day=True) for visit in left if visit is not top],
        tomorrow_words=f"{today + timedelta(days=1):%A, %B} {(today + timedelta(days=1)).day}",
        tomorrow=[_row(work, visit, around) for visit in tomorrow],
    )


def move(work: Work, visit_id: UUID, name: str, reason: str, version: int) -> None:
    """Makes one of the moves of a crew on one of its own visits.

    Raises:
        NotFound, Conflict, Forbidden, Invalid, Stale: as their words say.
    """
    work.actor.require(Permission.VISITS_PERFORM)
    visits.move(
        work, visit_id, name if name in MOVES else "", VisitMoveBody(reason=reason or None), version=version
    )


def _mine(work: Work, starts: datetime, ends: datetime) -> list[Visit]:
    """Own visits: what is planned from now to tomorrow, what is going on, and what was left over; by the clock."""
    own = (
        work.of(VisitAssignee)
        .where(col(VisitAssignee.member_id) == work.actor.member_id)
        .with_only_columns(col(VisitAssignee.visit_id))
    )
    planned, stage = col(Visit.planned_start), col(Visit.stage)
    late = (stage == "scheduled") & (planned >= starts - LEFT_FOR)
    query = work.of(Visit).where(
        col(Visit.id).in_(own),
        col(Visit.archived_at).is_(None),
        stage.not_in(("unscheduled", "cancelled")),
        planned < ends,
        (planned >= starts) | stage.in_(UNDER_WAY) | late,
    )
    found: list[Visit] = work.all(query.order_by(planned, col(Visit.id)))
    return found


def _next(here: Sequence[Visit]) -> Visit | None:
    """What is going on, else the first that is not over."""
    going = (visit for visit in here if visit.stage in UNDER_WAY)
    return next(going, None) or next((visit for visit in here if visit.stage not in OVER), None)


def _around(work: Work, found: Sequence[Visit]) -> Around:
    jobs = related.by_id(work, Job, (visit.job_id for visit in found))
    places = related.by_id(work, Property, (job.property_id for job in jobs.values()))
    return Around(jobs, places, related.by_id(work, Client, (job.client_id for job in jobs.values())))


def _stop(work: Work, visit: Visit, around: Around) -> Stop:
    job, place = around.jobs.get(visit.job_id), around.place(visit)
    client = around.clients.get(job.client_id) if job else None
    depart, arrive, finish = BUTTONS.get(visit.stage, ("later", "later", "later"))
    said = dict.fromkeys(text for text in (visit.instructions, job.instructions if job else "") if text)
    return Stop(
        id=str(visit.id),
        version=visit.version,
        title=visit.title,
        stage=_badge(visit),
        window=_window(work, visit),
        place=one_line(place),
        maps=_maps(place),
        client=client.name if client else "",
        access=place.access_notes if place else "",
        instructions=list(said),
        notes=_notes(work, visit.id),
        depart=depart,
        arrive=arrive,
        finish=finish,
        can_pause=visit.stage == "on_site",
        can_resume=visit.stage == "paused",
        can_skip=visit.stage in ("scheduled", "en_route", "on_site"),
    )


def _notes(work: Work, visit_id: UUID) -> list[CrewNote]:
    query = work.of(Note).where(col(Note.noun) == "visits", col(Note.row_id) == visit_id)
    found: list[Note] = work.all(query.order_by(col(Note.created_at).desc()).limit(20))
    return [
        CrewNote(who=note.author_name, text=note.text, when=words.when(work, note.created_at))
        for note in found
    ]


def _row(work: Work, visit: Visit, around: Around, *, with_day: bool = False) -> StopRow:
    place, start = around.place(visit), words.local(work, _start(visit))
    return StopRow(
        id=str(visit.id),
        time=f"{start:%b} {start.day}" if with_day else words.clock(start),
        title=visit.title,
        place=", ".join(part for part in (place.street, place.unit, place.city) if part) if place else "",
        maps=_maps(place),
        stage=_badge(visit),
    )


def _window(work: Work, visit: Visit) -> str:
    start = words.local(work, _start(visit))
    if start.date() != words.local(work, work.at).date():
        return words.window(work, visit.planned_start, visit.planned_end)
    end = words.local(work, visit.planned_end) if visit.planned_end else None
    return f"{words.clock(start)} – {words.clock(end)}" if end else words.clock(start)


def _badge(visit: Visit) -> Badge:
    return Badge(word=VISIT_MACHINE.label(visit.stage), tint=VISIT_MACHINE.tint(visit.stage))


def _maps(place: Property | None) -> str:
    return f"{MAPS}{quote_plus(one_line(place))}" if place else ""


def _start(visit: Visit) -> datetime:
    return visit.planned_start or visit.created_at


def _midnight(work: Work, on: date) -> datetime:
    return datetime.combine(on, time.min, work.actor.tenant.zone)
