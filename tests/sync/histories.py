"""Random histories of three phones and an office against the real endpoints, and what must hold at their end.

Every random choice comes from the history's seed. Faults: a crash before the commit, a lost answer, the same push twice,
ancient batches again, pulls left out or cut short, visits given to others, a transaction that is slow to commit.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from models.access import Role
from models.ids import new_id, now
from models.visits import VISIT_MACHINE
from ontrack_app import outlet
from ontrack_app import work as work_module
from ontrack_app.schemas.clients import PropertyBody, PropertyPatch
from ontrack_app.schemas.common import Address
from ontrack_app.schemas.jobs import JobBody, VisitMoveBody, VisitPatch
from ontrack_app.services import jobs, notes, properties, visits
from ontrack_app.work import Work, plain_json
from tests.factories.companies import Company, Person, make_company
from tests.sync import office_acts
from tests.sync.direct import Direct
from tests.sync.support import Ground, Phone, add_visit

MADE = (
    "note.add",
    "material.use",
    "expense.claim",
    "visit.extra_work",
)  # each leaves a row with the id it names
STEPS = ("depart", "arrive", "pause", "resume", "finish")
LENGTH = 16


CRASH = "crash before the commit"  # as the caller's User-Agent: that transaction fails there


@contextmanager
def crashing() -> Iterator[None]:
    """Stands before every commit, and lets those fail that are called so. The trail tells gate notes, which it else keeps
    to itself: what was written over what is read there."""
    seal: Callable[[Work], None] = Work.seal

    def sealed(work: Work) -> None:
        seal(work)
        if work.actor.user_agent == CRASH:
            raise OperationalError("commit", None, Exception(CRASH))

    with (
        patch.object(Work, "seal", sealed),
        patch.object(work_module, "without_secrets", lambda _, told: dict(told)),
    ):
        yield


@dataclass
class Party:
    """A company whose people, and their phones, live through several histories."""

    company: Company
    crews: list[Person]
    client_id: UUID
    phones: list[Phone]
    over: list[UUID] = field(default_factory=list)
    sent: dict[UUID, list[list[dict[str, Any]]]] = field(default_factory=dict)


def party(http: Direct) -> Party:
    """A company with three crew members, each with a phone."""
    company = make_company(taxes=False)
    crews = [company.person(Role.CREW) for _ in range(3)]
    phones = [Phone(http, person) for person in crews]
    for phone in phones:
        phone.hello()
        phone.load()
    return Party(company, crews, company.client().id, phones)


def mutation_base(phone: Phone, key: tuple[str, str, str], pending: list[str]) -> str | None:
    """What a person saw, named by the mutation that wrote it: one's own that still waits, or what came with the row."""
    return pending[-1] if pending else phone.writers.get(key)


@dataclass
class Wish:
    """A gate note that was written on a phone, and what stood there before its writer's eyes."""

    mutation: dict[str, Any]
    value: str
    saw: str


@dataclass
class History:
    """One history under way."""

    seed: int
    party: Party
    base: Callable[..., str | None] = mutation_base
    done: dict[str, dict[str, Any]] = field(default_factory=dict)
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    wishes: dict[str, Wish] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)
    count: int = 0

    def run(self) -> list[str]:
        """Lives through it; what did not hold at its end, each beginning with its kind."""
        self.random = Random(self.seed)
        self.here = self._ground()
        self.phones = self.party.phones
        for phone in self.phones:
            phone.pull()
        for _ in range(LENGTH):
            act = self.random.choices(
                (self._does, self._syncs, self._office_edits, self._slow_office), (50, 30, 17, 3)
            )[0]
            act()
        for phone in self.phones:
            self._drain(phone)
        for phone in self.phones:
            phone.pull()
        return [*self._lost(), *self._twice(), *self._overwritten(), *self._differ()]

    def _ground(self) -> Ground:
        company, crews = self.party.company, self.party.crews
        with company.admin.work() as work:
            for old in self.party.over:
                visits.archive(work, old)
            place = properties.create(
                work, PropertyBody(client_id=self.party.client_id, address=Address(street="12 Elm St"))
            )
            body = JobBody(client_id=self.party.client_id, property_id=place.id, title="Repair")
            job = jobs.create(work, body)
            found = Ground(company, crews, place.id, job.id)
            found.visit_ids = [add_visit(work, job.id, crews[0].member_id), add_visit(work, job.id, crews[1].member_id),
                               add_visit(work, job.id, *(person.member_id for person in crews))]  # fmt: skip
        self.party.over = found.visit_ids
        return found

    # what people do on phones

    def _does(self) -> None:
        phone = self.random.choice(self.phones)
        mine = [row_id for row_id in phone.kinds("visits") if UUID(row_id) in self.here.visit_ids]
        if mine:
            doing = self.random.choices(
                (self._note, self._step, self._gate, self._material, self._adjust, self._claim, self._ask),
                (2, 3, 4, 1, 2, 1, 1),
            )
            doing[0](phone, self.random.choice(mine))

    def _say(self, phone: Phone, kind: str, args: dict[str, Any], **more: Any) -> dict[str, Any]:
        said = phone.does(kind, args, **more)
        self.done[said["id"]] = said
        return said

    def _word(self) -> str:
        self.count += 1
        return f"{self.seed}-{self.count}"

    def _note(self, phone: Phone, visit: str) -> None:
        self._say(phone, "note.add", {"id": new_id(), "visit_id": visit, "text": self._word()})

    def _step(self, phone: Phone, visit: str) -> None:
        move = self.random.choice(STEPS)
        self._say(phone, "visit.move", {"visit_id": visit, "move": move})

    def _gate(self, phone: Phone, _visit: str) -> None:
        place = str(self.here.property_id)
        if ("properties", place) not in phone.rows:
            return
        waiting = [one for one in phone.outbox if one["kind"] == "property.access_notes"]
        saw = waiting[-1]["args"]["text"] if waiting else phone.rows[("properties", place)]["access_notes"]
        base = self.base(phone, ("properties", place, "access_notes"), [one["id"] for one in waiting])
        value = self._word()
        args = {"property_id": place, "text": value}
        said = self._say(phone, "property.access_notes", args, base={"access_notes": base})
        self.wishes[said["id"]] = Wish(said, value, saw)

    def _material(self, phone: Phone, visit: str) -> None:
        self._say(
            phone,
            "material.use",
            {"id": new_id(), "visit_id": visit, "name": self._word(), "quantity": "100"},
        )

    def _claim(self, phone: Phone, visit: str) -> None:
        self._say(phone, "expense.claim", {"id": new_id(), "visit_id": visit, "title": self._word()})

    def _ask(self, phone: Phone, visit: str) -> None:
        self._say(phone, "visit.extra_work", {"id": new_id(), "visit_id": visit, "text": self._word()})

    def _adjust(self, phone: Phone, _visit: str) -> None:
        used = [(row_id, row) for row_id, row in phone.kinds("materials").items() if UUID(row["visit_id"]) in self.here.visit_ids]  # fmt: skip
        if used:
            row_id, row = self.random.choice(used)
            args = {"visit_id": row["visit_id"], "material_id": row_id, "by": self.random.choice(("1", "-1", "0.5"))}  # fmt: skip
            self._say(phone, "material.adjust", args)

    # what happens to their calls

    def _syncs(self) -> None:
        phone = self.random.choice(self.phones)
        fault = self.random.choices(
            ("none", "crash", "lost", "twice", "ancient", "gap"), (40, 15, 20, 10, 10, 5)
        )[0]
        self.used[fault] += 1
        batch = phone.outbox[: self.random.randint(1, 6)]
        if fault == "crash" and batch:
            answer = phone.push_raw(batch, agent=CRASH)
            assert answer.status_code == 500, answer.text[:400]
        elif fault == "gap" and len(batch) > 1:
            phone.push_raw(batch[1:])
        elif batch:
            answer = phone.push_raw(batch)
            if fault == "twice":
                answer = phone.push_raw(batch)
            if fault != "lost":
                self._heard(phone, batch, answer)
        old = self.party.sent.get(phone.id, [])
        if fault == "ancient" and old:
            phone.push_raw(self.random.choice(old))
        if self.random.random() < 0.5:
            phone.pull(limit=self.random.choice((2, 500)))

    def _heard(self, phone: Phone, batch: list[dict[str, Any]], answer: Any) -> None:
        assert answer.status_code == 200, answer.text[:400]
        said = answer.json()
        ids = {one["seq"]: one["id"] for one in batch}
        self.party.sent.setdefault(phone.id, []).append(batch)
        for result in said["results"]:
            self.results[ids[result["seq"]]] = result
        answered = {result["seq"] for result in said["results"]}
        phone.outbox = [one for one in phone.outbox if one["seq"] not in answered]

    def _drain(self, phone: Phone) -> None:
        for _ in range(20):
            if not phone.outbox:
                return
            batch = phone.outbox[:100]
            self._heard(phone, batch, phone.push_raw(batch))
        raise AssertionError(f"stuck: {len(phone.outbox)} changes never got through")

    # what the office does meanwhile

    def _office_edits(self) -> None:
        self.used["office"] += 1
        edits = (self._edit_gate, self._edit_gate, self._reassign, self._edit_visit, self._edit_more, self._edit_more)  # fmt: skip
        edit = self.random.choice(edits)
        with self.party.company.office.work() as work:
            edit(work)

    def _edit_gate(self, work: Work) -> None:
        properties.patch(work, self.here.property_id, PropertyPatch(access_notes=self._word()))

    def _reassign(self, work: Work) -> None:
        people = self.random.sample(self.party.crews, self.random.randint(1, 2))
        body = VisitPatch(assignee_ids=[person.member_id for person in people])
        visits.patch(work, self.random.choice(self.here.visit_ids), body)

    def _edit_visit(self, work: Work) -> None:
        visit_id = self.random.choice(self.here.visit_ids)
        if self.random.random() < 0.3 and visits.get(work, visit_id).stage == "scheduled":
            start = now() + timedelta(days=self.random.choice((0, 1, 40)))
            times = VisitMoveBody(planned_start=start, planned_end=start + timedelta(hours=1))
            visits.move(work, visit_id, "reschedule", times)
        elif self.random.random() < 0.5:
            visits.patch(work, visit_id, VisitPatch(instructions=self._word()))
        else:
            notes.add(work, "visits", visit_id, self._word())

    def _edit_more(self, work: Work) -> None:
        office_acts.act(work, self.random, self.random.choice(self.here.visit_ids), self._word())

    def _slow_office(self) -> None:
        """One transaction has its number and has not committed; another tries to be quicker, and phones pull between."""
        self.used["slow"] += 1
        slow, quick = self.random.sample(self.here.visit_ids, 2)
        late = False
        with self.party.company.office.work() as work:
            visits.patch(work, slow, VisitPatch(instructions=self._word()))
            work.session.flush()
            told = outlet.marks(work.session)
            work.session.execute(text("SELECT app.seal('[]', '[]', CAST(:told AS jsonb))"), {"told": plain_json(told)})  # fmt: skip
            outlet.forget(work.session)
            try:
                self._quick(quick)
            except DBAPIError:
                late = True
            self.random.choice(self.phones).pull()
        if late:
            self._quick(quick)

    def _quick(self, visit_id: UUID) -> None:
        with self.party.company.office.work() as work:
            work.session.execute(text("SET LOCAL lock_timeout = '15ms'"))
            visits.patch(work, visit_id, VisitPatch(instructions=self._word()))

    # what must hold

    def _lost(self) -> list[str]:
        """Everything that was done is kept: as a row, in the trail, in a conflict, in quarantine, or refused in words."""
        bad = [f"lost: {one['kind']} {one_id} was never answered" for one_id, one in self.done.items() if one_id not in self.results]  # fmt: skip
        with self.party.company.work() as work:
            kept = {str(row) for table in ("notes", "materials", "expenses", "tasks") for row in work.session.execute(text(f"SELECT id FROM {table}")).scalars()}  # fmt: skip
            aside = {str(row) for table in ("conflicts", "quarantine") for row in work.session.execute(text(f"SELECT mutation_id FROM {table}")).scalars()}  # fmt: skip
        for one_id, result in self.results.items():
            said, status = self.done[one_id], result["status"]
            if status in ("conflict", "parked") and one_id not in aside:
                bad.append(f"lost: {said['kind']} {one_id} was {status} and is nowhere")
            if status == "applied" and said["kind"] in MADE and said["args"]["id"] not in kept:  # fmt: skip
                bad.append(f"lost: {said['kind']} {one_id} was applied and is nowhere")
            if status == "rejected" and not result["detail"]:
                bad.append(f"lost: {said['kind']} {one_id} was refused without a word")
        return bad

    def _twice(self) -> list[str]:
        """Nothing was done twice: quantities are sums of what was said, and each step is in the trail once."""
        bad = []
        sums: Counter[str] = Counter()
        for one_id, result in self.results.items():
            said = self.done[one_id]
            if said["kind"] in ("material.use", "material.adjust") and result["status"] in ("applied", "duplicate"):  # fmt: skip
                made = said["kind"] == "material.use"
                key = said["args"]["id"] if made else said["args"]["material_id"]
                sums[key] += float(said["args"]["quantity" if made else "by"])  # type: ignore[assignment]
        with self.party.company.work() as work:
            for row in work.session.execute(text("SELECT id, quantity FROM materials")):
                if str(row.id) in sums and float(row.quantity) != sums[str(row.id)]:
                    bad.append(f"duplicated: {row.id} has {row.quantity}, not {sums[str(row.id)]}")
            again = "SELECT mutation_id FROM {} GROUP BY mutation_id HAVING count(*) > 1"
            for table in ("conflicts", "quarantine"):
                bad += [f"duplicated: {row} in {table}" for row in work.session.execute(text(again.format(table))).scalars()]  # fmt: skip
        return bad

    def _overwritten(self) -> list[str]:
        """Whoever wrote over a gate note had seen the very one that stood there."""
        bad = []
        with self.party.company.work() as work:
            query = text("SELECT before->>'access_notes' AS old, after->>'access_notes' AS new FROM audit_entries WHERE word = 'properties.changed' AND row_id = :place AND after ? 'access_notes'")  # fmt: skip
            written = {
                row.new: row.old for row in work.session.execute(query, {"place": self.here.property_id})
            }
        for one_id, wish in self.wishes.items():
            status = self.results.get(one_id, {}).get("status")
            if wish.value in written and written[wish.value] != wish.saw:
                bad.append(
                    f"overwritten: {wish.value} over {written[wish.value]!r}, having seen {wish.saw!r}"
                )
            if status == "applied" and wish.value not in written:
                bad.append(f"lost: gate note {wish.value} was applied and never stood there")
        return bad

    def _differ(self) -> list[str]:
        """What each phone holds after its last pull is what a fresh phone would load."""
        bad = []
        for phone in self.phones:
            fresh = Phone(phone.http, phone.person, id=phone.id)
            fresh.load()
            for key in fresh.rows.keys() | phone.rows.keys():
                if phone.rows.get(key) != fresh.rows.get(key):
                    kind = "diverged" if key not in fresh.rows else "missed"
                    bad.append(f"{kind}: {key} is {phone.rows.get(key)}, not {fresh.rows.get(key)}")
            held = {key: value for key, value in phone.writers.items() if key[:2] in phone.rows}
            bad += ["missed: who wrote a field"] * (held != fresh.writers)
        return bad


assert set(STEPS) <= {move.name for move in VISIT_MACHINE.moves}
