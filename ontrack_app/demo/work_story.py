"""The second half of each case: the job is made, visited, billed and paid, as far as it got."""

import random
from collections.abc import Generator
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from ontrack_app.demo.stage import Stage
from ontrack_app.schemas.common import MoneyBody, MoveBody
from ontrack_app.schemas.estimates import EstimateMoveBody
from ontrack_app.schemas.invoices import AllocationBody, InvoiceBody, InvoiceCard, PaymentBody
from ontrack_app.schemas.jobs import VisitBody, VisitMoveBody
from ontrack_app.services import estimates, invoices, jobs, notes, payments, visits

Told = TypeVar("Told")
Play = Generator[
    datetime, None, Told
]  # yields the moment of what comes next, so that all cases can be told in order
BILLED = ("billed", "overdue", "partly", "paid")
NO_MOVE = VisitMoveBody()


def do_the_work(
    stage: Stage, estimate_id: UUID, end: str, start: datetime, dice: random.Random
) -> Play[None]:
    """Makes the job of an approved estimate and carries it to its end."""
    start = min(start, stage.ago(0, 4))
    yield start
    with stage.acting("office", start) as work:
        job_id = estimates.move(work, estimate_id, "convert", EstimateMoveBody()).job_id
    assert job_id is not None
    crew = dice.choice(("crew", "crew2"))
    if end in ("planned", "today", "under_way", "no_access"):
        yield from _visit_now(stage, job_id, end, start, crew)
        return
    over = yield from _visit_done(stage, job_id, start, crew)
    if end == "done":
        return
    yield over
    with stage.acting("office", over) as work:
        jobs.move(work, job_id, "complete", MoveBody())
    if end in BILLED:
        yield from _bill(stage, job_id, end, start + timedelta(days=2), dice)


def _plan(stage: Stage, job_id: UUID, at: datetime, planned: datetime, crew: str) -> Play[UUID]:
    body = VisitBody(
        job_id=job_id,
        planned_start=planned,
        planned_end=planned + timedelta(hours=3),
        assignee_ids=[stage.ids[crew]],
        instructions="Call ten minutes before. Park on the street, keep the driveway free.",
    )
    yield at
    with stage.acting("office", at) as work:
        return visits.create(work, body).id


def _visit_now(stage: Stage, job_id: UUID, end: str, at: datetime, crew: str) -> Play[None]:
    """A visit of these days: later this week, today, under way this morning, or nobody home yesterday."""
    who = "crew" if end in ("today", "under_way") else crew
    planned = {
        "planned": stage.ago(-3, 9),
        "today": stage.today + timedelta(hours=11),
        "under_way": stage.today + timedelta(hours=8),
    }
    start = (
        stage.today + timedelta(days=3, hours=9) if end == "planned" else planned.get(end, stage.ago(1, 9))
    )
    visit_id = yield from _plan(stage, job_id, at, start, who)
    if end == "under_way":
        yield stage.ago(0, 8.1)
        with stage.acting(who, stage.ago(0, 8.1)) as work:
            visits.move(work, visit_id, "depart", NO_MOVE)
        yield stage.ago(0, 8.6)
        with stage.acting(who, stage.ago(0, 8.6)) as work:
            visits.move(work, visit_id, "arrive", NO_MOVE)
    elif end == "no_access":
        yield stage.ago(1, 9.2)
        with stage.acting(who, stage.ago(1, 9.2)) as work:
            visits.move(work, visit_id, "no_access", VisitMoveBody(reason="Gate locked, nobody answered."))
    elif end == "planned":
        yield at + timedelta(hours=1)
        with stage.acting("office", at + timedelta(hours=1)) as work:
            visits.create(work, VisitBody(job_id=job_id, title="Walk-through with the client"))


def _visit_done(stage: Stage, job_id: UUID, opened: datetime, crew: str) -> Play[datetime]:
    """A visit on the morning after the job was opened; gives the hour at which the office closes it off."""
    day = _morning_after(stage, opened)
    visit_id = yield from _plan(stage, job_id, min(opened + timedelta(hours=4), day), day, crew)
    for name, hours in (("depart", 0.1), ("arrive", 0.6), ("finish", 3.2)):
        yield min(day + timedelta(hours=hours), stage.ago(0, 3))
        with stage.acting(crew, min(day + timedelta(hours=hours), stage.ago(0, 3))) as work:
            visits.move(work, visit_id, name, NO_MOVE)
    yield min(day + timedelta(hours=3.3), stage.ago(0, 3))
    with stage.acting(crew, min(day + timedelta(hours=3.3), stage.ago(0, 3))) as work:
        notes.add(work, "visits", visit_id, "All done, site swept, client was home and is happy.")
    return min(day + timedelta(hours=5), stage.ago(0, 9))


def _morning_after(stage: Stage, at: datetime) -> datetime:
    """The start of the next working morning, or of the small hours of today where that is still to come."""
    a_day = timedelta(days=1)
    morning = stage.today + ((at - stage.today) // a_day + 1) * a_day + timedelta(hours=9)
    return morning if morning < stage.today else min(at + a_day, stage.ago(0, 1))


def _bill(stage: Stage, job_id: UUID, end: str, at: datetime, dice: random.Random) -> Play[None]:
    due: date | None = (
        (stage.today - timedelta(days=dice.randint(3, 34))).date() if end == "overdue" else None
    )
    yield at
    with stage.acting("office", at) as work:
        invoice_id = invoices.create(work, InvoiceBody(job_id=job_id, due_on=due)).id
    yield at + timedelta(minutes=20)
    with stage.acting("office", at + timedelta(minutes=20)) as work:
        issued = invoices.move(work, invoice_id, "issue", MoveBody())
    if end == "partly":
        yield from _pay(stage, issued, issued.total.amount_cents // 3, at + timedelta(days=3), dice)
    elif end == "paid":
        yield from _pay(stage, issued, issued.total.amount_cents, at + timedelta(days=4), dice)
        yield min(at + timedelta(days=5), stage.ago(0, 4))
        with stage.acting("office", min(at + timedelta(days=5), stage.ago(0, 4))) as work:
            jobs.move(work, job_id, "close", MoveBody())


def _pay(stage: Stage, invoice: InvoiceCard, cents: int, at: datetime, dice: random.Random) -> Play[None]:
    amount = MoneyBody.of(cents, invoice.total.currency)
    body = PaymentBody(
        method=dice.choice(("cheque", "transfer", "cash")),
        amount=amount,
        allocations=[AllocationBody(invoice_id=invoice.id, amount=amount)],
        reference=str(dice.randint(1000, 1999)),
    )
    yield min(at, stage.ago(0, 4))
    with stage.acting("office", min(at, stage.ago(0, 4))) as work:
        payments.create(work, body)
