"""The form of hours on screen: what it starts from, which visits it offers, and keeping what was typed."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from models.access import Permission
from models.members import Member
from models.time_entries import KINDS, TimeEntry
from models.visits import Visit, VisitAssignee
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.screens.common import Option
from ontrack_app.schemas.screens.time_entries import TimeForm
from ontrack_app.schemas.time_entries import TimeEntryBody
from ontrack_app.services import time_entries
from ontrack_app.services.screens import time_rows, words
from ontrack_app.work import Work

A_DAY = timedelta(days=1)


def blank(work: Work, member_id: UUID | None = None, visit_id: UUID | None = None) -> TimeForm:
    """The form of new hours, of a member or on a visit where one is named.

    Raises:
        NotFound: there is no such member or visit. Forbidden: the role writes no hours down.
    """
    work.actor.require(Permission.TIME_ENTRIES_WRITE)
    form = TimeForm(
        heading="Add hours",
        verb="Add the hours",
        day=words.local(work, work.at).date().isoformat(),
        zone=_zone(work, work.at),
        kinds=[Option(value=key, label=label) for key, label in KINDS],
        members=words.member_options(work)[1:],
    )
    if member_id is not None:
        form.member_id, form.member = str(member_id), work.get(Member, member_id).name
    if visit_id is not None:
        visit = work.get(Visit, visit_id)
        form.visit_id, form.fixed_visit = str(visit.id), True
        at = visit.actual_start or visit.planned_start
        form.day = words.local(work, at).date().isoformat() if at else form.day
    return offered(work, form)


def correction(work: Work, entry_id: UUID) -> TimeForm:
    """The form that corrects hours, filled with what they say now.

    Raises:
        NotFound: there are none. Forbidden: the role writes no hours down.
    """
    work.actor.require(Permission.TIME_ENTRIES_WRITE)
    entry = work.get(TimeEntry, entry_id)
    form = blank(work, entry.member_id)
    start = words.local(work, entry.started_at)
    end = words.local(work, entry.ended_at) if entry.ended_at else None
    form.heading, form.verb, form.corrects_id = (
        f"Correct {form.member}’s hours",
        "Keep the correction",
        str(entry.id),
    )
    form.kind, form.day, form.zone = entry.kind, start.date().isoformat(), _zone(work, entry.started_at)
    form.start, form.end = f"{start:%H:%M}", f"{end:%H:%M}" if end else ""
    form.visit_id = str(entry.visit_id or "")
    lasted = f", {words.length(time_rows.minutes(entry))}" if end else ", still running"
    form.was = f"{dict(KINDS)[entry.kind]}, {start:%a, %b} {start.day}, {words.clock(start)}{f' – {words.clock(end)}' if end else ''}{lasted}"
    return offered(work, form)  # fmt: skip


def offered(work: Work, form: TimeForm) -> TimeForm:
    """The form with the visits to choose from: those of the member around that day, and the one that is chosen."""
    try:
        day = date.fromisoformat(form.day)
        member_id = UUID(form.member_id)
    except ValueError:
        return form
    first = datetime.combine(day - A_DAY, time(0), work.actor.tenant.zone)
    goes = select(col(VisitAssignee.visit_id)).where(
        col(VisitAssignee.tenant_id) == work.actor.tenant_id, col(VisitAssignee.member_id) == member_id
    )
    near = (
        col(Visit.planned_start) >= first,
        col(Visit.planned_start) < first + 3 * A_DAY,
        col(Visit.id).in_(goes),
    )
    found = work.all(work.of(Visit).where(*near).order_by(col(Visit.planned_start)).limit(50))
    chosen = work.find(Visit, _id(form.visit_id, "visit_id")) if form.visit_id else None
    if chosen is not None and chosen not in found:
        found.append(chosen)
    options = [
        Option(
            value=str(one.id), label=f"{one.title}, {words.window(work, one.planned_start, one.planned_end)}"
        )
        for one in found
    ]
    return form.model_copy(update={"visits": options})


def keep(work: Work, form: TimeForm) -> None:
    """Writes the hours down as typed. An end that is before the start is of the next day.

    Raises:
        Invalid: at `member_id`, `day`, `start`, `end` or `reason`. Conflict, Forbidden: as their words say.
    """
    start, end = _at(work, form, "start"), _at(work, form, "end")
    if not form.member_id:
        raise _wrong("member_id", "Choose whose hours they are.")
    if not form.reason.strip():
        raise _wrong("reason", "Say why, so that it can be understood later.")
    if end < start:
        end += A_DAY
    body = TimeEntryBody(
        member_id=_id(form.member_id, "member_id"),
        visit_id=_id(form.visit_id, "visit_id") if form.visit_id else None,
        kind=form.kind,
        started_at=start.astimezone(UTC),
        ended_at=end.astimezone(UTC),
        corrects_id=_id(form.corrects_id, "corrects_id") if form.corrects_id else None,
        reason=form.reason,
    )
    time_entries.create(work, body)


def _id(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise _wrong(field, "Choose one of the list.") from None


def _at(work: Work, form: TimeForm, name: str) -> datetime:
    try:
        day = date.fromisoformat(form.day)
    except ValueError:
        raise _wrong("day", "Give a day, such as 2026-05-31.") from None
    try:
        clock = time.fromisoformat(getattr(form, name))
    except ValueError:
        raise _wrong(name, "Give a time, such as 08:30.") from None
    return datetime.combine(day, clock, work.actor.tenant.zone)


def _zone(work: Work, at: datetime) -> str:
    return f"{words.local(work, at):%Z}"


def _wrong(field: str, said: str) -> Invalid:
    return Invalid(said, errors=[FieldError(field, said)])
