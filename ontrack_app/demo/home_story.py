"""What the demo's crews bring home: steps from checklists, hours (some by a clock that is off), materials, expenses, a signature."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import col

from models.files import File
from models.ids import new_id
from models.time_entries import TimeEntry
from models.visits import Visit, VisitAssignee
from ontrack_app.demo.photos import send_receipt
from ontrack_app.demo.stage import Stage
from ontrack_app.schemas.checklist_items import TemplateBody
from ontrack_app.schemas.common import MoneyBody, MoveBody
from ontrack_app.schemas.crew_work import (
    AnswerBody,
    AskBody,
    AskTimeBody,
    ExpenseBody,
    MaterialBody,
    TimeCorrectBody,
    TimeStartBody,
    VisitSignatureBody,
)
from ontrack_app.schemas.expenses import ExpenseMoveBody
from ontrack_app.services import (
    checklist_items,
    checklist_templates,
    expenses,
    materials,
    tasks,
    time_entries,
    visit_signatures,
)
from ontrack_app.services.clocks import Clock

CHECKLISTS = (
    (
        "Every visit",
        (
            ("check", "Walked the site with the client", False),
            ("photo", "Photo before", True),
            ("photo", "Photo after", True),
            ("signature", "The client signs", True),
        ),
    ),
    (
        "Leak repair",
        (
            ("check", "Water shut off", True),
            ("number", "Moisture at the ceiling, in percent", False),
            ("text", "What was the cause", True),
            ("photo", "Photo of the repair", False),
        ),
    ),
)
LATEST = 6  # done visits with everything on them
FAST = timedelta(hours=2)
STROKES = [[[4.0, 60.0], [22.0, 14.0], [38.0, 66.0], [52.0, 30.0], [74.0, 58.0], [110.0, 40.0]], [[126.0, 62.0], [150.0, 20.0], [172.0, 60.0], [214.0, 34.0]]]  # fmt: skip
ANSWERS = {"check": "", "number": "14", "text": "Cracked boot at the vent", "signature": ""}
SKIPPED = {"outcome": "not_applicable", "reason": "Nobody is home"}
CREWS = ("crew", "crew2")
USED = (("Architectural shingles", "3", "bundle"), ("Roofing nails", "2.5", "lb"))
PAID = (
    ("Dump fee", 4200),
    ("Tarp and nails, Menards", 6875),
    ("Parking", 1200),
    ("Lift rental, half a day", 14500),
)


def bring_home(stage: Stage) -> None:
    """Gives the latest visits what crews bring home from them; the office has decided on some of it."""
    templates = _checklists(stage)
    with stage.acting("office", stage.ago(0, 8)) as work:
        done = col(Visit.stage) == "done"
        query = work.of(Visit).where(done, col(Visit.actual_start).is_not(None))
        visits: list[Visit] = work.all(query.order_by(col(Visit.actual_start).desc()))[:LATEST]
        open_ones: list[Visit] = work.all(
            work.of(Visit)
            .where(col(Visit.stage).in_(("scheduled", "on_site")))
            .order_by(col(Visit.planned_start))
        )
        going = {row.visit_id: row.member_id for row in work.all(work.of(VisitAssignee))}
    people = {member_id: who for who, member_id in stage.ids.items()}
    for at, visit in enumerate(open_ones):
        with stage.acting("office", stage.ago(0, 8)) as work:
            checklist_items.use_template(work, visit.id, templates[at % len(templates)])
    out: set[str] = set()
    for visit in open_ones:
        who = people.get(going.get(visit.id, visit.id), "")
        if visit.stage == "on_site" and who in CREWS and who not in out:
            out.add(who)
            _Trip(stage, who, visit).begin()
    for at, visit in enumerate(visits):
        who = people.get(going.get(visit.id, visit.id), "crew")
        _note(_Trip(stage, who, visit, FAST if at == 1 else timedelta(0)), at)
    _ask(stage, [(people.get(going.get(one.id, one.id), "crew"), one) for one in [*visits, *open_ones]])


def _checklists(stage: Stage) -> list[UUID]:
    found = []
    for name, steps in CHECKLISTS:
        plain = [{"kind": kind, "label": label, "required": required} for kind, label, required in steps]
        with stage.acting("admin", stage.ago(60)) as work:
            body = TemplateBody.model_validate({"name": name, "steps": plain})
            found.append(checklist_templates.create(work, body).id)
    return found


@dataclass(frozen=True)
class _Trip:
    """One member on one visit, with a phone whose clock is ahead by `fast`."""

    stage: Stage
    who: str
    visit: Visit
    fast: timedelta = timedelta(0)

    def clock(self, at: datetime) -> Clock:
        """What the phone says at a moment: its own time, and how far off that was when it last asked."""
        return Clock(at + self.fast, offset_ms=round(self.fast.total_seconds() * 1000))

    def start(self, kind: str, at: datetime) -> UUID:
        """A stretch begins."""
        body = TimeStartBody.model_validate({"id": new_id(), "visit_id": self.visit.id, "kind": kind})
        with self.stage.acting(self.who, at) as work:
            return time_entries.start(work, body, self.clock(at)).id

    def stretch(self, kind: str, start: datetime, end: datetime) -> UUID:
        """A stretch from its start to its end."""
        entry_id = self.start(kind, start)
        with self.stage.acting(self.who, end) as work:
            time_entries.stop(work, entry_id, self.clock(end))
        return entry_id

    def begin(self) -> None:
        """A visit under way: travel that is over, work that still runs, every step answered but the last."""
        start = self.visit.actual_start or self.stage.ago(0, 8.6)
        self.stretch("travel", start - timedelta(minutes=28), start)
        self.start("work", start)
        with self.stage.acting(self.who, start + timedelta(minutes=5)) as work:
            photo = work.first(work.of(File).where(col(File.row_id) == self.visit.id))
            said = ANSWERS | {"photo": str(photo.id) if photo else ""}
            for step in checklist_items.of_visit(work, self.visit.id)[:-1]:
                given: dict[str, object] = {
                    "id": new_id(),
                    "visit_id": self.visit.id,
                    "item_id": step.id,
                }
                given |= {"value": said[step.kind]} if said[step.kind] or step.kind == "check" else SKIPPED
                checklist_items.answer(work, AnswerBody.model_validate(given))

    def use(self, name: str, quantity: str, unit: str, at: datetime) -> None:
        """Something is used."""
        given = {"id": new_id(), "visit_id": self.visit.id, "name": name, "quantity": quantity, "unit": unit}
        with self.stage.acting(self.who, at) as work:
            materials.use(work, MaterialBody.model_validate(given))

    def pay(self, title: str, cents: int, at: datetime, receipt_id: UUID | None = None) -> UUID:
        """Something is paid on the way."""
        with self.stage.acting(self.who, at) as work:
            amount = MoneyBody.of(cents, work.actor.tenant.currency)
            body = ExpenseBody(
                id=new_id(), visit_id=self.visit.id, title=title, amount=amount, receipt_id=receipt_id
            )
            return expenses.claim(work, body).id

    def sign(self, at: datetime) -> None:
        """The customer signs on the phone."""
        shown = f"{self.visit.title}\n\nThe work of today was done and looked at together."
        body = VisitSignatureBody(
            id=new_id(), visit_id=self.visit.id, kind="drawn", name="The client", strokes=STROKES,
            shown=shown, hash=hashlib.sha256(shown.encode()).hexdigest(),
        )  # fmt: skip
        with self.stage.acting(self.who, at) as work:
            visit_signatures.capture(work, body, self.clock(at))

    def correct(self, entry_id: UUID, start: datetime, end: datetime) -> None:
        """The crew puts its own hours right."""
        body = TimeCorrectBody(
            id=new_id(), visit_id=self.visit.id, kind="work", started_at=start, ended_at=end,
            corrects_id=entry_id, reason="Forgot to press start",
        )  # fmt: skip
        with self.stage.acting(self.who, self.stage.ago(0, 8)) as work:
            time_entries.correct(work, body, self.clock(work.at))


def _note(trip: _Trip, at: int) -> None:
    """One visit that is over: hours, what was used and paid, and the customer's signature."""
    stage, visit = trip.stage, trip.visit
    start, end = visit.actual_start or stage.ago(1), visit.actual_end or stage.ago(1, 12)
    half = start + (end - start) / 2
    trip.stretch("travel", start - timedelta(minutes=25 + at), start)
    work_id = trip.stretch("work", start, half)
    trip.stretch("break", half, half + timedelta(minutes=20))
    trip.stretch("work", half + timedelta(minutes=20), max(end, half + timedelta(minutes=50)))
    for name, quantity, unit in USED[: 1 + at % 2]:
        trip.use(name, quantity, unit, end)
    title, cents = PAID[at % len(PAID)]
    receipt_id = send_receipt(stage, trip.who, visit, end, (title, cents)) if at != 4 else None
    expense_id = trip.pay(title, cents, end, receipt_id)
    if at % 2 == 0:
        trip.sign(end)
    if at == 0:
        trip.correct(work_id, start - timedelta(minutes=15), half)
    if at >= LATEST // 2:
        _decide(stage, visit, expense_id, at)


def _decide(stage: Stage, visit: Visit, expense_id: UUID, at: int) -> None:
    """The office has looked at the older ones: hours approved, the oldest locked; claims approved, cut or rejected."""
    with stage.acting("admin", stage.ago(0, 8)) as work:
        for entry in work.all(work.of(TimeEntry).where(col(TimeEntry.visit_id) == visit.id)):
            time_entries.move(work, entry.id, "lock" if at == LATEST - 1 else "approve", MoveBody())
        part = MoneyBody.of(5000, work.actor.tenant.currency)
        moves = (
            ("approve", ExpenseMoveBody(reason="The rest was for another job", amount=part)),
            ("reject", ExpenseMoveBody(reason="No receipt")),
            ("approve", ExpenseMoveBody(reason="One roll was for another job", amount=part)),
        )
        name, body = moves[at % len(moves)]
        expenses.move(work, expense_id, name, body)


def _ask(stage: Stage, seen: list[tuple[str, Visit]]) -> None:
    """What crews ask of the office."""
    by_crew = [(who, visit) for who, visit in seen if who in CREWS]
    texts = (
        ("extra_work", "Rot in the fascia on the north side, about twelve feet. Not in the estimate."),
        ("follow_up", "Flashing at the chimney needs a second coat when it is dry."),
    )
    for (kind, text), (who, visit) in zip(texts, by_crew, strict=False):
        with stage.acting(who, stage.ago(0, 8)) as work:
            tasks.ask(work, kind, AskBody(id=new_id(), visit_id=visit.id, text=text))
    for who, visit in by_crew:
        if visit.stage == "scheduled" and visit.planned_start and visit.planned_end:
            later = timedelta(days=1)
            body = AskTimeBody(
                id=new_id(), visit_id=visit.id, text="The client asks for the day after.",
                planned_start=visit.planned_start + later, planned_end=visit.planned_end + later,
            )  # fmt: skip
            with stage.acting(who, stage.ago(0, 8)) as work:
                tasks.ask_time(work, body)
            return
