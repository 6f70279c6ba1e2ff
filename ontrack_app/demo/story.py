"""The story of the demo: where each customer's work has got to, from a call this morning to a file closed last month."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ontrack_app.demo.book import Book
from ontrack_app.demo.cast import Cast, address
from ontrack_app.demo.stage import Stage
from ontrack_app.demo.work_story import do_the_work
from ontrack_app.schemas.common import MoneyBody
from ontrack_app.schemas.documents import LineBody, SignatureBody
from ontrack_app.schemas.estimates import EstimateBody, EstimateMoveBody
from ontrack_app.schemas.leads import LeadBody, LeadMoveBody
from ontrack_app.services import estimates, leads, notes

SEED = 20260622
# How far each of the book's customers has got, and how many days ago the call was.
LEAD_ENDS = ("new", "new", "new", "contacted", "contacted", "qualified", "qualified", "lost")
ESTIMATE_ENDS = ("draft", "sent", "changes", "declined", "expired", "approved")
JOB_ENDS = (
    "planned",
    "today",
    "under_way",
    "no_access",
    "done",
    "completed",
    "billed",
    "overdue",
    "partly",
    "paid",
)
NEEDS = ("Saw your sign next door.", "Insurance adjuster comes next week.", "Can somebody look this week?", "Two other quotes so far.", "Water on the ceiling since Tuesday.")  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One customer's piece of work and how far it got."""

    name: str
    email: str
    street: str
    town: str
    work: str
    codes: tuple[str, ...]
    amount: int
    end: str
    days: float


def tell(stage: Stage, book: Book, cast: Cast) -> None:
    """Plays every customer's case, the oldest first, so that numbers and times agree."""
    dice = random.Random(SEED)  # noqa: S311 - a story, not a secret
    cases = sorted(_cases(book, dice), key=lambda case: -case.days)
    for case in cases:
        _play(stage, book, cast, case, dice)
    _for_those_who_sign_in(stage, book, cast, dice)


def _cases(book: Book, dice: random.Random) -> list[Case]:
    found = []
    ends = [*JOB_ENDS, *ESTIMATE_ENDS, *LEAD_ENDS]
    for at, (name, street, town) in enumerate(book.customers[1:]):
        end = ends[at % len(ends)]
        work, codes, amount = book.works[at % len(book.works)]
        days = {
            "new": dice.uniform(0, 2),
            "contacted": dice.uniform(2, 6),
            "qualified": dice.uniform(4, 10),
        }.get(end, 12 + at * 1.5)
        email = f"{name.split()[0].lower().encode('ascii', 'ignore').decode() or 'contact'}{at}@mail.example"
        found.append(
            Case(name, email, street, town, work, codes, amount, end, 50 if end == "expired" else days)
        )
    for at in range(24):
        name, street, town = book.customers[(at * 7 + 3) % len(book.customers)]
        work, codes, amount = book.works[(at * 3) % len(book.works)]
        first = name.split()[-1]
        found.append(Case(f"{dice.choice('ABCDEFGHJKLMNPRSTVW')}. {first}", f"enquiry{at}@mail.example", f"{12 + at * 9} {street.split(' ', 1)[-1]}", town, work, codes, amount, LEAD_ENDS[at % len(LEAD_ENDS)], dice.uniform(0.05, 9)))  # fmt: skip
    return found


def _play(stage: Stage, book: Book, cast: Cast, case: Case, dice: random.Random) -> None:
    called = stage.ago(case.days, dice.uniform(8, 18))
    lead_id = _take_call(stage, book, case, called, dice)
    if case.end in LEAD_ENDS:
        _carry_lead(stage, lead_id, case.end, called, dice)
        return
    with stage.acting("office", called + timedelta(hours=5)) as work:
        won = leads.move(work, lead_id, "win", LeadMoveBody())
    assert won.client_id is not None
    estimate_id = write_estimate(
        stage, cast, (won.client_id, won.property_id, lead_id), case, called + timedelta(hours=6)
    )
    if not _answer(stage, estimate_id, case, called):
        return
    do_the_work(stage, estimate_id, case.end, called + timedelta(days=2), dice)


def _take_call(stage: Stage, book: Book, case: Case, at: datetime, dice: random.Random) -> UUID:
    body = LeadBody(
        name=case.name,
        email=case.email,
        phone=f"555-0{dice.randint(100, 199)}",
        need=f"{case.work}. {dice.choice(NEEDS)}",
        source=dice.choice(book.sources),
        address=address(book, case.street, case.town),
        value=MoneyBody.of(dice.randrange(4, 240) * 10000, book.facts.currency),
        urgency=dice.choice(("normal", "normal", "high", "low")),
        assignee_id=None if case.end == "new" and dice.random() < 0.6 else stage.ids["office"],
    )
    with stage.acting("office", at) as work:
        return leads.create(work, body).id


def _carry_lead(stage: Stage, lead_id: UUID, end: str, called: datetime, dice: random.Random) -> None:
    if end == "new":
        return
    with stage.acting("office", called + timedelta(hours=2)) as work:
        leads.move(work, lead_id, "advance", LeadMoveBody(stage="contacted"))
        notes.add(work, "leads", lead_id, dice.choice(("Left a message, calls back tonight.", "Wants to see it first, site visit agreed.", "Asked for two prices: repair and replacement.")))  # fmt: skip
    if end == "qualified":
        with stage.acting("office", called + timedelta(hours=20)) as work:
            leads.move(work, lead_id, "advance", LeadMoveBody(stage="qualified"))
    if end == "lost":
        with stage.acting("office", called + timedelta(hours=26)) as work:
            leads.move(work, lead_id, "lose", LeadMoveBody(reason="Went with a neighbour’s contractor."))


def write_estimate(
    stage: Stage, cast: Cast, whose: tuple[UUID, UUID | None, UUID | None], case: Case, at: datetime
) -> UUID:
    """A draft with the case's lines from the price book."""
    lines = [LineBody(price_item_id=cast.items[code], quantity=str(case.amount if place < 2 and case.amount > 3 else 1 + place)) for place, code in enumerate(case.codes)]  # fmt: skip
    lasts = timedelta(days=20 if case.end == "expired" else 30)
    body = EstimateBody(client_id=whose[0], property_id=whose[1], lead_id=whose[2], title=case.work, expires_on=(at + lasts).date(), lines=lines, note_to_client="Thank you for having us look at it. The price holds until the date below.")  # fmt: skip
    with stage.acting("office", at) as work:
        return estimates.create(work, body).id


def _answer(stage: Stage, estimate_id: UUID, case: Case, called: datetime) -> bool:
    """Sends the estimate and has it answered as far as the case goes; True where it was approved."""
    if case.end == "draft":
        return False
    with stage.acting("office", called + timedelta(hours=7)) as work:
        estimates.move(work, estimate_id, "send", EstimateMoveBody())
    if case.end in ("sent", "expired"):
        return False
    with stage.acting("office", called + timedelta(hours=30)) as work:
        if case.end == "changes":
            estimates.move(
                work,
                estimate_id,
                "request_changes",
                EstimateMoveBody(reason="Can you leave out the second layer and show it as an option?"),
            )
        elif case.end == "declined":
            estimates.move(work, estimate_id, "decline", EstimateMoveBody(reason="Too much for this year."))
        else:
            signed = SignatureBody(kind="typed", name=case.name)
            estimates.move(
                work,
                estimate_id,
                "approve",
                EstimateMoveBody(signature=signed, evidence="Signed on paper at the site visit."),
            )
    return case.end in JOB_ENDS


def _for_those_who_sign_in(stage: Stage, book: Book, cast: Cast, dice: random.Random) -> None:
    """The client and the property manager of the demo have something of everything."""
    assert cast.client_id and cast.manager_client
    wanted: list[tuple[str, UUID, UUID | None, tuple[str, ...]]]
    wanted = [("client", cast.client_id, cast.client_property, ("paid", "billed", "today", "sent"))]
    for building, end in zip(cast.buildings, ("overdue", "planned", "paid", "under_way"), strict=False):
        wanted.append(("manager", cast.manager_client, building, (end, "sent")))
    for who, client_id, place, ends in wanted:
        for at, end in enumerate(ends):
            work_name, codes, amount = book.works[(at * 2 + len(who)) % len(book.works)]
            case = Case(
                book.customers[0][0] if who == "client" else book.manager[1],
                "",
                "",
                "",
                work_name,
                codes,
                amount,
                end,
                40 - at * 9,
            )
            called = stage.ago(case.days, 12)
            estimate_id = write_estimate(stage, cast, (client_id, place, None), case, called)
            with stage.acting("office", called + timedelta(hours=2)) as work:
                estimates.move(work, estimate_id, "send", EstimateMoveBody())
            if end == "sent":
                continue
            with stage.acting(who, called + timedelta(hours=22)) as work:
                estimates.move(
                    work,
                    estimate_id,
                    "approve",
                    EstimateMoveBody(signature=SignatureBody(kind="typed", name=case.name)),
                )
            do_the_work(stage, estimate_id, end, called + timedelta(days=2), dice)
