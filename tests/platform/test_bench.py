"""Each bench of the table runs with tiny sizes, and ends with one JSON object that holds the figures everybody reads."""

import json
import subprocess
import sys

import click
import pytest

from ontrack_app.cli.bench import BENCHES, command
from ontrack_app.settings import PROJECT_ROOT

FIGURES = {"name", "p50_ms", "p95_ms", "floor_p50_ms", "ratio", "conditions"}
TINY = {"rows": "150", "times": "2", "flows": "2", "users": "1", "seconds": "0.3"}
TINY |= {"devices": "1", "each": "2"}
# They start all of `ontrack up` with its front end: the walks and tests/platform/test_up.py do that.
WHOLE = {"start", "phone"}
# Each sets up a database, and most an installation, of its own: one of them every time, all of them every night.
EVERY_TIME = "sync"
TIMEOUT_S = 240


def tiny(name: str) -> list[str]:
    """The bench's options at their smallest."""
    bench = command.get_command(click.Context(command), name)
    assert bench is not None
    known = {option.name: option.opts[0] for option in bench.params if isinstance(option, click.Option)}
    assert "as_json" in known, "every bench has --json"
    return [word for option, flag in known.items() if option in TINY for word in (flag, TINY[option])]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(one, marks=() if one == EVERY_TIME else pytest.mark.nightly)
        for one in sorted(set(BENCHES) - WHOLE)
    ],
)
def test_a_bench_ends_with_its_figures(name: str) -> None:
    asked = [sys.executable, "-m", "ontrack_app.cli", "bench", name, *_options(name), "--json"]
    ran = subprocess.run(
        asked,
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    told = json.loads(ran.stdout.splitlines()[-1])
    assert set(told) >= FIGURES and told["name"] == name
    assert 0 < told["p50_ms"] <= told["p95_ms"] and told["floor_p50_ms"] > 0 and told["ratio"] > 0


def _options(name: str) -> list[str]:
    """Asked for in a process of its own: a bench brings handlers that no other test may meet."""
    asked = f"from tests.platform.test_bench import tiny; print(*tiny({name!r}))"
    found = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return found.stdout.split()


def test_the_table_names_benches_that_are_there() -> None:
    modules = {entry.module.rpartition(".")[2] for entry in BENCHES.values()}
    there = {path.stem for path in (PROJECT_ROOT / "ontrack_app/cli").glob("bench_*.py")}
    assert modules <= there
    assert {f"bench_{name}" for name in BENCHES} == modules
