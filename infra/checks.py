"""Runs the checks and tests, each once, and ends with one summary. Started by make with .venv's Python.

What takes a second comes first, one after the other. Then everything else side by side: walks and two halves of the tests, each
with a Postgres of its own, because half of a test is waiting and a machine has two cores. The walks' words are shown as they
come, the others' when they have ended.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import chromium
import clamd

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PARTS = [
    "ontrack_app",
    "models",
    "pages",
    "portal",
    "state",
    "tests",
    "infra",
    "alembic/env.py",
    "rxconfig.py",
]
TESTS = ["-m", "not browser and not nightly"]
QUICK = ["-m", "not browser and not nightly and not scanner"]
WALKS = ["-m", "browser and not nightly"]
NIGHTLY = ["-m", "nightly"]
# What plays whole installations, stories and attacks takes as long as everything else together.
LONG = ["tests/campaigns", "tests/api", "tests/flows", "tests/platform"]


@dataclass(frozen=True)
class Result:
    """How one check ended."""

    name: str
    good: bool
    seconds: float


def main(level: str, more: list[str]) -> int:
    """Runs the level's checks; returns 0 where every one is good."""
    start = time.monotonic()
    if level == "test":
        chromium.install()
        clamd.install()
    results = [result for group in checks(level, more) for result in together(group)]
    print("\nSummary")
    for one in results:
        print(f"  {'ok    ' if one.good else 'FAILED'}  {one.name:<14} {one.seconds:6.1f} s")
    failed = [one.name for one in results if not one.good]
    spent = time.monotonic() - start
    print(f"{'FAILED: ' + ', '.join(failed) if failed else 'All good'}, {spent:.0f} s in all.")
    return 1 if failed else 0


def checks(level: str, more: list[str]) -> list[list[tuple[str, list[str]]]]:
    """Name and command of each check of a level; those of one group run side by side."""
    pytest = [sys.executable, "-m", "pytest"]
    if level == "nightly":
        return [[("campaigns", [*pytest, *NIGHTLY, *more])]]
    # A process of their own: the browser's driver keeps an event loop running, in which no other test could run one.
    walks = (
        [("walks", [*pytest, "-o", "cache_dir=.pytest_cache/walks", *WALKS, *more])]
        if level == "test"
        else []
    )
    there = [part for part in PARTS if (ROOT / part).exists()]
    return [
        [("lint", [str(BIN / "ruff"), "check", *there])],
        [("format", [str(BIN / "ruff"), "format", "--check", *there])],
        [("floors", [str(BIN / "lint-imports")])],
        [
            *walks,
            *tests([*pytest, *(TESTS if level == "test" else QUICK)], more),
            ("types", [str(BIN / "mypy")]),
        ],
    ]


def tests(pytest: list[str], more: list[str]) -> list[tuple[str, list[str]]]:
    """The tests in two halves; in one piece where only some are asked for."""
    if more:
        return [("tests", [*pytest, *more])]
    rest = [f"--ignore={part}" for part in LONG]
    return [
        ("long tests", [*pytest, "-o", "cache_dir=.pytest_cache/long", *LONG]),
        ("tests", [*pytest, "-o", "cache_dir=.pytest_cache/rest", *rest]),
    ]


def together(group: list[tuple[str, list[str]]]) -> list[Result]:
    """Runs checks side by side; the first one's words are shown as they come, the others' when they have ended."""
    with ThreadPoolExecutor(len(group)) as threads:
        waiting = [threads.submit(run, *one, is_shown=place == 0) for place, one in enumerate(group)]
        return [one.result() for one in waiting]


def run(name: str, command: list[str], *, is_shown: bool = True) -> Result:
    """Runs one check; its words are shown as they come, or all at its end."""
    words = " ".join(Path(word).name if word.startswith(str(BIN)) else word for word in command)
    print(f"\n{name}: {words}", flush=True)
    start = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
        text=True,
        stdout=None if is_shown else subprocess.PIPE,
        stderr=None if is_shown else subprocess.STDOUT,
    )
    if done.stdout:
        print(f"\n{name}, told at its end:\n{done.stdout}", flush=True)
    return Result(name, done.returncode == 0, time.monotonic() - start)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2:]))
