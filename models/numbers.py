"""The only home of how document numbers are written: patterns such as INV-{YYYY}-{00000}."""

import re

PART = re.compile(r"\{(YYYY|YY|0+)\}")
PLAIN = re.compile(r"[A-Za-z0-9 ./_#-]*")
MAX_PATTERN = 40
MAX_WIDTH = 12
EXAMPLE = "Write it like INV-{YYYY}-{00000}."


class PatternError(ValueError):
    """A number pattern that cannot be used; its words are for people."""


def check_pattern(pattern: str) -> None:
    """Raise PatternError, with words, unless the pattern gives every document a number of its own.

    {00000} is the counter, as wide as its zeros and wider when it must be; {YYYY} or {YY} the year of issue. Around
    them letters, digits, spaces and . / _ # - may stand.
    """
    if len(pattern) > MAX_PATTERN:
        raise PatternError(f"A number pattern has at most {MAX_PATTERN} characters.")
    parts = PART.findall(pattern)
    plain = PART.sub("", pattern)
    if "{" in plain or "}" in plain:
        raise PatternError("Between braces stands {YYYY}, {YY} or a counter such as {00000}. " + EXAMPLE)
    if not PLAIN.fullmatch(plain):
        raise PatternError("Around the braces stand letters, digits, spaces and . / _ # - only. " + EXAMPLE)
    if pattern != pattern.strip():
        raise PatternError("A number pattern does not begin or end with a space.")
    counters = [part for part in parts if part.startswith("0")]
    if len(counters) != 1:
        raise PatternError("A number pattern has exactly one counter, such as {00000}. " + EXAMPLE)
    if len(counters[0]) > MAX_WIDTH:
        raise PatternError(f"A counter has at most {MAX_WIDTH} digits.")
    _check_neighbours(pattern)


def format_number(pattern: str, *, year: int, n: int) -> str:
    """The number of document `n` (from 1) in `year`: INV-2026-00042.

    A counter that outgrows its zeros is written in full, never cut. Raises PatternError for a pattern that
    check_pattern refuses, and for a year or count out of range.
    """
    check_pattern(pattern)
    if not 1 <= n < 10**MAX_WIDTH:
        raise PatternError("The counter of a document number starts at 1 and has at most 12 digits.")
    if not 1000 <= year <= 9999:
        raise PatternError("The year of a document number has four digits.")

    def fill(part: re.Match[str]) -> str:
        word = part[1]
        if word == "YYYY":
            return str(year)
        return f"{year % 100:02d}" if word == "YY" else str(n).zfill(len(word))

    return PART.sub(fill, pattern)


def period_of(pattern: str, *, year: int) -> str:
    """The period that the pattern counts in: the year where it is part of the number, otherwise one count for ever ("")."""
    return str(year) if "{YY" in pattern else ""


def _check_neighbours(pattern: str) -> None:
    """A counter beside a digit or the year could grow into another document's number: 1{0} and {0} after ten."""
    around = re.search(r"(.?)\{0+\}(.?)", pattern)
    if around and (around[1].isdigit() or around[2].isdigit() or "}" in around[1] or "{" in around[2]):
        raise PatternError("Put a sign such as - between the counter and other digits. " + EXAMPLE)
