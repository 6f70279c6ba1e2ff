"""Hours as the office decides them: approve, lock, take an approval back, one entry or a whole week; add and correct."""

from collections import Counter
from datetime import date
from uuid import UUID

from models.access import Permission
from models.ids import new_id
from models.members import Member
from models.time_entries import TIME_ENTRY_MACHINE, TimeEntry
from models.visits import Visit
from ontrack_app.errors import Conflict, FieldError, Invalid, Refusal
from ontrack_app.schemas.common import MoveBody
from ontrack_app.schemas.time_entries import TimeEntryBody, TimeEntryCard, WeekDecision
from ontrack_app.services.clocks import ours
from ontrack_app.services.time_entries.cards import card, of_week, standing_ids
from ontrack_app.services.time_entries.punch import check_length, keep, last_turn, stand_for
from ontrack_app.work import Work

# Which entries of a week a move is about; what has come further already is none of its business.
MEANT = {"approve": ("open",), "lock": ("open", "approved"), "unapprove": ("approved",)}
CORRECTED = "It was corrected. Decide on the entry that stands for it."


def create(work: Work, body: TimeEntryBody) -> TimeEntryCard:
    """Hours that the office writes down, or a correction of hours, with the reason. The entry it stands for stays beside it.

    Raises:
        Invalid: no such member, visit or entry, an end before the start or still to come. Conflict: the hours are locked, or
        somebody corrected them already.
    """
    work.actor.require(Permission.TIME_ENTRIES_WRITE)
    check_length(body.started_at, body.ended_at)
    if body.ended_at > work.at:
        words = "It ends later than now."
        raise Invalid(words, errors=[FieldError("ended_at", words)])
    work.need(Member, body.member_id, "member_id")
    if body.visit_id is not None:
        work.need(Visit, body.visit_id, "visit_id")
    entry_id = new_id()
    given = body.model_dump(exclude={"corrects_id"})
    entry = TimeEntry(
        tenant_id=work.actor.tenant_id, id=entry_id, root_id=entry_id, clock={"office": ours(work).evidence(work)}, **given
    )  # fmt: skip
    if body.corrects_id is not None:
        _correct(work, entry, body.corrects_id)
    keep(work, entry)
    return card(work, entry)


def move(
    work: Work, entry_id: UUID, name: str, body: MoveBody, *, version: int | None = None
) -> TimeEntryCard:
    """Makes one move: `approve` at the member's rate of today, `lock`, which approves too and is for good, or `unapprove`.

    Raises:
        NotFound, Conflict, Forbidden, Stale: as their words say; a refused move changes nothing.
    """
    work.actor.require(Permission.TIME_ENTRIES_READ)
    return card(work, _move(work, entry_id, name, body.reason, version))


def decide_week(work: Work, member_id: UUID, monday: date, name: str) -> WeekDecision:
    """Makes the move on every entry of a member's week that it is about. Each stands alone: what cannot be done is counted
    with the reason, and does not keep the others from being done.

    Raises:
        Forbidden: the actor may not decide on hours. Invalid: there is no such member. NotFound: there is no such move.
    """
    work.actor.require(Permission.TIME_ENTRIES_APPROVE)
    work.need(Member, member_id, "member_id")
    stages = MEANT.get(name, ())
    week = [one for one in of_week(work, member_id, monday) if one.stage in stages]
    counting = standing_ids(work, [one.id for one in week])
    done, refused = 0, Counter[str]()
    for entry in sorted((one for one in week if one.id in counting), key=lambda one: one.root_id):
        try:
            with work.attempt(new_id()):
                _move(work, entry.id, name, None, None)
            done += 1
        except Refusal as error:
            refused[error.detail] += 1
    return WeekDecision(done=done, refused=dict(refused))


def _move(work: Work, entry_id: UUID, name: str, reason: str | None, version: int | None) -> TimeEntry:
    work.lock(TimeEntry, work.get(TimeEntry, entry_id).root_id)
    entry = work.lock(TimeEntry, entry_id, version=version)
    if name in ("approve", "lock") and entry.ended_at is None:
        raise Conflict("It has not ended yet.")
    if entry.turn < last_turn(work, entry.root_id):
        raise Conflict(CORRECTED)
    work.advance(entry, TIME_ENTRY_MACHINE, name, reason=reason)
    if name == "unapprove":
        entry.approved_at = entry.approved_by = entry.cost_rate_cents = None
    elif entry.approved_at is None:
        entry.approved_at, entry.approved_by = work.at, work.actor.member_id
        entry.cost_rate_cents = work.get(Member, entry.member_id).hourly_cost_cents
    if name == "lock":
        entry.locked_at = work.at
    return entry


def _correct(work: Work, entry: TimeEntry, old_id: UUID) -> None:
    old = work.need(TimeEntry, old_id, "corrects_id")
    if old.member_id != entry.member_id:
        words = "These are another member's hours."
        raise Invalid(words, errors=[FieldError("corrects_id", words)])
    stand_for(work, entry, old)
    if entry.turn != old.turn + 1:
        raise Conflict("Somebody corrected it meanwhile. Load the page again, and correct that entry.")
