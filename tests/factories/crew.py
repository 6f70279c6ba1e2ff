"""A crew's work for tests, made through the services: a visit of today and what a member notes there."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from models.access import Role
from models.ids import new_id, now
from ontrack_app.schemas.common import MoneyBody
from ontrack_app.schemas.crew_work import (
    AskBody,
    ExpenseBody,
    ItemBody,
    MaterialBody,
    TimeStartBody,
)
from ontrack_app.services import checklist_items, expenses, materials, tasks, time_entries
from ontrack_app.services.clocks import Clock
from tests.factories import spine
from tests.factories.companies import Company, Person


@dataclass
class Crew:
    """A member of a crew with a visit of its own, and another member with nothing."""

    company: Company
    person: Person
    other: Person
    job_id: UUID
    visit_id: UUID
    started: datetime = field(default_factory=lambda: now() - timedelta(hours=6))

    def hours(
        self, kind: str = "work", *, start: datetime | None = None, minutes: int = 90, fast: timedelta = timedelta(0)
    ) -> UUID:  # fmt: skip
        """A stretch of time; `fast` is how far the phone's clock was ahead."""
        begin, entry_id, off = start or self.started, new_id(), round(fast.total_seconds() * 1000)
        body = TimeStartBody.model_validate({"id": entry_id, "visit_id": self.visit_id, "kind": kind})
        with self.person.work() as work:
            time_entries.start(work, body, Clock(begin + fast, offset_ms=off))
        end = begin + timedelta(minutes=minutes)
        with self.person.work() as work:
            time_entries.stop(work, entry_id, Clock(end + fast, offset_ms=off))
        return entry_id

    def running(self) -> UUID:
        """A stretch that goes on."""
        with self.person.work() as work:
            body = TimeStartBody(id=new_id(), visit_id=self.visit_id, kind="work")
            return time_entries.start(work, body, Clock(self.started)).id

    def expense(self, cents: int | None = 4200, **given: Any) -> UUID:
        """A claim."""
        amount = None if cents is None else MoneyBody.of(cents, self.company.currency)
        body = ExpenseBody(id=new_id(), visit_id=self.visit_id, title="Dump fee", amount=amount, **given)
        with self.person.work() as work:
            return expenses.claim(work, body).id

    def asks(self, kind: str = "extra_work", text: str = "Rot in the fascia", **given: Any) -> UUID:
        """Something asked of the office."""
        with self.person.work() as work:
            return tasks.ask(work, kind, AskBody(id=new_id(), visit_id=self.visit_id, text=text, **given)).id

    def uses(self, name: str = "Nails") -> UUID:
        """Something that was used."""
        with self.person.work() as work:
            return materials.use(work, MaterialBody(id=new_id(), visit_id=self.visit_id, name=name)).id

    def step(self, label: str = "Photo after", **given: Any) -> UUID:
        """A step of the visit."""
        with self.company.office.work() as work:
            body = ItemBody(visit_id=self.visit_id, label=label, **given)
            return checklist_items.create(work, body).id


def crew(company: Company) -> Crew:
    """A crew with a visit of today."""
    person, other = company.person(Role.CREW), company.person(Role.CREW)
    job_id = spine.job(company)
    start = now() - timedelta(hours=6)
    times = {"planned_start": start, "planned_end": start + timedelta(hours=8)}
    visit = spine.visit(company, job_id, assignee_ids=[person.member_id], **times)
    return Crew(company, person, other, job_id, visit.id)
