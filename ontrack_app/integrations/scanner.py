"""The only home of what a virus scanner is: the verdict on a file, and how a scanner says that it cannot be asked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol


class ScannerAway(Exception):
    """The scanner does not answer, or answers what cannot be understood: the same file may be scanned later."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `unscannable`: the scanner could not look into all of it. `by` names who looked, in words."""

    found: Literal["clean", "harmful", "unscannable"]
    by: str
    words: str = ""


class Scanner(Protocol):
    """Looks into one file."""

    @property
    def words(self) -> str:
        """What it is and where, in words, without secrets."""

    def scan(self, path: Path) -> Verdict:
        """The verdict on a file on this machine's disk.

        Raises:
            ScannerAway: it could not be asked.
        """

    def check(self) -> str:
        """Its version, in its own words.

        Raises:
            ScannerAway: it does not answer.
        """
