"""The only home of what the tests of the sync protocol share: a crew's ground, and a phone that talks to the real endpoints."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from models.access import Role
from models.ids import new_id, now
from ontrack_app.schemas.clients import PropertyBody
from ontrack_app.schemas.common import Address
from ontrack_app.schemas.crew_work import ItemBody
from ontrack_app.schemas.jobs import JobBody, VisitBody
from ontrack_app.services import checklist_items, conflicts, jobs, properties, visits
from ontrack_app.services.listing import Query
from ontrack_app.services.sync import quarantine
from tests.factories.companies import Company, Person

PATH = "/api/sync/v1"
UNDECIDED = {"decision": "none"}


@dataclass
class Ground:
    """A company with crews, a client's property, a job and visits there."""

    company: Company
    crews: list[Person]
    property_id: UUID
    job_id: UUID
    visit_ids: list[UUID] = field(default_factory=list)


def ground(company: Company, *, crews: int = 1, visits_each: int = 1) -> Ground:
    """Each crew member has visits of today at one property."""
    client = company.client()
    people = [company.person(Role.CREW) for _ in range(crews)]
    with company.office.work() as work:
        address = Address(street="12 Elm St", city="Elgin")
        place = properties.create(work, PropertyBody(client_id=client.id, address=address))
        job = jobs.create(work, JobBody(client_id=client.id, property_id=place.id, title="Repair"))
        found = Ground(company, people, place.id, job.id)
        for person in people:
            for _ in range(visits_each):
                found.visit_ids.append(add_visit(work, job.id, person.member_id))
    return found


def add_visit(work: Any, job_id: UUID, *member_ids: UUID) -> UUID:
    """A visit of today."""
    start = now() - timedelta(hours=1)
    times = {"planned_start": start, "planned_end": start + timedelta(hours=2)}
    body = VisitBody(job_id=job_id, title="Visit", assignee_ids=list(member_ids), **times)
    return visits.create(work, body).id


def add_item(company: Company, visit_id: UUID, label: str = "Photo after", **given: Any) -> UUID:
    """A step of a visit."""
    with company.office.work() as work:
        return checklist_items.create(work, ItemBody(visit_id=visit_id, label=label, **given)).id


@dataclass
class Phone:
    """A phone as a script: it keeps an outbox and what it was told."""

    http: Any
    person: Person
    id: UUID = field(default_factory=new_id)
    seq: int = 0
    cursor: str = ""
    outbox: list[dict[str, Any]] = field(default_factory=list)
    rows: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    writers: dict[tuple[str, str, str], str | None] = field(default_factory=dict)

    def call(self, method: str, path: str, **more: Any) -> Any:
        """The answer of one call."""
        return self.http.request(method, PATH + path, headers=self.person.bearer, **more)

    def hello(self, *, schema: int = 2, at: datetime | None = None) -> dict[str, Any]:
        """The first call."""
        body = {"device_id": str(self.id), "app_version": "1", "schema": schema, "clock": {"now": (at or datetime.now(UTC)).isoformat()}}  # fmt: skip
        return good(self.call("POST", "/hello", json=body))

    def does(self, kind: str, args: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Something is done on the phone and waits in the outbox."""
        self.seq += 1
        mutation = {"seq": self.seq, "id": str(new_id()), "kind": kind, "at": datetime.now(UTC).isoformat(), "tz": "America/Chicago", "args": plain(args), **more}  # fmt: skip
        self.outbox.append(mutation)
        return mutation

    def push_raw(self, mutations: list[dict[str, Any]], *, schema: int = 2, agent: str = "phone") -> Any:
        """The answer to a push of these."""
        body = {"device_id": str(self.id), "schema": schema, "mutations": mutations}
        headers = self.person.bearer | {"User-Agent": agent}
        return self.http.request("POST", PATH + "/push", headers=headers, json=body)

    def push(self) -> list[dict[str, Any]]:
        """Pushes what waits; what was answered is taken out of the outbox."""
        said = good(self.push_raw(self.outbox[:100]))
        answered = {result["seq"] for result in said["results"]}
        self.outbox = [one for one in self.outbox if one["seq"] not in answered]
        return list(said["results"])

    def one(self, kind: str, args: dict[str, Any], **more: Any) -> dict[str, Any]:
        """Does something and pushes it; its result."""
        self.does(kind, args, **more)
        return self.push()[-1]

    def load(self) -> None:
        """Starts from a snapshot."""
        said = good(self.call("GET", f"/snapshot?device_id={self.id}"))
        self.rows, self.writers, self.cursor = {}, {}, said["next"]
        self._apply(said["rows"])

    def pull(self, limit: int = 500) -> list[dict[str, Any]]:
        """Pulls until there is no more; all changes that came."""
        found: list[dict[str, Any]] = []
        while True:
            said = good(
                self.call("GET", f"/pull?device_id={self.id}&cursor={self.cursor or '0'}&limit={limit}")
            )
            if said["reset"]:
                self.load()
                return found
            found += said["changes"]
            self._apply(said["changes"])
            self.cursor = said["next"]
            if not said["more"]:
                return found

    def _apply(self, changes: list[dict[str, Any]]) -> None:
        for change in changes:
            key = (change["kind"], change["id"])
            if change["op"] == "drop":
                self.rows.pop(key, None)
                continue
            self.rows[key] = change["fields"]
            for name, writer in (change["writers"] or {}).items():
                self.writers[(*key, name)] = writer

    def kinds(self, noun: str) -> dict[str, dict[str, Any]]:
        """The rows of a kind that the phone holds."""
        return {row_id: fields for (kind, row_id), fields in self.rows.items() if kind == noun}


def waiting(work: Any) -> list[Any]:
    """Work that waits for a decision, in the order in which it came."""
    return list(quarantine.list_page(work, Query(limit=200, sort="received_at", filters=UNDECIDED)).items)


def to_choose(work: Any) -> list[Any]:
    """Conflicts that nobody has decided, in the order in which they came."""
    return list(conflicts.list_page(work, Query(limit=200, sort="created_at", filters=UNDECIDED)).items)


def good(answer: Any) -> Any:
    """The body of a call that must succeed."""
    assert answer.status_code == 200, (answer.status_code, answer.text[:600])
    return answer.json()


def plain(args: dict[str, Any]) -> dict[str, Any]:
    """Arguments with ids as text."""
    return {key: str(value) if isinstance(value, UUID) else value for key, value in args.items()}


def rows(here: Ground, table: str) -> int:
    """How many rows of a table the company has."""
    with here.company.work() as work:
        return int(work.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def note(visit: UUID, words: str = "Dog is friendly") -> dict[str, Any]:
    """The arguments of a note on a visit."""
    return {"id": new_id(), "visit_id": visit, "text": words}


def statuses(results: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What became of each mutation of a push."""
    return [(one["status"], one["code"]) for one in results]
