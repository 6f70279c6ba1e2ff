"""Home on screen: everything that waits, counted in one query by the same views as the lists it opens; who is out today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, cast, func, literal, select, union_all
from sqlmodel import col

from models.access import Permission
from models.base import CENTS
from models.conflicts import Conflict
from models.estimates import Estimate
from models.expenses import Expense
from models.invoices import Invoice
from models.jobs import Job
from models.leads import Lead
from models.sync import Quarantined
from models.tasks import Task
from models.time_entries import TimeEntry
from models.visits import OVER, UNDER_WAY, Visit
from ontrack_app.schemas.screens.common import Badge
from ontrack_app.schemas.screens.home import Home, Todo, TodoGroup, VisitNow
from ontrack_app.services import listing, pipeline_stages
from ontrack_app.services.screens import (
    estimates,
    expenses,
    happenings,
    inbox,
    invoices,
    jobs,
    leads,
    tasks,
    time_entries,
    visits,
    words,
)
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_VISITS = 8
CONTRACT = (
    select(func.sum(col(Estimate.total_cents)))
    .where(col(Estimate.tenant_id) == col(Job.tenant_id), col(Estimate.job_id) == col(Job.id))
    .where(col(Estimate.stage) == "converted")
    .correlate(Job)
    .scalar_subquery()
)


@dataclass(frozen=True)
class _Ask:
    """One row of the list: which view of which noun, in which words, summed and aged by which column."""

    group: str
    model: Any
    view: View
    one: str
    many: str
    age: Any
    sum: Any = None
    hot_after: timedelta | None = None
    dated: bool = False
    path: str = ""  # of its list, where it is not the noun's own


@dataclass(frozen=True)
class _Count:
    """What was counted for one row."""

    number: int
    cents: int | None
    first: datetime | None


def home(work: Work) -> Home:
    """The home page of the office."""
    work.actor.require(Permission.LEADS_READ)
    asks = _asks(work)
    counts = _counted(work, asks)
    today = words.local(work, work.at)
    waiting = sum(count.number for count in counts)
    out, more = _visits(work)
    return Home(
        day=f"{today:%A}, {today:%B} {today.day}",
        sub=words.some(waiting, "thing") + " to do" if waiting else "Nothing waits",
        groups=_groups(work, asks, counts),
        visits=out,
        more_visits=f"and {more} more" if more > 0 else "",
        latest=happenings.latest(work),
    )


def _asks(work: Work) -> list[_Ask]:
    lead = {view.key: view for view in leads.views(work, pipeline_stages.words(work))}
    offer = {view.key: view for view in estimates.views(work)}
    job = {view.key: view for view in jobs.VIEWS}
    visit = {view.key: view for view in visits.views(work)}
    bill = {view.key: view for view in invoices.views(work)}
    now, came, total = "Answer now", col(Lead.created_at), col(Estimate.total_cents)
    plan, cash = "Schedule", "Money"
    written, answered = col(Estimate.created_at), col(Estimate.answered_at)
    return [
        *_undecided(work),
        _Ask(now, Lead, lead["new"], "New lead nobody has called", "New leads nobody has called", came, col(Lead.value_cents), 4 * HOUR),
        _Ask(now, Estimate, offer["changes"], "Client asked for changes to an estimate", "Clients asked for changes to an estimate", answered, total, DAY),
        _Ask(now, Estimate, offer["to_convert"], "Approved estimate without a job", "Approved estimates without a job", answered, total),
        _Ask(now, Estimate, offer["drafts"], "Estimate written, not sent", "Estimates written, not sent", written, total),
        _Ask(plan, Job, job["no_visit"], "Job with no next visit", "Jobs with no next visit", col(Job.created_at)),
        _Ask(plan, Visit, visit["no_access"], "Visit that ended without access", "Visits that ended without access", col(Visit.planned_start), hot_after=timedelta(0)),
        *_from_crews(work),
        _Ask(cash, Job, job["to_invoice"], "Finished job to invoice", "Finished jobs to invoice", col(Job.completed_at), CONTRACT),
        _Ask(cash, Invoice, bill["drafts"], "Invoice drafted, not issued", "Invoices drafted, not issued", col(Invoice.created_at), col(Invoice.total_cents)),
        _Ask(cash, Invoice, bill["past_due"], "Invoice past due", "Invoices past due", col(Invoice.due_on), invoices.OWED, timedelta(0), dated=True),
        _Ask(cash, Estimate, offer["expiring"], "Estimate that expires this week", "Estimates that expire this week", col(Estimate.expires_on), total, dated=True),
    ]  # fmt: skip


def _undecided(work: Work) -> list[_Ask]:
    """What came from crews' phones and needs somebody to choose; of whoever may."""
    choose, decide = inbox.CHOICES[0], inbox.WORKS[0]
    phones, path = "From the crews’ phones", "/conflicts"
    found = []
    if work.actor.granted(Permission.VISITS_PERFORM):
        found.append(
            _Ask(
                phones,
                Conflict,
                choose,
                "Value that two people changed",
                "Values that two people changed",
                col(Conflict.created_at),
                hot_after=DAY,
                path=path,
            )
        )
        if work.actor.granted(Permission.VISITS_CORRECT):
            found.append(
                _Ask(
                    phones,
                    Quarantined,
                    decide,
                    "Piece of work that waits for a decision",
                    "Pieces of work that wait for a decision",
                    col(Quarantined.received_at),
                    hot_after=DAY,
                    path=path,
                )
            )
    return found  # fmt: skip


def _from_crews(work: Work) -> list[_Ask]:
    """What crews brought home and somebody has to look at, as far as the reader may see it."""
    task = {view.key: view for view in tasks.views()}
    hour = {view.key: view for view in time_entries.views()}
    claim = {view.key: view for view in expenses.views()}
    group, may = "From the crews", work.actor.granted
    asks = [
        (Permission.TASKS_READ, _Ask(group, Task, task["open"], "Thing that a crew asks", "Things that crews ask", col(Task.created_at), hot_after=DAY)),
        (Permission.TIME_ENTRIES_APPROVE, _Ask(group, TimeEntry, hour["to_approve"], "Time entry to approve", "Time entries to approve", col(TimeEntry.started_at))),
        (Permission.EXPENSES_APPROVE, _Ask(group, Expense, claim["claimed"], "Expense to look at", "Expenses to look at", col(Expense.created_at), col(Expense.claimed_cents))),
    ]  # fmt: skip
    return [ask for right, ask in asks if may(right)]


def _counted(work: Work, asks: Sequence[_Ask]) -> list[_Count]:
    """Number, sum and oldest of every row, in one query."""
    parts = [_part(work, place, ask) for place, ask in enumerate(asks)]
    found = {row[0]: _Count(int(row[1]), row[2], row[3]) for row in work.session.execute(union_all(*parts))}
    return [found[place] for place in range(len(asks))]


def _part(work: Work, place: int, ask: _Ask) -> Any:
    nothing: ColumnElement[Any] = literal(None)
    cents = nothing if ask.sum is None else func.sum(ask.sum)
    rows = select(
        literal(place),
        func.count(),
        cast(cents, CENTS),
        func.min(cast(ask.age, DateTime(timezone=True))),
    )
    return rows.select_from(ask.model).where(*listing.alive(work, ask.model), *ask.view.conditions)


def _groups(work: Work, asks: Sequence[_Ask], counts: Sequence[_Count]) -> list[TodoGroup]:
    groups: list[TodoGroup] = []
    for ask, count in zip(asks, counts, strict=True):
        if not count.number:
            continue
        if not groups or groups[-1].title != ask.group:
            groups.append(TodoGroup(title=ask.group))
        groups[-1].rows.append(_todo(work, ask, count))
    return groups


def _todo(work: Work, ask: _Ask, count: _Count) -> Todo:
    waits = work.at - count.first if count.first else timedelta(0)
    return Todo(
        count=f"{count.number:,}",
        title=ask.one if count.number == 1 else ask.many,
        href=f"{ask.path or '/' + ask.model.__tablename__.replace('_', '-')}?tab={ask.view.key}",
        sum=words.money(work, count.cents) if count.cents else "",
        age=_age(work, ask, count),
        hot=ask.hot_after is not None and waits >= ask.hot_after,
    )


def _age(work: Work, ask: _Ask, count: _Count) -> str:
    """How long the oldest waits; a day that is still to come is named."""
    if count.first is None:
        return ""
    today = words.local(work, work.at).date()
    first = count.first.astimezone(UTC).date() if ask.dated else words.local(work, count.first).date()
    days = (today - first).days
    several = count.number > 1
    if days < 0:
        return f"{'first ' if several else ''}{first:%a}, {first:%b} {first.day}"
    text = f"{days:,} days" if days > 1 else "yesterday" if days else "today"
    if days == 0 and not ask.dated:
        text = words.ago(work, count.first).lower()
    return f"{'first' if text == 'today' else 'oldest'} {text}" if several else text


def _visits(work: Work) -> tuple[list[VisitNow], int]:
    """Today's visits, those under way first; and how many more there are."""
    today = next(view for view in visits.views(work) if view.key == "today")
    query = work.of(Visit).where(*today.conditions, col(Visit.archived_at).is_(None))
    found: list[Visit] = work.all(query.order_by(col(Visit.planned_start), col(Visit.id)))
    ranked = sorted(
        found, key=lambda visit: 0 if visit.stage in UNDER_WAY else 2 if visit.stage in OVER else 1
    )
    shown = ranked[:MOST_VISITS]
    rows = visits.rows(work, shown)
    return [
        VisitNow(
            id=row.id, crew=row.crew or "Nobody", title=row.title, place=row.place, badge=_badge(work, visit)
        )
        for row, visit in zip(rows, shown, strict=True)
    ], len(found) - len(shown)


def _badge(work: Work, visit: Visit) -> Badge:
    """The stage, or the time where it is still to come."""
    if visit.stage == "scheduled" and visit.planned_start is not None:
        return Badge(word=words.clock(words.local(work, visit.planned_start)), tint="planned")
    return visits.badge(visit.stage)
