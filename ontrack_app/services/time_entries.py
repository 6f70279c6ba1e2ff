"""Time entries: a crew's stretches of travel, work and rest, with the clock they were taken by."""

from datetime import datetime, timedelta
from uuid import UUID

from models.access import Permission
from models.members import Member
from models.time_entries import TimeEntry
from models.visits import Visit
from ontrack_app.errors import Conflict, FieldError, Invalid, NotFound
from ontrack_app.schemas.crew_work import TimeCorrectBody, TimeStartBody
from ontrack_app.services.clocks import Clock
from ontrack_app.work import Work

LONGEST = timedelta(hours=24)


def start(work: Work, body: TimeStartBody, clock: Clock) -> TimeEntry:
    """A stretch begins, by the phone's clock put right.

    Raises:
        NotFound: the visit is not one that the actor may know. Forbidden: the role performs no visits.
    """
    entry = _new(work, body.id, body.visit_id, body.kind, clock)
    entry.started_at = clock.happened(work)
    return _keep(work, entry)


def stop(work: Work, entry_id: UUID, clock: Clock) -> TimeEntry:
    """A stretch ends; one that has ended stays as it is.

    Raises:
        NotFound: there is no such stretch of the actor's. Conflict: it is locked.
    """
    work.actor.require(Permission.VISITS_PERFORM)
    entry = work.lock(TimeEntry, entry_id)
    if entry.member_id != work.actor.member_id:
        raise NotFound("There is no such time entry.")
    if entry.locked_at is not None:
        raise Conflict("These hours are locked. Ask the office.")
    if entry.ended_at is None:
        entry.ended_at = max(clock.happened(work), entry.started_at)
        entry.clock = {**entry.clock, "end": clock.evidence(work)}
        entry.skewed = entry.skewed or clock.skewed(work) or entry.ended_at - entry.started_at > LONGEST
        work.changed(entry)
        work.record("time_entries.stopped", entry, after={"ended_at": entry.ended_at})
    return entry


def correct(work: Work, body: TimeCorrectBody, clock: Clock) -> TimeEntry:
    """A stretch as it really was. The entry it stands for stays as it is, beside it.

    Raises:
        Invalid: it ends before it starts, or lasts more than a day. NotFound: no such entry or visit. Conflict: it is locked.
    """
    started, ended = clock.put_right(body.started_at), clock.put_right(body.ended_at)
    _check_length(started, ended)
    if body.corrects_id is not None:
        old = work.get(TimeEntry, body.corrects_id)
        if old.member_id != work.actor.member_id:
            raise NotFound("There is no such time entry.")
        if old.locked_at is not None:
            raise Conflict("These hours are locked. Ask the office.")
    entry = _new(work, body.id, body.visit_id, body.kind, clock)
    entry.started_at, entry.ended_at = started, ended
    entry.corrects_id, entry.reason = body.corrects_id, body.reason
    entry.skewed = entry.skewed or ended > work.at + timedelta(minutes=2)
    return _keep(work, entry)


def approve(work: Work, entry_id: UUID, *, lock: bool = False) -> TimeEntry:
    """Approves a finished stretch at the member's rate of today; a locked one is changed by nobody any more.

    Raises:
        NotFound, Forbidden: as their words say. Conflict: it has not ended, or is locked.
    """
    work.actor.require(Permission.VISITS_CORRECT)
    entry = work.lock(TimeEntry, entry_id)
    if entry.ended_at is None:
        raise Conflict("It has not ended yet.")
    if entry.locked_at is not None:
        raise Conflict("These hours are locked.")
    entry.approved_at, entry.approved_by = work.at, work.actor.member_id
    entry.cost_rate_cents = work.get(Member, entry.member_id).hourly_cost_cents
    entry.locked_at = work.at if lock else None
    work.changed(entry)
    work.record("time_entries.approved", entry, after={"locked": lock})
    return entry


def _new(work: Work, entry_id: UUID, visit_id: UUID | None, kind: str, clock: Clock) -> TimeEntry:
    work.actor.require(Permission.VISITS_PERFORM)
    if visit_id is not None:
        work.get(Visit, visit_id)
    if work.actor.member_id is None:
        raise NotFound("Only members have hours.")
    return TimeEntry(
        tenant_id=work.actor.tenant_id,
        id=entry_id,
        member_id=work.actor.member_id,
        visit_id=visit_id,
        kind=kind,
        started_at=work.at,
        clock={"start": clock.evidence(work)},
        skewed=clock.skewed(work),
    )


def _keep(work: Work, entry: TimeEntry) -> TimeEntry:
    work.add(entry)
    after = {"kind": entry.kind, "started_at": entry.started_at, "corrects_id": entry.corrects_id}
    work.record("time_entries.created", entry, after=after)
    return entry


def _check_length(started: datetime, ended: datetime) -> None:
    words = ""
    if ended <= started:
        words = "It ends after it starts."
    elif ended - started > LONGEST:
        words = "It lasts more than a day. Make two of it."
    if words:
        raise Invalid(words, errors=[FieldError("ended_at", words)])
