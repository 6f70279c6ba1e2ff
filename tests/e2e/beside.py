"""The only home of the program beside the running OnTrack: tests/e2e/field.py, started once, asked as often as walks ask."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from ontrack_app.settings import PROJECT_ROOT

STOP_S = 60


class Beside:
    """`tests.e2e.field` in a process of its own: one question a line, one answer a line."""

    def __init__(self, slug: str, environment: dict[str, str], log: Path) -> None:
        self._log = log
        with log.open("wb") as words:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.field", slug],
                cwd=PROJECT_ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=words,
                text=True,
            )

    def ask(self, what: str, *words: str) -> Any:
        """Does one thing of `DO` in the company of the walks, and gives what it says."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps([what, *words]) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"{what} {words}: {self._log.read_text()[-3000:]}"
        return json.loads(answer)

    def close(self) -> None:
        """The end of it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(STOP_S)
        if self._process.stdout is not None:
            self._process.stdout.close()
