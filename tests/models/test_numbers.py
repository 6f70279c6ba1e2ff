"""Document numbers: every pattern that is taken gives every document a number of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.numbers import PatternError, check_pattern, format_number, period_of

PATTERNS = ["INV-{YYYY}-{00000}", "EST {YY}/{000}", "{0}", "A-{000}-{YYYY}", "{0000}.x"]


def test_known_numbers() -> None:
    assert format_number("INV-{YYYY}-{00000}", year=2026, n=42) == "INV-2026-00042"
    assert format_number("INV-{YY}-{000}", year=2006, n=12345) == "INV-06-12345"
    assert format_number("{0}", year=2026, n=7) == "7"


def test_periods() -> None:
    assert period_of("INV-{YYYY}-{00000}", year=2026) == "2026"
    assert period_of("INV-{YY}-{00000}", year=2026) == "2026"
    assert period_of("INV-{00000}", year=2026) == ""


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("", "exactly one counter"), ("INV-{YYYY}", "exactly one counter"), ("{0}-{0}", "exactly one counter"), ("{MM}-{000}", "Between braces"),
        ("{000", "Between braces"), ("{}{0}", "Between braces"), ("INV<b>{0}", "Around the braces"), ("é{0}", "Around the braces"),
        (" {0}", "begin or end"), ("X" * 40 + "{0}", "at most 40"), ("{" + "0" * 13 + "}", "at most 12"), ("1{00}", "Put a sign"),
        ("{YYYY}{000}", "Put a sign"), ("{000}{YY}", "Put a sign"), ("{00}2", "Put a sign"),
    ],
)  # fmt: skip
def test_refused_patterns_say_why(pattern: str, words: str) -> None:
    with pytest.raises(PatternError, match=words):
        check_pattern(pattern)


@pytest.mark.parametrize(("year", "n"), [(2026, 0), (2026, -1), (2026, 10**12), (26, 1), (10000, 1)])
def test_refused_years_and_counts(year: int, n: int) -> None:
    with pytest.raises(PatternError):
        format_number("INV-{YYYY}-{0}", year=year, n=n)


@given(st.sampled_from(PATTERNS), st.tuples(*[st.integers(1, 10**12 - 1)] * 2))
def test_no_two_documents_of_a_period_share_a_number(pattern: str, counts: tuple[int, int]) -> None:
    first, second = (format_number(pattern, year=2026, n=n) for n in counts)
    assert (first == second) == (counts[0] == counts[1])
