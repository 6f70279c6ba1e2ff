"""`ontrack bench flow`: the 14 calls from a lead to its payment, over real HTTP with bearer keys, against bare psycopg."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import click

from models.access import Role
from models.ids import new_id
from ontrack_app.cli import bench_floor
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
    spent_s,
    tell,
    timed,
    worker,
)
from ontrack_app.embedded.processes import Child

LINES = [
    {"description": "Labour", "quantity": "2.5", "unit_price": {"amount": "33.3325", "currency": "CAD"}, "tax_codes": ["GST", "QST"]},
    {"description": "Heater", "quantity": "1", "unit_price": {"amount_cents": 14000, "currency": "CAD"},
     "discount": {"amount_cents": 1000, "currency": "CAD"}, "tax_codes": ["GST", "QST"]},
    {"description": "Permit", "quantity": "1", "unit_price": {"amount": "12", "currency": "CAD"}},
]  # fmt: skip
SIGNED = {"signature": {"kind": "typed", "name": "Ana Gagnon"}, "evidence": "On paper, in the file."}


@dataclass(frozen=True)
class Story:
    """The people of one flow."""

    office: Caller
    crew: Caller
    crew_id: str

    def tell(self) -> dict[str, Any]:
        """The 14 calls, from a new lead to its paid invoice; returns the lead."""
        lead: dict[str, Any] = self._won_lead()
        job = {"id": self._approved_estimate(lead)["job_id"]}
        self._done_visit(job)
        self.office.move("jobs", job, "complete")
        draft = self.office.post("/invoices", {"job_id": job["id"]}, name="invoices")
        owed = self.office.move("invoices", draft, "issue")["balance"]
        part = {"invoice_id": draft["id"], "amount": owed}
        self.office.post(
            "/payments", {"method": "cash", "amount": owed, "allocations": [part]}, name="payments"
        )
        return lead

    def _won_lead(self) -> Any:
        body = {
            "name": "Ana Gagnon",
            "email": f"{new_id().hex}@x.example",
            "need": "The water heater leaks",
            "source": "Form",
            "address": {"street": "12 rue des Pins", "city": "Laval", "region": "QC", "postal_code": "H7A 1A1", "country": "CA"},
        }  # fmt: skip
        return self.office.move("leads", self.office.post("/leads", body, name="leads"), "win")

    def _approved_estimate(self, lead: dict[str, Any]) -> Any:
        body = {
            "client_id": lead["client_id"],
            "property_id": lead["property_id"],
            "expires_on": "2099-01-01",
            "lines": LINES,
        }
        estimate = self.office.post("/estimates", body, name="estimates")
        self.office.move("estimates", estimate, "send")
        self.office.move("estimates", estimate, "approve", SIGNED)
        return self.office.move("estimates", estimate, "convert")

    def _done_visit(self, job: dict[str, Any]) -> None:
        planned = {"planned_start": "2099-01-01T14:00:00Z", "planned_end": "2099-01-01T16:00:00Z"}
        body = {"job_id": job["id"], "assignee_ids": [self.crew_id], **planned}
        visit = self.office.post("/visits", body, name="visits")
        for name in ("depart", "arrive", "finish"):
            self.crew.move("visits", visit, name)


@dataclass(frozen=True)
class Stage:
    """A served company and the people who call it."""

    port: int
    office: Worker
    crew: Worker

    @contextmanager
    def story(self, times: dict[str, list[float]] | None = None) -> Iterator[Story]:
        """One user's connections."""
        office, crew = Caller(self.port, self.office, times), Caller(self.port, self.crew, times)
        try:
            yield Story(office, crew, str(self.crew.member_id))
        finally:
            office.close()
            crew.close()


@click.command("flow")
@click.option("--flows", default=200, show_default=True, type=click.IntRange(2), help="Flows of one user.")
@click.option("--users", default=8, show_default=True, type=click.IntRange(1, 50))
@click.option("--seconds", default=10.0, show_default=True, help="How long all users work at once.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on the last line.")
def command(*, flows: int, users: int, seconds: float, as_json: bool) -> None:
    """From a lead to its payment in 14 calls over HTTP: one user alone, then several at once."""
    with ground() as here:
        us = company(here, "bench")
        stage = Stage(free_port(), worker(us, Role.OFFICE), worker(us, Role.CREW))
        with served(here, stage.port) as web:
            result = measure(here, stage, flows)
            result |= together(stage, users, seconds, web)
    result["conditions"] = conditions(
        "durable Postgres", "one web process", "no background worker", "client on the same machine"
    )
    words = (
        f"One user: {result['p50_ms']} ms for a flow of 14 calls (95 of 100 within {result['p95_ms']} ms), "
        f"{result['ratio']} times bare psycopg ({result['floor_p50_ms']} ms). "
        f"{users} users: {result['flows_per_s']} flows a second."
    )
    tell(words, {"name": "flow", **result}, as_json=as_json)


def measure(here: Ground, stage: Stage, flows: int) -> dict[str, Any]:
    """One user's flows and the floor's, in turns, so that both meet the same weather. Milliseconds."""
    ours: list[float] = []
    floor: list[float] = []
    calls: dict[str, list[float]] = {}
    with stage.story() as warm:
        lead = [warm.tell() for _ in range(5)][-1]
    with here.bare() as connection, stage.story(calls) as story:
        bare = bench_floor.Flow(connection, lead["id"])
        for _ in range(3):
            bare.run()
        for _ in range(flows):
            ours.append(timed(story.tell))
            floor.append(timed(bare.run))
    each = {name: round(percentile(times, 50), 2) for name, times in calls.items()}
    return figures(ours, floor) | {"calls_ms": each, "commits": bench_floor.COMMITS}


def together(stage: Stage, users: int, seconds: float, web: Child) -> dict[str, Any]:
    """Flows a second of several users at once, and what one of them waits for a flow."""
    done: list[float] = []
    ends = time.monotonic() + seconds

    def work() -> None:
        with stage.story() as story:
            while time.monotonic() < ends:
                done.append(timed(story.tell))

    before, began = spent_s(web.pid), time.monotonic()
    _at_once([work] * users)
    lasted = time.monotonic() - began
    return {
        "users": users,
        "flows_per_s": round(len(done) / lasted, 1),
        "users_p50_ms": round(percentile(done, 50), 1),
        "web_cpu": round((spent_s(web.pid) - before) / lasted, 2),
    }


def _at_once(tasks: Sequence[Callable[[], None]]) -> None:
    failures: list[BaseException] = []

    def guarded(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as failure:  # noqa: BLE001 - told to the caller below
            failures.append(failure)

    threads = [threading.Thread(target=guarded, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
