"""The only home of what the benches share: a database of their own, a company in it, and figures worked out alike."""

import json
import os
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any
from uuid import UUID

import click
import psutil
import psycopg

from models.access import Role
from ontrack_app.cli import tenants
from ontrack_app.cli.people import member_of
from ontrack_app.db import SystemCredential, begin, engine
from ontrack_app.embedded import schema
from ontrack_app.embedded.database import embedded_urls
from ontrack_app.embedded.postgres import Cluster
from ontrack_app.embedded.roles import prepare
from ontrack_app.schemas.price_items import TaxCodeBody
from ontrack_app.services import keys, members, tax_codes
from ontrack_app.services.tenants import CompanyFacts, set_up
from ontrack_app.sessions import new_secret
from ontrack_app.settings import DatabaseUrls, use_database

TAXES = (("GST", "5"), ("QST", "9.975"))
KEY_LASTS = timedelta(days=1)


@dataclass(frozen=True)
class Ground:
    """Where a bench works: a directory, a Postgres that keeps its promises about the disk, and a migrated database."""

    directory: Path
    server: Cluster
    urls: DatabaseUrls

    def bare(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection without our code and without policies (a superuser's), as the floor is measured on."""
        return psycopg.connect(self.server.conninfo("postgres"))


@dataclass(frozen=True)
class Worker:
    """A member of the bench's company and the bearer key that acts as it."""

    member_id: UUID
    key: str


@contextmanager
def ground() -> Iterator[Ground]:
    """A database of the bench's own, gone at the end of the block; this process is pointed at it."""
    # Beside the system's other temporary files and open to be walked through: Postgres runs as another account.
    with tempfile.TemporaryDirectory(prefix="ontrack-bench-") as directory:
        Path(directory).chmod(0o755)
        server = Cluster(Path(directory) / "data")
        server.start()
        try:
            prepare(server)
            urls = embedded_urls(server)
            use_database(urls)
            schema.ensure(urls, server.home)
            yield Ground(Path(directory), server, urls)
        finally:
            engine(server.url("ontrack_app")).dispose()
            server.stop()


def company(here: Ground, slug: str) -> SystemCredential:
    """A company with the usual pipeline, numbers and two taxes; returns OnTrack itself in it."""
    us = SystemCredential(tenants.add(here.urls, slug, slug.capitalize()), "bench")
    with begin(us) as work:
        set_up(work, CompanyFacts(timezone="America/Toronto", currency="CAD"))
    for code, rate in TAXES:
        with begin(us) as work:
            tax_codes.create(work, TaxCodeBody(code=code, label=code, rate=rate))
    return us


def worker(us: SystemCredential, role: Role, *, name: str = "") -> Worker:
    """A new member of the company with a bearer key; the second one of a role needs a name."""
    email, secret = f"{name or role.value}@bench.example", f"otk_{new_secret()}"
    with begin(us) as work:
        card = members.add(work, email, role.label, role)
        work.session.flush()
        keys.add(work, member_of(work, email), keys.NewKey(secret, None, work.at + KEY_LASTS))
    return Worker(card.id, secret)


def free_port() -> int:
    """A port of this machine that nobody has right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def spent_s(pid: int) -> float:
    """Seconds of processor time that a process and its children have used."""
    root = psutil.Process(pid)
    times = [one.cpu_times() for one in (root, *root.children(recursive=True))]
    return float(sum(spent.user + spent.system for spent in times))


def timed(call: Callable[[], object]) -> float:
    """How many milliseconds the call takes."""
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def figures(ours: Sequence[float], floor: Sequence[float]) -> dict[str, Any]:
    """Median and 95th percentile in milliseconds, the floor's median, and how many times the floor we take."""
    p50, floor_p50 = percentile(ours, 50), percentile(floor, 50)
    return {
        "p50_ms": round(p50, 2),
        "p95_ms": round(percentile(ours, 95), 2),
        "floor_p50_ms": round(floor_p50, 3),
        "ratio": round(p50 / floor_p50, 1),
    }


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which that many of a hundred lie; of one value, that one."""
    return quantiles(values, n=100, method="inclusive")[percent - 1] if len(values) > 1 else values[0]


def conditions(*more: str) -> str:
    """What the figures were taken under, in words."""
    return ", ".join([f"{os.cpu_count()} cores", f"load {os.getloadavg()[0]:.1f}", *more])


def tell(words: str, result: dict[str, Any], *, as_json: bool) -> None:
    """Prints the figures for people, and with --json as one object on the last line."""
    click.echo(words)
    if as_json:
        click.echo(json.dumps(result))
