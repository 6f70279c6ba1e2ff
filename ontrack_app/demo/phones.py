"""The crews' phones of the demo, told through the real sync services: two values twice, a stage that two saw differently, and
work of a lost phone that waits for a decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.contacts import Contact
from models.ids import new_id
from models.jobs import Job
from models.properties import Property
from models.visits import Visit
from ontrack_app.demo.book import Book
from ontrack_app.demo.stage import Stage
from ontrack_app.schemas.clients import ContactPatch, PropertyPatch
from ontrack_app.schemas.jobs import VisitPatch
from ontrack_app.schemas.sync import ClockBody, HelloBody, MutationBody, PushBody
from ontrack_app.services import contacts, devices, properties, visits
from ontrack_app.services.sync import devices as greeting
from ontrack_app.services.sync import push
from ontrack_app.services.sync.adapters import SCHEMA

APP = "0.4.0"
KEPT, CLEARABLE = {"persisted": True}, {"persisted": False}


@dataclass
class Phone:
    """A phone of one of the crew; how far its clock is off, and the number of the last thing that was done on it."""

    stage: Stage
    who: str
    label: str
    zone: str
    storage: dict[str, Any]
    off: timedelta = timedelta()
    seq: int = 0

    def __post_init__(self) -> None:
        self.id = new_id()

    def hello(self, at: datetime, *, waiting: int = 0) -> None:
        """Says hello at that moment."""
        said = HelloBody.model_validate(
            {
                "device_id": self.id,
                "app_version": APP,
                "schema": SCHEMA,
                "storage": self.storage,
                "clock": ClockBody(now=at + self.off, tz=self.zone),
                "label": self.label,
                "waiting": waiting,
            }
        )
        with self.stage.acting(self.who, at) as work:
            greeting.hello(work, said)

    def brings(self, at: datetime, *done: tuple[datetime, str, dict[str, Any]]) -> None:
        """Brings at that moment what was done on it earlier, each with its moment, kind and arguments."""
        mutations = []
        for when, kind, args in done:
            self.seq += 1
            said = {
                "seq": self.seq,
                "id": new_id(),
                "kind": kind,
                "at": when + self.off,
                "tz": self.zone,
                "args": args,
            }
            mutations.append(MutationBody.model_validate(said))
        given = {"device_id": self.id, "schema": SCHEMA, "mutations": mutations}
        body = PushBody.model_validate(given)
        with self.stage.acting(self.who, at) as work:
            push.push(work, body)


def ring(stage: Stage, book: Book) -> None:
    """Gives each of the crew a phone, and plays a day on which signal, office and crews got into each other's way."""
    zone = book.facts.timezone
    pixel = Phone(stage, "crew", "Pixel 8, Chrome", zone, KEPT)
    iphone = Phone(stage, "crew2", "iPhone 15, Safari", zone, CLEARABLE, off=timedelta(minutes=7))
    lost = Phone(stage, "crew2", "Galaxy S21, Chrome", zone, KEPT)
    pixel.hello(stage.ago(5, 7))
    lost.hello(stage.ago(5, 7.2))
    iphone.hello(stage.ago(3, 7))
    _changed_twice(stage, pixel)
    _seen_differently(stage, (pixel, iphone))
    _lost(stage, lost)
    pixel.hello(stage.ago(0, 9))
    iphone.hello(stage.ago(0, 8.5), waiting=3)


def _changed_twice(stage: Stage, phone: Phone) -> None:
    """How to get in, and the number to call: the office changed both while the crew was in a basement."""
    _, job = _visit(stage, ("on_site", "scheduled"), stage.ids["crew"])
    morning = stage.ago(0, 7)
    with stage.acting("office", morning) as work:
        assert job.property_id is not None
        place = work.get(Property, job.property_id)
        asked = work.of(Contact).where(col(Contact.client_id) == job.client_id).order_by(col(Contact.id))
        person: Contact = work.first(asked)
        properties.patch(
            work, place.id, PropertyPatch(access_notes="Gate code 2208 since Monday. Park in the lane.")
        )
        contacts.patch(work, person.id, ContactPatch(phone="555-0164"))
    phone.brings(
        stage.ago(0, 7.6),
        (morning + timedelta(minutes=9), "property.access_notes", {"property_id": str(place.id), "text": "Code does not work. Key is with the neighbour at number 9."}),
        (morning + timedelta(minutes=14), "contact.phone", {"contact_id": str(person.id), "phone": "555-0171"}),
    )  # fmt: skip


def _seen_differently(stage: Stage, phones: Sequence[Phone]) -> None:
    """Two went to one visit: one stood before a locked gate, the other was let in by a neighbour and did the work."""
    visit, _ = _visit(stage, ("no_access",), None)
    assert visit.planned_start is not None
    with stage.acting("office", visit.planned_start) as work:
        before = visits.assignees(work, [visit.id])[visit.id]
        both = [stage.ids[phone.who] for phone in phones]
        visits.patch(work, visit.id, VisitPatch(assignee_ids=both))
    inside = next(phone for phone in phones if stage.ids[phone.who] not in before)
    later = visit.planned_start + timedelta(hours=2, minutes=40)
    inside.brings(stage.ago(0, 6), (later, "visit.move", {"visit_id": str(visit.id), "move": "finish"}))


def _lost(stage: Stage, phone: Phone) -> None:
    """A phone was left on a roof and signed off; days later it was found, and brought what was still on it."""
    visit, _ = _visit(stage, ("no_access",), None)
    noted = stage.ago(1, 9.1)
    with stage.acting("admin", stage.ago(1, 16)) as work:
        devices.revoke(work, phone.id)
    phone.brings(
        stage.ago(0, 8),
        (noted, "note.add", {"id": str(new_id()), "visit_id": str(visit.id), "text": "Third shingle row from the ridge is soft. Bring two sheets of plywood."}),
        (noted + timedelta(minutes=20), "material.use", {"id": str(new_id()), "visit_id": str(visit.id), "name": "Roofing nails", "quantity": "2", "unit": "box"}),
    )  # fmt: skip


def _visit(stage: Stage, stages: tuple[str, ...], member_id: UUID | None) -> tuple[Visit, Job]:
    """The latest visit at one of these stages, of that member where one is named, with its job."""
    with stage.acting("office", stage.ago(0, 7)) as work:
        asked = work.of(Visit).where(col(Visit.stage).in_(stages), col(Visit.planned_start).is_not(None))
        for visit in work.all(asked.order_by(col(Visit.planned_start).desc(), col(Visit.id))):
            job = work.get(Job, visit.job_id)
            goes = visits.assignees(work, [visit.id])[visit.id]
            if job.property_id is not None and (member_id is None or member_id in goes):
                work.session.expunge_all()
                return visit, job
    raise LookupError("The story has no such visit.")
