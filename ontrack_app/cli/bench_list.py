"""`ontrack bench list`: one page of 25 leads, sorted and filtered, out of 100,000, against the same rows by bare psycopg."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import click

from ontrack_app.cli.bench_http import Caller, served
from ontrack_app.cli.bench_leads import Leads, fill
from ontrack_app.cli.bench_tools import (
    Ground,
    conditions,
    figures,
    free_port,
    ground,
    percentile,
    tell,
    timed,
)
from ontrack_app.db import begin
from ontrack_app.services import leads as service
from ontrack_app.services.listing import Query


@dataclass(frozen=True)
class Wish:
    """One way to look at the list, as the service is asked and as SQL says it."""

    sort: str
    filters: dict[str, str]
    order: str

    @property
    def name(self) -> str:
        """The wish in an address."""
        return urlencode({"sort": self.sort, **self.filters})

    def sql(self) -> str:
        """The same page, asked for without us."""
        narrowed = "".join(f" AND {column} = %s" for column in self.filters)
        return (
            f"SELECT * FROM leads WHERE tenant_id = %s AND archived_at IS NULL{narrowed} "  # noqa: S608 - our own words
            f"ORDER BY {self.order} LIMIT 26"
        )


WISHES = (
    Wish("-created_at", {}, "created_at DESC, id DESC"),
    Wish("-created_at", {"stage": "qualified"}, "created_at DESC, id DESC"),
    Wish("-value", {}, "value_cents DESC NULLS LAST, id DESC"),
    Wish("name", {}, "name, id"),
    Wish("name", {"city": "Laval"}, "name, id"),
    Wish("-value", {"city": "Laval", "stage": "new"}, "value_cents DESC NULLS LAST, id DESC"),
)


@click.command("list")
@click.option(
    "--rows", default=100_000, show_default=True, type=click.IntRange(100), help="Leads of each company."
)
@click.option(
    "--times", default=60, show_default=True, type=click.IntRange(2), help="How often each page is asked for."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on the last line.")
def command(*, rows: int, times: int, as_json: bool) -> None:
    """25 of 100,000 leads, sorted and filtered in several ways, under row-level security."""
    with ground() as here:
        leads = fill(here, rows)
        result = measure(here, leads, times)
        port = free_port()
        with served(here, port):
            result["http_p50_ms"] = over_http(port, leads, times)
    result["conditions"] = conditions(f"{rows:,} leads in each of 2 companies", "25 a page")
    words = (
        f"A page of 25 out of {rows:,} leads: {result['p50_ms']} ms (95 of 100 within {result['p95_ms']} ms), "
        f"{result['ratio']} times bare psycopg ({result['floor_p50_ms']} ms); over HTTP {result['http_p50_ms']} ms."
    )
    tell(words, {"name": "list", **result}, as_json=as_json)


def measure(here: Ground, leads: Leads, times: int) -> dict[str, Any]:
    """Every wish in turns with its floor, through the service as the application's role. Milliseconds."""
    ours: dict[str, list[float]] = {wish.name: [] for wish in WISHES}
    floor: dict[str, list[float]] = {wish.name: [] for wish in WISHES}
    with here.bare() as connection:
        connection.autocommit = True
        for _ in range(times):
            for wish in WISHES:
                given = [leads.tenant_id, *wish.filters.values()]
                ours[wish.name].append(timed(asked(leads, Query(sort=wish.sort, filters=wish.filters))))
                floor[wish.name].append(timed(lambda: connection.execute(wish.sql(), given).fetchall()))  # noqa: B023
    return figures(_all(ours), _all(floor)) | {
        "each_p50_ms": {name: round(percentile(values, 50), 2) for name, values in ours.items()},
        "each_floor_p50_ms": {name: round(percentile(values, 50), 2) for name, values in floor.items()},
    }


def asked(leads: Leads, query: Query) -> Callable[[], object]:
    """The question as a door asks it: one transaction as the office, its page of cards."""

    def ask() -> object:
        with begin(leads.credential) as work:
            return service.list_page(work, query)

    return ask


def over_http(port: int, leads: Leads, times: int) -> float:
    """The same pages from the web process, in milliseconds."""
    taken: dict[str, list[float]] = {}
    caller = Caller(port, leads.office, taken)
    for _ in range(times):
        for wish in WISHES:
            caller.get(f"/leads?{wish.name}")
    caller.close()
    return round(percentile(_all(taken), 50), 2)


def _all(by_name: dict[str, list[float]]) -> list[float]:
    return [value for values in by_name.values() for value in values]
