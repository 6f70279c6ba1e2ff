"""The story of the demo: where each customer's work has got to, from a call this morning to a file closed last month."""

import heapq
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ontrack_app.demo.book import Book
from ontrack_app.demo.cast import Cast, address
from ontrack_app.demo.settings_story import settle
from ontrack_app.demo.stage import Stage
from ontrack_app.demo.work_story import Play, do_the_work
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
    """Plays every customer's case, all of them at once and in the order of time, so that numbers and trail agree."""
    dice = random.Random(SEED)  # noqa: S311 - a story, not a secret
    cases = _cases(book, dice)
    plays = [_play(stage, book, cast, case, _dice(at)) for at, case in enumerate(cases)]
    plays += _for_those_who_sign_in(stage, book, cast)
    plays.append(settle(stage, book))
    waiting = [(next(play), at, play) for at, play in enumerate(plays)]
    heapq.heapify(waiting)
    while waiting:
        _, at, play = heapq.heappop(waiting)
        then = next(play, None)
        if then is not None:
            heapq.heappush(waiting, (then, at, play))


def _dice(at: int) -> random.Random:
    """Dice of its own for each case: what one rolls does not hang on when another is played."""
    return random.Random(SEED + at)  # noqa: S311 - a story, not a secret


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
    for at, caller in enumerate(book.callers):
        _, street, town = book.customers[(at * 7 + 3) % len(book.customers)]
        work, codes, amount = book.works[(at * 3) % len(book.works)]
        email = f"enquiry{at}@mail.example"
        place = f"{12 + at * 9} {street.split(' ', 1)[-1]}"
        end = LEAD_ENDS[at % len(LEAD_ENDS)]
        found.append(Case(caller, email, place, town, work, codes, amount, end, dice.uniform(0.05, 9)))
    return found


def _play(stage: Stage, book: Book, cast: Cast, case: Case, dice: random.Random) -> Play[None]:
    called = stage.ago(case.days, dice.uniform(8, 18))
    lead_id = yield from _take_call(stage, book, case, called, dice)
    if case.end in LEAD_ENDS:
        yield from _carry_lead(stage, lead_id, case.end, called, dice)
        return
    yield called + timedelta(hours=5)
    with stage.acting("office", called + timedelta(hours=5)) as work:
        won = leads.move(work, lead_id, "win", LeadMoveBody())
    assert won.client_id is not None
    estimate_id = yield from write_estimate(
        stage, cast, (won.client_id, won.property_id, lead_id), case, called + timedelta(hours=6)
    )
    if not (yield from _answer(stage, estimate_id, case, called)):
        return
    yield from do_the_work(stage, estimate_id, case.end, called + timedelta(days=2), dice)


def _take_call(stage: Stage, book: Book, case: Case, at: datetime, dice: random.Random) -> Play[UUID]:
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
    yield at
    with stage.acting("office", at) as work:
        return leads.create(work, body).id


def _carry_lead(stage: Stage, lead_id: UUID, end: str, called: datetime, dice: random.Random) -> Play[None]:
    if end == "new":
        return
    yield called + timedelta(hours=2)
    with stage.acting("office", called + timedelta(hours=2)) as work:
        leads.move(work, lead_id, "advance", LeadMoveBody(stage="contacted"))
        notes.add(work, "leads", lead_id, dice.choice(("Left a message, calls back tonight.", "Wants to see it first, site visit agreed.", "Asked for two prices: repair and replacement.")))  # fmt: skip
    if end == "qualified":
        yield called + timedelta(hours=20)
        with stage.acting("office", called + timedelta(hours=20)) as work:
            leads.move(work, lead_id, "advance", LeadMoveBody(stage="qualified"))
    if end == "lost":
        yield called + timedelta(hours=26)
        with stage.acting("office", called + timedelta(hours=26)) as work:
            leads.move(work, lead_id, "lose", LeadMoveBody(reason="Went with a neighbour’s contractor."))


def write_estimate(
    stage: Stage, cast: Cast, whose: tuple[UUID, UUID | None, UUID | None], case: Case, at: datetime
) -> Play[UUID]:
    """A draft with the case's lines from the price book."""
    lines = [LineBody(price_item_id=cast.items[code], quantity=str(case.amount if place < 2 and case.amount > 3 else 1 + place)) for place, code in enumerate(case.codes)]  # fmt: skip
    lasts = timedelta(days=20 if case.end == "expired" else 30)
    body = EstimateBody(client_id=whose[0], property_id=whose[1], lead_id=whose[2], title=case.work, expires_on=(at + lasts).date(), lines=lines, note_to_client="Thank you for having us look at it. The price holds until the date below.")  # fmt: skip
    yield at
    with stage.acting("office", at) as work:
        return estimates.create(work, body).id


def _answer(stage: Stage, estimate_id: UUID, case: Case, called: datetime) -> Play[bool]:
    """Sends the estimate and has it answered as far as the case goes; True where it was approved."""
    if case.end == "draft":
        return False
    yield called + timedelta(hours=7)
    with stage.acting("office", called + timedelta(hours=7)) as work:
        estimates.move(work, estimate_id, "send", EstimateMoveBody())
    if case.end in ("sent", "expired"):
        return False
    yield called + timedelta(hours=30)
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


def _for_those_who_sign_in(stage: Stage, book: Book, cast: Cast) -> list[Play[None]]:
    """The client and the property manager of the demo have something of everything."""
    assert cast.client_id and cast.manager_client
    wanted: list[tuple[str, UUID, UUID | None, tuple[str, ...]]]
    wanted = [("client", cast.client_id, cast.client_property, ("paid", "billed", "today", "sent"))]
    for building, end in zip(cast.buildings, ("overdue", "planned", "paid", "under_way"), strict=False):
        wanted.append(("manager", cast.manager_client, building, (end, "sent")))
    plays: list[Play[None]] = []
    for who, client_id, place, ends in wanted:
        signer = book.customers[0][0] if who == "client" else book.manager[1]
        for at, end in enumerate(ends):
            title, codes, amount = book.works[(at * 2 + len(plays)) % len(book.works)]
            case = Case(signer, "", "", "", title, codes, min(amount, 12), end, 40 - at * 9)
            plays.append(_play_known(stage, cast, case, (who, client_id, place), _dice(1000 + len(plays))))
    return plays


def _play_known(
    stage: Stage, cast: Cast, case: Case, whose: tuple[str, UUID, UUID | None], dice: random.Random
) -> Play[None]:
    """A case of somebody who is a client already, and answers as themselves."""
    who, client_id, place = whose
    called = stage.ago(case.days, 12)
    estimate_id = yield from write_estimate(stage, cast, (client_id, place, None), case, called)
    yield called + timedelta(hours=2)
    with stage.acting("office", called + timedelta(hours=2)) as work:
        estimates.move(work, estimate_id, "send", EstimateMoveBody())
    if case.end == "sent":
        return
    signed = EstimateMoveBody(signature=SignatureBody(kind="typed", name=case.name))
    yield called + timedelta(hours=22)
    with stage.acting(who, called + timedelta(hours=22)) as work:
        estimates.move(work, estimate_id, "approve", signed)
    yield from do_the_work(stage, estimate_id, case.end, called + timedelta(days=2), dice)
