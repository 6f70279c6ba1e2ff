"""Reading hours: one entry, a page of them, a member's week, and which entry of a chain of corrections counts."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import aliased
from sqlmodel import col

from models.access import Permission
from models.time_entries import TimeEntry
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.common import MoneyBody, Page
from ontrack_app.schemas.time_entries import TimeEntryCard
from ontrack_app.services import listing
from ontrack_app.services.listing import Query
from ontrack_app.work import Work

COPIED = set(TimeEntryCard.model_fields) - {"stands", "cost_rate"}


def get(work: Work, entry_id: UUID) -> TimeEntryCard:
    """One entry; a crew member's own.

    Raises:
        NotFound: there is none here, or none that may be known.
    """
    work.actor.require(Permission.TIME_ENTRIES_READ)
    return card(work, work.get(TimeEntry, entry_id))


def list_page(work: Work, query: Query) -> Page[TimeEntryCard]:
    """A page of hours, as `listing.Query` asks; a crew member gets its own. Entries that were corrected are among them, and
    say that they do not stand.

    Raises:
        Invalid: a filter or sort that this list does not have.
    """
    work.actor.require(Permission.TIME_ENTRIES_READ)
    filters = dict(query.filters)
    conditions = _approved(filters.pop("approved", ""))
    found = listing.page(work, TimeEntry, replace(query, filters=filters), *conditions)
    counting = standing_ids(work, [row.id for row in found.rows])
    items = [_card(work, row, stands=row.id in counting) for row in found.rows]
    return Page(items=items, next_cursor=found.next_cursor)


def card(work: Work, entry: TimeEntry) -> TimeEntryCard:
    """The entry as the API shows it."""
    work.session.flush()
    return _card(work, entry, stands=bool(standing_ids(work, [entry.id])))


def stands() -> ColumnElement[bool]:
    """The condition under which an entry counts: nothing corrects it."""
    later = aliased(TimeEntry)
    return ~exists().where(
        col(later.tenant_id) == col(TimeEntry.tenant_id),
        col(later.root_id) == col(TimeEntry.root_id),
        col(later.turn) > col(TimeEntry.turn),
    )


def standing_ids(work: Work, ids: Iterable[UUID]) -> set[UUID]:
    """Those of the entries that count."""
    wanted = list(ids)
    if not wanted:
        return set()
    query = work.of(TimeEntry).where(col(TimeEntry.id).in_(wanted), stands())
    return set(work.all(query.with_only_columns(col(TimeEntry.id))))


def of_week(work: Work, member_id: UUID, monday: date) -> list[TimeEntry]:
    """A member's entries that start in the week from `monday`, in the tenant's zone, by their start."""
    zone = work.actor.tenant.zone
    first = datetime.combine(monday, time(0), zone)
    after = datetime.combine(monday + timedelta(days=7), time(0), zone)
    query = work.of(TimeEntry).where(
        col(TimeEntry.member_id) == member_id,
        col(TimeEntry.started_at) >= first,
        col(TimeEntry.started_at) < after,
    )
    found: list[TimeEntry] = work.all(query.order_by(col(TimeEntry.started_at), col(TimeEntry.turn)))
    return found


def _approved(value: str) -> list[ColumnElement[bool]]:
    if not value:
        return []
    if value not in ("true", "false"):
        words = f"“Approved” is true or false, not “{value[:80]}”."
        raise Invalid(words, errors=[FieldError("approved", words)])
    approved = col(TimeEntry.approved_at)
    return [approved.is_not(None) if value == "true" else approved.is_(None)]


def _card(work: Work, entry: TimeEntry, *, stands: bool) -> TimeEntryCard:
    """What an hour costs is told to those who decide on hours, and to nobody else."""
    rate = entry.cost_rate_cents
    may = work.actor.scope == "all" and work.actor.granted(Permission.TIME_ENTRIES_APPROVE)
    return TimeEntryCard.model_construct(
        stands=stands,
        cost_rate=MoneyBody.of(rate, work.actor.tenant.currency) if may and rate is not None else None,
        **entry.model_dump(include=COPIED),
    )
