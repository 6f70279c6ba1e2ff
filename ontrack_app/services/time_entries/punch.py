"""Hours as crews note them on their phones: a stretch starts, ends, or is put right, with the clock it was taken by."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col

from models.access import Permission
from models.time_entries import TimeEntry
from models.visits import Visit
from ontrack_app.errors import Conflict, FieldError, Invalid, NotFound
from ontrack_app.schemas.crew_work import TimeCorrectBody, TimeStartBody
from ontrack_app.services.clocks import Clock
from ontrack_app.work import Work

LONGEST = timedelta(hours=24)
LOCKED = "These hours are locked: nobody changes them any more."


def start(work: Work, body: TimeStartBody, clock: Clock) -> TimeEntry:
    """A stretch begins, by the phone's clock put right.

    Raises:
        NotFound: the visit is not one that the actor may know. Forbidden: the role performs no visits.
    """
    entry = _new(work, body.id, body.visit_id, body.kind, clock)
    entry.started_at = clock.happened(work)
    return keep(work, entry)


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
        raise Conflict(f"{LOCKED} Ask the office.")
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
    check_length(started, ended)
    entry = _new(work, body.id, body.visit_id, body.kind, clock)
    entry.started_at, entry.ended_at = started, ended
    entry.reason = body.reason
    entry.skewed = entry.skewed or ended > work.at + timedelta(minutes=2)
    if body.corrects_id is not None:
        old = work.get(TimeEntry, body.corrects_id)
        if old.member_id != work.actor.member_id:
            raise NotFound("There is no such time entry.")
        stand_for(work, entry, old)
    return keep(work, entry)


def stand_for(work: Work, entry: TimeEntry, old: TimeEntry) -> None:
    """Makes `entry` the last of the chain that `old` is in. The first of a chain is locked by whoever adds to the chain or
    decides on it, so that an approval and a correction cannot pass each other.

    Raises:
        Conflict: the hours are locked.
    """
    work.lock(TimeEntry, old.root_id)
    chain: list[TimeEntry] = work.all(work.of(TimeEntry).where(col(TimeEntry.root_id) == old.root_id))
    if any(one.locked_at is not None for one in chain):
        raise Conflict(LOCKED)
    entry.corrects_id, entry.root_id = old.id, old.root_id
    entry.turn = 1 + max(one.turn for one in chain)


def last_turn(work: Work, root_id: UUID) -> int:
    """The place of the entry that counts in its chain."""
    chain = work.of(TimeEntry).where(col(TimeEntry.root_id) == root_id)
    return int(work.first(chain.with_only_columns(func.max(col(TimeEntry.turn))).order_by(None)))


def keep(work: Work, entry: TimeEntry) -> TimeEntry:
    """Takes a new entry in, with its place in the trail."""
    work.add(entry)
    after = {"kind": entry.kind, "started_at": entry.started_at, "corrects_id": entry.corrects_id}
    work.record("time_entries.created", entry, after=after, reason=entry.reason or None)
    return entry


def check_length(started: datetime, ended: datetime) -> None:
    """Stops a stretch that ends before it starts or lasts more than a day.

    Raises:
        Invalid: at `ended_at`.
    """
    words = ""
    if ended <= started:
        words = "It ends after it starts."
    elif ended - started > LONGEST:
        words = "It lasts more than a day. Make two of it."
    if words:
        raise Invalid(words, errors=[FieldError("ended_at", words)])


def _new(work: Work, entry_id: UUID, visit_id: UUID | None, kind: str, clock: Clock) -> TimeEntry:
    work.actor.require(Permission.VISITS_PERFORM)
    if visit_id is not None:
        work.get(Visit, visit_id)
    if work.actor.member_id is None:
        raise NotFound("Only members have hours.")
    return TimeEntry(
        tenant_id=work.actor.tenant_id,
        id=entry_id,
        root_id=entry_id,
        member_id=work.actor.member_id,
        visit_id=visit_id,
        kind=kind,
        started_at=work.at,
        clock={"start": clock.evidence(work)},
        skewed=clock.skewed(work),
    )
