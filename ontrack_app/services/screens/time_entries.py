"""Hours on screens: members' weeks, each with its days and sums, and the decisions on one stretch or a whole week."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import col

from models.access import Permission
from models.members import Member
from models.time_entries import TimeEntry
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.common import MoveBody
from ontrack_app.schemas.screens.common import ListPage, ListQuery, Option
from ontrack_app.schemas.screens.time_entries import TimeDay, TimeSheet
from ontrack_app.services import time_entries
from ontrack_app.services.screens import lists, time_rows, words
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

PER_PAGE = 8
WEEKS_TO_CHOOSE = 12
STAGE, ENDED, STARTED = col(TimeEntry.stage), col(TimeEntry.ended_at), col(TimeEntry.started_at)
WEEK = timedelta(days=7)
DONE = {"approve": "approved", "lock": "locked", "unapprove": "open again"}


def views() -> list[View]:
    """The tabs of the list; home counts by them too."""
    counts = time_entries.stands()
    return [
        View("to_approve", "To approve", (STAGE == "open", ENDED.is_not(None), counts)),
        View("clock", "Clock was off", (col(TimeEntry.skewed).is_(True), STAGE != "locked", counts)),
        View("running", "Still running", (ENDED.is_(None), counts)),
        View("all", "All", (counts,)),
    ]


def listing(work: Work, asked: ListQuery) -> tuple[list[TimeSheet], ListPage]:
    """The weeks of members in which there is something of the view that is asked for; each whole, so that its sums are.

    Raises:
        Invalid: a member or week that is none. Forbidden: the role may not see hours.
    """
    work.actor.require(Permission.TIME_ENTRIES_READ)
    tabs = views()
    view = next((one for one in tabs if one.key == asked.tab), tabs[0])
    conditions = [*view.conditions, *_filters(work, asked)]
    offset = (asked.page - 1) * PER_PAGE
    found, total, entries = _sheets(work, conditions, offset)
    foot = words.list_page(offset, len(found), total, lists.counted(work, TimeEntry, tabs))
    foot.text = f"{words.list_text(offset, len(found), total)} {'week' if total == 1 else 'weeks'} of members"
    foot.tab, foot.total = view.key, entries
    foot.filters = [
        lists.filter_of(asked, "member_id", "Who", [(one.value, one.label) for one in words.member_options(work) if one.value]),
        lists.filter_of(asked, "week", "Week", [(one.value, one.label) for one in weeks(work)], shown=_week_shown(asked)),
    ]  # fmt: skip
    return _drawn(work, found), foot


def weeks(work: Work) -> list[Option]:
    """The latest weeks, to choose one of."""
    monday = monday_of(words.local(work, work.at).date())
    near = {0: "This week", 1: "Last week"}
    mondays = [monday - WEEK * back for back in range(WEEKS_TO_CHOOSE)]
    return [
        Option(value=day.isoformat(), label=near.get(back, week_words(day)))
        for back, day in enumerate(mondays)
    ]


def monday_of(day: date) -> date:
    """The first day of the week that a day is in."""
    return day - timedelta(days=day.weekday())


def week_words(monday: date) -> str:
    """A week as people say it: Jun 15 – 21, 2026."""
    last = monday + timedelta(days=6)
    to = f"{last.day}" if last.month == monday.month else f"{last:%b} {last.day}"
    return f"{monday:%b} {monday.day} – {to}, {last.year}"


def a_day(text: str, field: str = "week") -> date:
    """The day that an address or a button names.

    Raises:
        Invalid: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        said = f"“{text[:40]}” is no day such as 2026-06-15."
        raise Invalid(said, errors=[FieldError(field, said)]) from None


def move(work: Work, entry_id: UUID, name: str) -> str:
    """Makes one move of one stretch; what to say of it.

    Raises:
        NotFound, Conflict, Forbidden: as their words say.
    """
    time_entries.move(work, entry_id, name, MoveBody())
    return f"The hours are {DONE[name]}."


def move_week(work: Work, member_id: UUID, monday: date, name: str) -> tuple[str, bool]:
    """Makes a move on a member's whole week; what to say of it, and whether all went well.

    Raises:
        Forbidden, Invalid: as their words say.
    """
    found = time_entries.decide_week(work, member_id, monday_of(monday), name)
    failed = sum(found.refused.values())
    parts = [f"{words.some(found.done, 'entry', 'entries')} {DONE.get(name, '')}."]
    parts += [f"{count} not: {why}" for why, count in found.refused.items()]
    return " ".join(parts), failed == 0


def _filters(work: Work, asked: ListQuery) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for name, value in asked.filters.items():
        if name == "member_id":
            conditions.append(col(TimeEntry.member_id) == _member(value))
        elif name == "week":
            conditions.append(_within(work, monday_of(a_day(value))))
        else:
            said = f"“{name}” is no filter of this list. Filters are member_id, week."
            raise Invalid(said, errors=[FieldError(name, said)])
    return conditions


def _member(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        said = "There is no such member."
        raise Invalid(said, errors=[FieldError("member_id", said)]) from None


def _week_shown(asked: ListQuery) -> str:
    value = asked.filters.get("week", "")
    return week_words(monday_of(a_day(value))) if value else ""


def _within(work: Work, monday: date) -> ColumnElement[bool]:
    zone = work.actor.tenant.zone
    first, after = (datetime.combine(day, time(0), zone) for day in (monday, monday + WEEK))
    return and_(first <= STARTED, after > STARTED)


def _sheets(
    work: Work, conditions: Sequence[ColumnElement[bool]], offset: int
) -> tuple[list[tuple[Member, date]], int, int]:
    """Member and Monday of each week on this page, the latest first; how many such weeks there are, and entries in them."""
    week: Any = func.date_trunc("week", func.timezone(work.actor.tenant.timezone, STARTED)).label("week")
    same = and_(col(Member.tenant_id) == col(TimeEntry.tenant_id), col(Member.id) == col(TimeEntry.member_id))
    weeks_of = (
        select(
            col(TimeEntry.member_id).label("member_id"),
            week,
            func.min(col(Member.name)).label("name"),
            func.count().label("entries"),
        )
        .join(Member, same)
        .where(col(TimeEntry.tenant_id) == work.actor.tenant_id, *conditions)
        .group_by(col(TimeEntry.member_id), week)
        .subquery()
    )
    sums = select(func.count(), func.coalesce(func.sum(weeks_of.c.entries), 0)).select_from(weeks_of)
    total, entries = work.session.execute(sums).one()
    page = select(weeks_of.c.member_id, weeks_of.c.week).order_by(
        weeks_of.c.week.desc(), weeks_of.c.name, weeks_of.c.member_id
    )
    found = list(work.session.execute(page.limit(PER_PAGE).offset(offset)))
    people = words.people(work) if found else {}
    return (
        [(people.get(row.member_id) or work.get(Member, row.member_id), row.week.date()) for row in found],
        int(total),
        int(entries),
    )


def _drawn(work: Work, found: Sequence[tuple[Member, date]]) -> list[TimeSheet]:
    if not found:
        return []
    wanted = [and_(col(TimeEntry.member_id) == member.id, _within(work, monday)) for member, monday in found]
    query = work.of(TimeEntry).where(or_(*wanted), time_entries.stands())
    entries: list[TimeEntry] = work.all(query.order_by(STARTED, col(TimeEntry.id)))
    drawn = time_rows.rows(work, entries)
    sheets = []
    for member, monday in found:
        mine = [one for one in entries if one.member_id == member.id and _monday(work, one) == monday]
        sheets.append(_sheet(work, member, monday, mine))
        sheets[-1].days = [
            TimeDay(
                title=f"{day:%A}, {day:%b} {day.day}",
                total=time_rows.total(of_day, "work", "travel"),
                rows=[row for one in of_day for row in drawn[one.id]],
            )
            for day, of_day in _by_day(work, mine)
        ]
    return sheets


def _monday(work: Work, entry: TimeEntry) -> date:
    return monday_of(words.local(work, entry.started_at).date())


def _by_day(work: Work, entries: Sequence[TimeEntry]) -> list[tuple[date, list[TimeEntry]]]:
    """A stretch over midnight is of the day on which it starts."""
    days = groupby(entries, key=lambda one: words.local(work, one.started_at).date())
    return [(day, list(found)) for day, found in days]


def _sheet(work: Work, member: Member, monday: date, entries: Sequence[TimeEntry]) -> TimeSheet:
    stages = Counter(one.stage for one in entries)
    waiting = sum(one.stage == "open" and one.ended_at is not None for one in entries)
    decides = work.actor.granted(Permission.TIME_ENTRIES_APPROVE)
    return TimeSheet(
        member_id=str(member.id),
        monday=monday.isoformat(),
        name=member.name,
        week=week_words(monday),
        work=time_rows.total(entries, "work"),
        travel=time_rows.total(entries, "travel"),
        rest=time_rows.total(entries, "break"),
        total=time_rows.total(entries, "work", "travel"),
        waiting=f"{waiting} to approve" if waiting else "",
        can_approve=decides and stages["open"] > 0,
        can_unapprove=decides and stages["approved"] > 0,
        can_lock=decides and stages["open"] + stages["approved"] > 0,
        can_add=work.actor.granted(Permission.TIME_ENTRIES_WRITE),
    )
