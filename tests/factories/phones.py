"""The only home of phones made without HTTP: one that said hello, what it brings, and a company with something to decide."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.access import Role
from models.ids import new_id, now
from ontrack_app.schemas.clients import PropertyBody, PropertyPatch
from ontrack_app.schemas.common import Address
from ontrack_app.schemas.jobs import JobBody, VisitBody, VisitMoveBody
from ontrack_app.schemas.sync import ClockBody, HelloBody, PushBody
from ontrack_app.services import devices, jobs, properties, visits
from ontrack_app.services.sync import devices as greeting
from ontrack_app.services.sync import push
from ontrack_app.services.sync.adapters import SCHEMA
from tests.factories.companies import Company, Person


@dataclass
class Undecided:
    """What waits for a decision, and about what: a gate note twice, a stage that two saw differently, a signed-off phone's note."""

    crew: Person
    phone: UUID
    lost: UUID
    property_id: UUID
    visit_id: UUID

    @property
    def name(self) -> str:
        """What the crew member is called."""
        return self.crew.email.split("@")[0].capitalize()


def said_hello(person: Person, label: str = "Pixel 8, Chrome", **more: Any) -> UUID:
    """A phone of that person that has said hello."""
    given = {"device_id": new_id(), "schema": SCHEMA, "clock": ClockBody(now=now()), "label": label, **more}
    said = HelloBody.model_validate(given)
    with person.work() as work:
        greeting.hello(work, said)
    return said.device_id


def brings(person: Person, phone: UUID, *done: tuple[str, dict[str, Any]], first: int = 1) -> list[str]:
    """What became of these, pushed by the phone from number `first` on: their statuses."""
    at = now().isoformat()
    mutations = [
        {"seq": first + place, "id": new_id(), "kind": kind, "at": at, "args": args}
        for place, (kind, args) in enumerate(done)
    ]
    body = PushBody.model_validate({"device_id": phone, "schema": SCHEMA, "mutations": mutations})
    with person.work() as work:
        return [one.status for one in push.push(work, body).results]


def undecided(company: Company, *, notes: int = 1) -> Undecided:
    """A company whose inbox has two conflicts, and `notes` pieces of work of a phone that was signed off."""
    crew = company.person(Role.CREW)
    client = company.client("Noor Haddad")
    with company.office.work() as work:
        address = Address(street="12 Elm St", city="Elgin")
        place = properties.create(work, PropertyBody(client_id=client.id, address=address))
        job = jobs.create(work, JobBody(client_id=client.id, property_id=place.id, title="Repair"))
        visit = visits.create(work, VisitBody(job_id=job.id, title="Shingles", planned_start="2099-01-01T10:00:00Z", planned_end="2099-01-01T12:00:00Z", assignee_ids=[crew.member_id]))  # fmt: skip
    found = Undecided(crew, said_hello(crew), said_hello(crew, "Lost phone"), place.id, visit.id)
    with company.office.work() as work:
        properties.patch(work, place.id, PropertyPatch(access_notes="Code 4711"))
        visits.move(work, visit.id, "no_access", VisitMoveBody(reason="Gate locked"))
    with company.admin.work() as work:
        devices.revoke(work, found.lost)
    gate = ("property.access_notes", {"property_id": str(place.id), "text": "Key at number 9"})
    finish = ("visit.move", {"visit_id": str(visit.id), "move": "finish"})
    assert brings(crew, found.phone, gate, finish) == ["conflict", "conflict"]
    said = [
        ("note.add", {"id": str(new_id()), "visit_id": str(visit.id), "text": f"Note {at}"})
        for at in range(notes)
    ]
    assert brings(crew, found.lost, *said) == ["parked"] * notes
    return found
