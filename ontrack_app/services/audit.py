"""The trail, read: entries and security events of the company, filtered and paged by their numbers. It is written elsewhere."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Text, cast, func, or_, select, text
from sqlmodel import col

from models.access import Permission
from models.audit_entries import AUDIT_FIELDS, AuditEntry
from models.members import Member
from models.tenants import Tenant
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.audit import AuditEntryCard
from ontrack_app.schemas.common import Page
from ontrack_app.services.listing import MOST, Query
from ontrack_app.work import Work

NOBODY = "none"
COUNTED_AT_MOST = 10_000
LATEST = 5_000
EVENTS = text(
    "SELECT n, at, word, email, ip, detail FROM auth.tenant_events(:before, :after, :most, CAST(:words AS text[]), :email, "
    "CAST(:since AS timestamptz), CAST(:until AS timestamptz), :q)"
)
EVENT_WORDS = text("SELECT auth.tenant_event_words()")
NOTE = text("SELECT auth.note_security('trail.exported', :email, :tenant, :ip, :detail)")


@dataclass(frozen=True)
class Asked:
    """Which part of the trail: narrowed by `filters` and the words `q`, the newest first; `before` and `after` are numbers
    of entries, and of `after` the oldest come."""

    filters: Mapping[str, str] = field(default_factory=dict)
    q: str = ""
    before: int | None = None
    after: int | None = None
    most: int = 25


def entries(work: Work, asked: Asked) -> list[AuditEntry]:
    """Entries of the trail, the newest first.

    Raises:
        Forbidden: the actor may not read the trail. Invalid: a filter that there is not, or a value that does not fit.
    """
    work.actor.require(Permission.AUDIT_READ)
    number = col(AuditEntry.n)
    query = select(AuditEntry).where(*_conditions(work, asked.filters, asked.q))
    if asked.before is not None:
        query = query.where(number < asked.before)
    if asked.after is not None:
        query = query.where(number > asked.after)
    rising = asked.after is not None
    found: list[AuditEntry] = work.all(
        query.order_by(number.asc() if rising else number.desc()).limit(asked.most)
    )
    return found[::-1] if rising else found


def count(work: Work, asked: Asked) -> int:
    """How many entries the filters find, counted no further than 10,001."""
    work.actor.require(Permission.AUDIT_READ)
    inner = select(col(AuditEntry.n)).where(*_conditions(work, asked.filters, asked.q))
    some = inner.limit(COUNTED_AT_MOST + 1).subquery()
    return int(work.session.execute(select(func.count()).select_from(some)).scalar_one())


def events(work: Work, asked: Asked) -> Sequence[Row[Any]]:
    """Security events of the company (n, at, word, email, ip, detail), the newest first.

    Raises:
        Forbidden: the actor may not read the trail. Invalid: a filter that does not fit.
    """
    work.actor.require(Permission.AUDIT_READ)
    filters = asked.filters
    if {"noun", "row_id"} & filters.keys():
        return []
    given = {
        "before": asked.before,
        "after": asked.after,
        "most": asked.most,
        "words": filters["word"].split(",") if "word" in filters else None,
        "email": _email(work, filters.get("actor_id")),
        "since": _moment(work, filters, "since"),
        "until": _moment(work, filters, "until"),
        "q": asked.q.strip() or None,
    }
    found = work.session.execute(EVENTS, given).all()
    return found[::-1] if asked.after is not None else found


def event_words(work: Work) -> list[str]:
    """The kinds of security events that there are here."""
    work.actor.require(Permission.AUDIT_READ)
    return list(work.session.execute(EVENT_WORDS).scalars())


def words_and_nouns(work: Work) -> tuple[list[str], list[str]]:
    """The words and the nouns of the latest entries: the choices of the trail's filters."""
    work.actor.require(Permission.AUDIT_READ)
    trail = select(col(AuditEntry.noun), col(AuditEntry.word)).where(
        col(AuditEntry.tenant_id) == work.actor.tenant_id
    )
    latest = trail.order_by(col(AuditEntry.n).desc()).limit(LATEST).subquery()
    pairs = work.session.execute(select(latest.c.noun, latest.c.word).distinct()).all()
    return sorted({row.word for row in pairs}), sorted({row.noun for row in pairs})


def list_page(work: Work, query: Query) -> Page[AuditEntryCard]:
    """A page of the trail as the API asks for it; sorted by n, the newest first unless asked otherwise.

    Raises:
        Forbidden: the actor may not read the trail. Invalid: an unknown filter or sort, a limit or cursor that is none.
    """
    work.actor.require(Permission.AUDIT_READ)
    if not 1 <= query.limit <= MOST:
        raise _wrong("limit", f"limit is a whole number from 1 to {MOST}.")
    if query.sort not in ("n", "-n"):
        raise _wrong("sort", "This list sorts by n; put - before it for the newest first.")
    rising = query.sort == "n"
    place = _read_cursor(query.cursor) if query.cursor else None
    side = {"after": place or 0} if rising else {"before": place}
    found = entries(work, Asked(query.filters, query.q, most=query.limit + 1, **side))
    rows = (found[::-1] if rising else found)[: query.limit]
    more = len(found) > query.limit
    return Page(items=[card(row) for row in rows], next_cursor=_cursor(rows[-1].n) if more else None)


def card(entry: AuditEntry) -> AuditEntryCard:
    """The entry as the API shows it."""
    return AuditEntryCard.model_construct(**entry.model_dump(include=set(AuditEntryCard.model_fields)))


def note_export(work: Work, what: str, filters: Mapping[str, str]) -> None:
    """Leaves in the trail, and in the chain of security events, that part of the trail was taken out.

    Raises:
        Forbidden: the actor may not read the trail.
    """
    work.actor.require(Permission.AUDIT_READ)
    given = {name: value[:200] for name, value in filters.items()}
    work.record("trail.exported", work.find_tenant(Tenant), after={"what": what, **given})  # type: ignore[arg-type]
    note = {
        "email": work.actor.email,
        "tenant": work.actor.tenant_id,
        "ip": work.actor.ip,
        "detail": f"the {what}",
    }
    work.session.execute(NOTE, note)


def _conditions(work: Work, filters: Mapping[str, str], q: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [col(AuditEntry.tenant_id) == work.actor.tenant_id]
    for name, value in filters.items():
        found = AUDIT_FIELDS.get(name)
        if found is None or not found.filterable or "\x00" in value:
            known = ", ".join(item.name for item in AUDIT_FIELDS.having("filterable"))
            raise _wrong(name, f"“{name}” is no filter of this list. Filters are {known}.")
        if name not in ("since", "until"):
            conditions.append(_is_one_of(name, value))
    since, until = _moment(work, filters, "since"), _moment(work, filters, "until")
    if since is not None:
        conditions.append(col(AuditEntry.at) >= since)
    if until is not None:
        conditions.append(col(AuditEntry.at) < until)
    return conditions + ([_holds(q)] if q.strip() else [])


def _is_one_of(name: str, value: str) -> ColumnElement[bool]:
    column: Any = getattr(AuditEntry, name)
    if name == "actor_id" and value == NOBODY:
        empty: ColumnElement[bool] = column.is_(None)
        return empty
    values: list[Any] = value.split(",")
    if name in ("actor_id", "row_id"):
        values = [_id(name, one) for one in values]
    chosen: ColumnElement[bool] = column.in_(values)
    return chosen


def _holds(q: str) -> ColumnElement[bool]:
    """Entries whose person, reason or values hold the words."""
    safe = q.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    places = (
        col(AuditEntry.actor_name),
        col(AuditEntry.reason),
        cast(AuditEntry.before, Text),
        cast(AuditEntry.after, Text),
    )
    return or_(*(place.ilike(f"%{safe}%") for place in places))


def _moment(work: Work, filters: Mapping[str, str], name: str) -> datetime | None:
    """The start of a day in the company's zone, or a moment; `until` a day means its end."""
    value = filters.get(name, "")
    if not value:
        return None
    try:
        if len(value) == 10:
            day = date.fromisoformat(value) + timedelta(days=1 if name == "until" else 0)
            return datetime.combine(day, time(), work.actor.tenant.zone)
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=work.actor.tenant.zone)
    except (ValueError, OverflowError):
        raise _wrong(
            name, "Write a day such as 2026-05-31, or a moment such as 2026-05-31T08:00:00Z."
        ) from None


def _email(work: Work, actor_id: str | None) -> str | None:
    if not actor_id:
        return None
    member = None if actor_id == NOBODY else work.find(Member, _id("actor_id", actor_id))
    return member.email if member is not None else ""


def _id(name: str, value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise _wrong(name, f"“{value[:80]}” is no id.") from None


def _cursor(number: int) -> str:
    return base64.urlsafe_b64encode(str(number).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> int:
    try:
        number = int(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise _wrong("cursor", "This cursor is not one of ours; start again without it.") from None
    if not 0 < number < 2**62:
        raise _wrong("cursor", "This cursor is not one of ours; start again without it.")
    return number


def _wrong(name: str, words: str) -> Invalid:
    return Invalid(words, errors=[FieldError(name, words)])
