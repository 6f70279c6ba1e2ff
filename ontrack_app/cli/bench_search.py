"""`ontrack bench search`: part of a name, address or number in 100,000 leads, against the same search by bare psycopg."""

from typing import Any

import click

from ontrack_app.cli.bench_leads import Leads, fill
from ontrack_app.cli.bench_list import asked
from ontrack_app.cli.bench_tools import Ground, conditions, figures, ground, percentile, tell, timed
from ontrack_app.services.listing import Query, pattern

WORDS = ("okonk", "ana tremb", "4512 ma", "notre-dame", "514-091", "ld-00451", "451@x")
FLOOR = """SELECT * FROM leads WHERE tenant_id = %s AND archived_at IS NULL AND search_text LIKE %s
           ORDER BY created_at DESC, id DESC LIMIT 26"""


@click.command("search")
@click.option(
    "--rows", default=100_000, show_default=True, type=click.IntRange(100), help="Leads of each company."
)
@click.option(
    "--times", default=60, show_default=True, type=click.IntRange(2), help="How often each is searched for."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on the last line.")
def command(*, rows: int, times: int, as_json: bool) -> None:
    """Part of a name, address or number in 100,000 leads, under row-level security."""
    with ground() as here:
        result = measure(here, fill(here, rows), times)
    result["conditions"] = conditions(
        f"{rows:,} leads in each of 2 companies", "the newest 25 of what is found"
    )
    words = (
        f"Part of a name, address or number in {rows:,} leads: {result['p50_ms']} ms (95 of 100 within "
        f"{result['p95_ms']} ms), {result['ratio']} times bare psycopg ({result['floor_p50_ms']} ms)."
    )
    tell(words, {"name": "search", **result}, as_json=as_json)


def measure(here: Ground, leads: Leads, times: int) -> dict[str, Any]:
    """Every search in turns with its floor, through the service as the application's role. Milliseconds."""
    ours: dict[str, list[float]] = {words: [] for words in WORDS}
    floor: dict[str, list[float]] = {words: [] for words in WORDS}
    with here.bare() as connection:
        connection.autocommit = True
        for _ in range(times):
            for words in WORDS:
                given = [leads.tenant_id, pattern(words)]
                ours[words].append(timed(asked(leads, Query(q=words))))
                floor[words].append(timed(lambda: connection.execute(FLOOR, given).fetchall()))  # noqa: B023
        hits = {words: _hits(connection, leads, words) for words in WORDS}
    all_ours = [value for values in ours.values() for value in values]
    all_floor = [value for values in floor.values() for value in values]
    return figures(all_ours, all_floor) | {
        "each_p50_ms": {words: round(percentile(values, 50), 2) for words, values in ours.items()},
        "each_floor_p50_ms": {words: round(percentile(values, 50), 2) for words, values in floor.items()},
        "hits": hits,
    }


def _hits(connection: Any, leads: Leads, words: str) -> int:
    statement = "SELECT count(*) FROM leads WHERE tenant_id = %s AND search_text LIKE %s"
    return int(connection.execute(statement, [leads.tenant_id, pattern(words)]).fetchone()[0])
