"""`ontrack bench rls`: a page of the list of leads under row-level security, against the same SQL with no policy to ask.

Both sides send the same statement with its explicit WHERE: one as the application's role in a transaction of an office
member, as a service does, the other as a role that no policy binds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
import psycopg

from ontrack_app.cli.bench_leads import Leads, fill
from ontrack_app.cli.bench_list import WISHES, Wish
from ontrack_app.cli.bench_tools import Ground, conditions, figures, ground, percentile, tell, timed

AIM = 1.3
ENTER = "SELECT tenant_id, set_config('plan_cache_mode', 'force_custom_plan', true) FROM auth.enter_key(%s)"
PLANS = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)"


@click.command("rls")
@click.option(
    "--rows", default=100_000, show_default=True, type=click.IntRange(100), help="Leads of each company."
)
@click.option(
    "--times",
    default=200,
    show_default=True,
    type=click.IntRange(2),
    help="How often each page is asked for.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on the last line.")
def command(*, rows: int, times: int, as_json: bool) -> None:
    """A page of 25 leads with row-level security, against the same SQL without."""
    with ground() as here:
        result = measure(here, fill(here, rows), times)
    result["conditions"] = conditions(f"{rows:,} leads in each of 2 companies", "25 a page")
    words = (
        f"A page of 25 out of {rows:,} leads under policies: {result['p50_ms']} ms, {result['ratio']} times "
        f"the same SQL without ({result['floor_p50_ms']} ms; aim {AIM} times)."
    )
    tell(words, {"name": "rls", **result}, as_json=as_json)


@contextmanager
def entered(here: Ground, leads: Leads) -> Iterator[psycopg.Connection[Any]]:
    """The application's role in a transaction of an office member."""
    with psycopg.connect(here.urls.app.replace("+psycopg", "")) as connection:
        found = connection.execute(ENTER, [leads.credential.hash]).fetchone()
        if found is None or found[0] != leads.tenant_id:
            raise LookupError("The bench's key opens nothing.")
        yield connection


def measure(here: Ground, leads: Leads, times: int) -> dict[str, Any]:
    """Every wish in turns on both sides, in transactions that stay open. Milliseconds; `ratio` is of the sums of medians."""
    under: dict[str, list[float]] = {wish.name: [] for wish in WISHES}
    free: dict[str, list[float]] = {wish.name: [] for wish in WISHES}
    with entered(here, leads) as ours, here.bare() as bare:
        bare.execute(PLANS)
        for number in range(times):
            for wish in WISHES:
                sides = [(ours, under), (bare, free)]
                for connection, taken in sides if number % 2 else reversed(sides):
                    taken[wish.name].append(timed(lambda: page(connection, leads, wish)))  # noqa: B023
    return summed(under, free)


def page(connection: psycopg.Connection[Any], leads: Leads, wish: Wish) -> list[Any]:
    """The rows of one page."""
    statement = wish.sql().encode()
    return connection.execute(statement, [leads.tenant_id, *wish.filters.values()]).fetchall()


def summed(under: dict[str, list[float]], free: dict[str, list[float]]) -> dict[str, Any]:
    """The figures of all wishes together, and of each."""
    medians = [sum(percentile(values, 50) for values in side.values()) for side in (under, free)]
    found = figures(
        [v for values in under.values() for v in values], [v for values in free.values() for v in values]
    )
    each = {name: round(percentile(under[name], 50) / percentile(free[name], 50), 2) for name in under}
    return found | {"ratio": round(medians[0] / medians[1], 2), "each_ratio": each, "aim_ratio": AIM}
