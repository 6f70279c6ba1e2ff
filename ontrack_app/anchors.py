"""The only home of anchors: where each chain stood when it was last checked, kept beside the database, not in it.

A chain without a key can be written anew from its first row by whoever rules the database, and its end can be cut off with
the head set back. Neither agrees with what stood there before: each check compares, then writes down where it found things.
"""

import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path

from ontrack_app.settings import Settings

FILE = "anchors.jsonl"
SECURITY = "security"


@dataclass(frozen=True, slots=True)
class Anchor:
    """One chain (a company's id, or `security`) at one number."""

    chain: str
    n: int
    hash: str


class Anchors:
    """The anchors of one installation, oldest first; a line that nobody of us wrote is told apart by its mark."""

    def __init__(self, settings: Settings) -> None:
        self.path: Path = settings.data_dir / FILE
        self._key = settings.secret_key.get_secret_value().encode()

    def of(self, chain: str) -> list[Anchor]:
        """The anchors of a chain."""
        return [anchor for anchor in self._all() if anchor.chain == chain]

    def forged(self) -> bool:
        """Whether a line of the file was changed or added by somebody without our key."""
        return any(not self._is_ours(line) for line in self._lines())

    def add(self, anchors: list[Anchor]) -> None:
        """Writes down where chains stand, those that moved since."""
        last = {anchor.chain: anchor for anchor in self._all()}
        fresh = [anchor for anchor in anchors if anchor.n and last.get(anchor.chain) != anchor]
        if not fresh:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="ascii") as file:
            file.writelines(self._line(anchor) for anchor in fresh)

    def _line(self, anchor: Anchor) -> str:
        given = [anchor.chain, anchor.n, anchor.hash]
        return json.dumps([*given, self._mark(given)]) + "\n"

    def _mark(self, given: list[object]) -> str:
        return hmac.new(self._key, b"anchor " + json.dumps(given).encode(), hashlib.sha256).hexdigest()

    def _lines(self) -> list[str]:
        return self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []

    def _is_ours(self, line: str) -> bool:
        try:
            *given, mark = json.loads(line)
        except (ValueError, TypeError):
            return False
        return len(given) == 3 and hmac.compare_digest(str(mark), self._mark(given))

    def _all(self) -> list[Anchor]:
        return [Anchor(*json.loads(line)[:3]) for line in self._lines() if self._is_ours(line)]
