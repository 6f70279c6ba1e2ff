"""Runs the checks and tests one after the other, each once, and ends with one summary. Started by make with .venv's Python."""

import os
import subprocess
import sys
import time
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


@dataclass(frozen=True)
class Result:
    """How one check ended."""

    name: str
    good: bool
    seconds: float


def main(level: str, more: list[str]) -> int:
    """Runs the level's checks; returns 0 where every one is good."""
    if level == "test":
        chromium.install()
        clamd.install()
    results = [run(name, command) for name, command in checks(level, more)]
    print("\nSummary")
    for one in results:
        print(f"  {'ok    ' if one.good else 'FAILED'}  {one.name:<14} {one.seconds:6.1f} s")
    failed = [one.name for one in results if not one.good]
    print(
        f"{'FAILED: ' + ', '.join(failed) if failed else 'All good'}, {sum(one.seconds for one in results):.0f} s in all."
    )
    return 1 if failed else 0


def checks(level: str, more: list[str]) -> list[tuple[str, list[str]]]:
    """Name and command of each check of a level."""
    pytest = [sys.executable, "-m", "pytest"]
    if level == "nightly":
        return [("campaigns", [*pytest, *NIGHTLY, *more])]
    # A process of their own: the browser's driver keeps an event loop running, in which no other test could run one.
    walks = [("walks", [*pytest, *WALKS, *more])] if level == "test" else []
    there = [part for part in PARTS if (ROOT / part).exists()]
    return [
        ("lint", [str(BIN / "ruff"), "check", *there]),
        ("format", [str(BIN / "ruff"), "format", "--check", *there]),
        ("types", [str(BIN / "mypy")]),
        ("floors", [str(BIN / "lint-imports")]),
        ("tests", [*pytest, *(TESTS if level == "test" else QUICK), *more]),
        *walks,
    ]


def run(name: str, command: list[str]) -> Result:
    """Runs one check, its words shown as they come."""
    print(
        f"\n{name}: {' '.join(Path(word).name if word.startswith(str(BIN)) else word for word in command)}",
        flush=True,
    )
    start = time.monotonic()
    code = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False
    ).returncode
    return Result(name, code == 0, time.monotonic() - start)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], sys.argv[2:]))
