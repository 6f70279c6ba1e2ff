"""`ontrack bench sync`: a push of 100 mutations, a pull of 500 changes, and many phones that come back at once, over real HTTP."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import click
import psycopg

from models.access import Role
from models.ids import new_id, now
from ontrack_app.cli.bench_http import Caller, served
from ontrack_app.cli.bench_tools import (
    Ground,
    Worker,
    company,
    conditions,
    figures,
    free_port,
    ground,
    percentile,
    tell,
    timed,
    worker,
)
from ontrack_app.db import SystemCredential, begin
from ontrack_app.schemas.clients import ClientBody, PropertyBody
from ontrack_app.schemas.common import Address
from ontrack_app.schemas.crew_work import ItemBody
from ontrack_app.schemas.jobs import JobBody, VisitBody
from ontrack_app.services import checklist_items, clients, jobs, notes, properties, visits

PUSHED, PULLED, OWN_VISITS = 100, 500, 10
FLOOR = """INSERT INTO notes (tenant_id, id, version, created_at, updated_at, noun, row_id, text, author_name)
           VALUES (%s, %s, 1, now(), now(), 'visits', %s, 'Bare', '')"""


@dataclass
class Phone:
    """One crew member's phone: its visits with a step on each, and where it stands."""

    port: int
    who: Worker
    visit_ids: list[UUID] = field(default_factory=list)
    item_ids: dict[UUID, UUID] = field(default_factory=dict)
    id: UUID = field(default_factory=new_id)
    seq: int = 0
    cursor: str = ""

    def __post_init__(self) -> None:
        self.call = Caller(self.port, self.who, prefix="/api/sync/v1")

    def hello(self) -> None:
        """The first call."""
        body = {"device_id": str(self.id), "schema": 2, "clock": {"now": now().isoformat()}}
        self.call.post("/hello", body, name="hello")

    def load(self) -> None:
        """Starts from a snapshot."""
        self.cursor = self.call.get(f"/snapshot?device_id={self.id}")["next"]

    def day(self, count: int) -> list[dict[str, Any]]:
        """That many mutations, as a day brings them: steps, answers, notes, materials and hours over all visits."""
        return [self._said(at) for at in range(count)]

    def push(self, mutations: Sequence[dict[str, Any]]) -> int:
        """Pushes them; how many were applied."""
        body = {"device_id": str(self.id), "schema": 2, "mutations": list(mutations)}
        results = self.call.post("/push", body, name="push")["results"]
        return sum(one["status"] == "applied" for one in results)

    def pull(self) -> tuple[int, bool]:
        """Pulls once; how many changes came, and whether there are more."""
        said = self.call.get(f"/pull?device_id={self.id}&cursor={self.cursor}&limit={PULLED}")
        self.cursor = said["next"]
        return len(said["changes"]), said["more"]

    def pull_all(self) -> None:
        """Pulls until there is no more."""
        while self.pull()[1]:
            pass

    def _said(self, at: int) -> dict[str, Any]:
        self.seq += 1
        visit = self.visit_ids[at % len(self.visit_ids)]
        fresh = str(new_id())
        kinds: tuple[tuple[str, dict[str, Any]], ...] = (
            ("visit.move", {"move": "arrive" if at < 50 else "finish"}),
            ("checklist.answer", {"id": fresh, "item_id": str(self.item_ids[visit])}),
            ("note.add", {"id": fresh, "text": f"Note {self.seq}: the valve was stiff, now it turns."}),
            ("material.use", {"id": fresh, "name": "Ridge vent", "quantity": "2.5", "unit": "ft"}),
            ("time.start", {"id": fresh, "kind": "work"}),
        )
        kind, args = kinds[(at // len(self.visit_ids)) % len(kinds)]
        asked = {"kind": kind, "args": {"visit_id": str(visit), **args}}
        return {
            "seq": self.seq,
            "id": str(new_id()),
            "at": now().isoformat(),
            "tz": "America/Toronto",
            **asked,
        }


@click.command("sync")
@click.option("--times", default=30, show_default=True, type=click.IntRange(2), help="Pushes and pulls.")
@click.option("--devices", default=50, show_default=True, type=click.IntRange(1, 200), help="Phones at once.")
@click.option("--each", default=20, show_default=True, type=click.IntRange(1, 100), help="Mutations of each.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on the last line.")
def command(*, times: int, devices: int, each: int, as_json: bool) -> None:
    """Crews' phones: push, pull, and all of them coming back at once."""
    with ground() as here:
        us = company(here, "bench")
        port = free_port()
        with served(here, port):
            phones = [_phone(us, port, at) for at in range(devices)]
            push = pushes(here, us, phones[0], times)
            pull = pulls(us, phones[0], times)
            back = reconnect(phones, each)
    words = (
        f"Push of {PUSHED} mutations: {push['p50_ms']} ms, {push['ratio']} times bare inserts. "
        f"Pull of {PULLED} changes: {pull['p50_ms']} ms. "
        f"{devices} phones at once with {each} mutations each: {back['drained_s']} s."
    )
    told = conditions("durable Postgres", "one web process", "client on the same machine")
    result = {"name": "sync", **push, "pull": pull, "reconnect": back, "conditions": told}
    tell(words, result, as_json=as_json)


def pushes(here: Ground, us: SystemCredential, phone: Phone, times: int) -> dict[str, Any]:
    """Pushes of 100 mutations, each time new ones, against as many bare inserts in one transaction. Milliseconds."""
    ours: list[float] = []
    floor: list[float] = []
    applied = phone.push(phone.day(PUSHED))
    with here.bare() as connection:
        for _ in range(times):
            day = phone.day(PUSHED)
            began = time.perf_counter()
            applied += phone.push(day)
            ours.append((time.perf_counter() - began) * 1000)
            floor.append(timed(lambda: _bare(connection, us.tenant_id, phone.visit_ids[0])))
    return figures(ours, floor) | {"mutations": PUSHED, "applied": applied}


def pulls(us: SystemCredential, phone: Phone, times: int) -> dict[str, Any]:
    """Pulls of 500 changes, all of other rows. Milliseconds."""
    phone.pull_all()
    before = phone.cursor
    with begin(us) as work:
        for at in range(PULLED):
            visit_id = phone.visit_ids[at % len(phone.visit_ids)]
            notes.add(work, "visits", visit_id, f"Note {at}")
    ours, counts = [], set()
    for _ in range(times):
        phone.cursor = before
        began = time.perf_counter()
        counts.add(phone.pull()[0])
        ours.append((time.perf_counter() - began) * 1000)
    return {
        "p50_ms": round(percentile(ours, 50), 2),
        "p95_ms": round(percentile(ours, 95), 2),
        "changes": min(counts),
    }


def reconnect(phones: Sequence[Phone], each: int) -> dict[str, Any]:
    """All phones at once: hello, push, pull until there is no more. Seconds until the last one is through."""
    days = [phone.day(each) for phone in phones]
    waits: list[float] = []

    def back(phone: Phone, day: list[dict[str, Any]]) -> int:
        began = time.monotonic()
        phone.hello()
        applied = phone.push(day)
        phone.pull_all()
        waits.append(time.monotonic() - began)
        return applied

    began = time.monotonic()
    with ThreadPoolExecutor(len(phones)) as hands:
        applied = sum(hands.map(back, phones, days))
    return {
        "devices": len(phones),
        "mutations": each * len(phones),
        "applied": applied,
        "drained_s": round(time.monotonic() - began, 2),
        "phone_p50_s": round(percentile(waits, 50), 2),
    }


def _phone(us: SystemCredential, port: int, at: int) -> Phone:
    """A crew member with ten visits of today at a job of its own, and a step on each."""
    phone = Phone(port, worker(us, Role.CREW, name=f"crew{at}"))
    start = now() - timedelta(hours=1)
    with begin(us) as work:
        client = clients.create(work, ClientBody(name=f"Client {at}"))
        address = Address(street=f"{at + 1} Elm St", city="Laval")
        place = properties.create(work, PropertyBody(client_id=client.id, address=address))
        job = jobs.create(work, JobBody(client_id=client.id, property_id=place.id, title="Repair"))
        for number in range(OWN_VISITS):
            body = VisitBody(
                job_id=job.id,
                planned_start=start + timedelta(hours=number),
                planned_end=start + timedelta(hours=number + 1),
                assignee_ids=[phone.who.member_id],
            )
            visit_id = visits.create(work, body).id
            phone.visit_ids.append(visit_id)
            item = checklist_items.create(work, ItemBody(visit_id=visit_id, label="Valve"))
            phone.item_ids[visit_id] = item.id
    phone.hello()
    phone.load()
    return phone


def _bare(connection: psycopg.Connection[tuple[Any, ...]], tenant_id: UUID, visit_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(FLOOR, [(tenant_id, new_id(), visit_id) for _ in range(PUSHED)])
    connection.commit()
