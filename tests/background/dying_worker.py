"""Workers that die: reads a point from its input, lets a worker run until it is killed there, says how it ended, and so on.

Each worker is a process of its own, forked before there is a thread or a connection, so that starting one is quick.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ontrack_app.background import files as functions
from ontrack_app.background import worker
from ontrack_app.background.queue import Pace
from ontrack_app.integrations import files, pictures, scanners
from ontrack_app.integrations.scanner_policy import ContentPolicy
from ontrack_app.services.files import checks
from tests.factories.dying import At, DyingStore, dies


def around(at: At, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, with a point before it and one after it."""

    def called(*given: Any, **named: Any) -> Any:
        at(f"before {name}")
        found = call(*given, **named)
        at(f"after {name}")
        return found

    return called


def run(home: Path, at: At) -> None:
    """One worker with a store, a scanner, a drawer and services that have points."""
    files.make_store = lambda _: DyingStore(home, at)
    policy = ContentPolicy()
    policy.scan = around(at, "it is scanned", policy.scan)  # type: ignore[method-assign]
    scanners.make_scanner = lambda _: policy
    pictures.redraw = around(at, "it is drawn", pictures.redraw)
    checks.put_together = around(at, "it is whole", checks.put_together)
    checks.examined = around(at, "it is ready", checks.examined)
    assert functions.checks is checks and functions.pictures is pictures
    worker.run(Pace(hands=1, lease=60.0, rest=0.5))


def say(words: object) -> None:
    """A line for whoever started this."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    home = Path(sys.argv[1])
    say("ready")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run(home, dies(line.strip()))
        _, status = os.waitpid(child, 0)
        say(os.waitstatus_to_exitcode(status))
