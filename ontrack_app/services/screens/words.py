"""The only home of how values are written for a reader: money, dates and times in the tenant's zone and manner."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import col

from models.fields import Field, FieldList
from models.members import Member
from models.money import Money, format_money
from ontrack_app.schemas.screens.common import ListPage, Option, Spec, Tab
from ontrack_app.work import Work

KINDS = {"choice": "select", "member": "select", "flag": "bool", "money": "money", "number": "number"}


def money(work: Work, cents: int | None) -> str:
    """An amount of the tenant's currency, empty for none."""
    if cents is None:
        return ""
    return format_money(Money(cents, work.actor.tenant.currency), work.actor.tenant.locale)


def day(value: date | None) -> str:
    """A date such as Jun 18, 2026; empty for none."""
    return "" if value is None else f"{value:%b} {value.day}, {value.year}"


def local(work: Work, at: datetime) -> datetime:
    """A moment in the tenant's zone."""
    return at.astimezone(work.actor.tenant.zone)


def clock(at: datetime) -> str:
    """A time of day such as 7:30 AM, of a moment that is local already."""
    return f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"


def moment(work: Work, at: datetime | None) -> str:
    """A moment with day and time, as it is shown on hover: Jun 18, 2026, 7:30 AM CDT."""
    if at is None:
        return ""
    here = local(work, at)
    return f"{day(here.date())}, {clock(here)} {here:%Z}"


def ago(work: Work, at: datetime | None) -> str:
    """How long ago, in the fewest words that are exact enough: 38 min, 2 h, Yesterday, 6 days, Jun 18."""
    if at is None:
        return ""
    gone = work.at - at
    if gone < timedelta(minutes=1):
        return "Just now"
    if gone < timedelta(hours=1):
        return f"{gone.seconds // 60} min"
    days = (local(work, work.at).date() - local(work, at).date()).days
    if days == 0:
        return f"{gone.seconds // 3600} h"
    if days == 1:
        return "Yesterday"
    return f"{days} days" if days < 30 else day(local(work, at).date())


def when(work: Work, at: datetime | None) -> str:
    """A moment on a timeline: the time today, the weekday this week, then the date."""
    if at is None:
        return ""
    here, today = local(work, at), local(work, work.at).date()
    days = (today - here.date()).days
    if days == 0:
        return clock(here)
    if 0 < days < 7:
        return f"{here:%a} {clock(here)}"
    return f"{here:%b} {here.day}" if here.year == today.year else day(here.date())


def window(work: Work, start: datetime | None, end: datetime | None) -> str:
    """A planned window such as Mon, Jun 15, 7:30 AM – 4:30 PM; the end with its day where it is another one."""
    if start is None or end is None:
        return "No date yet"
    first, last = local(work, start), local(work, end)
    to = clock(last) if last.date() == first.date() else f"{last:%a, %b} {last.day}, {clock(last)}"
    return f"{first:%a, %b} {first.day}, {clock(first)} – {to}"


def length(minutes: int) -> str:
    """How long something lasted: 4 h 06, 35 min, Under 1 min."""
    if minutes < 1:
        return "Under 1 min"
    return f"{minutes // 60} h {minutes % 60:02d}" if minutes >= 60 else f"{minutes} min"


def some(count: int, one: str, many: str = "") -> str:
    """A count with its noun: 1 lead, 3,000 leads."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def people(work: Work) -> dict[UUID, Member]:
    """The tenant's members by id, for names and avatars."""
    query = work.of(Member).where(col(Member.archived_at).is_(None)).order_by(col(Member.name))
    return {member.id: member for member in work.all(query)}


def initials(name: str) -> str:
    """Up to two letters that stand for a name."""
    parts = name.split()
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()


def member_options(work: Work, *, nobody: str = "Nobody") -> list[Option]:
    """The people of the office and the crews, as choices."""
    staff = [m for m in people(work).values() if m.active and m.role in ("admin", "office", "crew")]
    return [Option(value="", label=nobody), *(Option(value=str(m.id), label=m.name) for m in staff)]


def specs(work: Work, fields: FieldList) -> list[Spec]:
    """The form of a noun: the fields that this reader may edit, in the field list's order."""
    return [_spec(work, field) for field in fields if work.actor.role in field.edit]


def list_text(offset: int, shown: int, total: int) -> str:
    """Which part of a list is on the screen: 1–25 of 3,000."""
    return f"{offset + 1 if shown else 0:,}–{offset + shown:,} of {total:,}"


def list_page(offset: int, shown: int, total: int, tabs: list[Tab]) -> ListPage:
    """The foot and the views of a list."""
    return ListPage(
        text=list_text(offset, shown, total),
        total=total,
        has_prev=offset > 0,
        has_next=offset + shown < total,
        tabs=tabs,
    )


def _spec(work: Work, field: Field) -> Spec:
    options = [Option(value=value, label=label) for value, label in field.choices]
    if field.type == "member":
        options = member_options(work)[1:]
    return Spec(
        name=field.name,
        label=field.label,
        kind=KINDS.get(field.type, field.type),
        help=field.help,
        required=field.required,
        options=options,
    )
