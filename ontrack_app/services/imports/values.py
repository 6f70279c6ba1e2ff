"""The only home of how a cell's text becomes a field's value: text, addresses, choices, amounts, dates."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from models.fields import Field
from models.money import MoneyError, parse_money
from ontrack_app.schemas.common import Email
from ontrack_app.schemas.imports import Rule

CONTROL = dict.fromkeys((*range(9), *range(14, 32), 127), " ")
EPOCH = re.compile(r"-?[0-9]+(?:\.0*)?")
WHOLE_AS_DECIMAL = re.compile(r"([0-9]+)\.0+")
SECONDS_START, SECONDS_END = Decimal(10) ** 8, Decimal(10) ** 11
MILLIS_END = Decimal(10) ** 14
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
LOCALES = {".": "en_US", ",": "fr_CA"}
DATE_WORDS = {
    "auto": "2023-04-11 or seconds or milliseconds since 1970",
    "iso": "2023-04-11",
    "epoch_ms": "milliseconds since 1970",
    "epoch_s": "seconds since 1970",
}
EMAIL: TypeAdapter[str] = TypeAdapter(Email)


class Unfit(Exception):
    """A text that a field cannot take, with words; `cut` is what is left of it where its length was the trouble."""

    def __init__(self, words: str, cut: str = "") -> None:
        super().__init__(words)
        self.cut = cut


@dataclass(frozen=True, slots=True)
class Place:
    """What reading a value needs of the tenant: its currency, its time zone, and the present moment."""

    currency: str
    zone: ZoneInfo
    at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """A text on its way into a field."""

    fact: Field
    text: str
    rule: Rule
    place: Place


def tidy(text: str, *, long: bool = False) -> str:
    """Text without control characters, with single spaces and none at its ends; `long` text keeps its line breaks."""
    if not text.isprintable():
        text = text.translate(CONTROL)
        if long:
            lines = (" ".join(line.split()) for line in text.splitlines())
            return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip()
    return " ".join(text.split())


def convert(fact: Field, text: str, rule: Rule, place: Place) -> Any:
    """The value of a field from tidied text that is not empty.

    Raises:
        Unfit: the field cannot take it.
    """
    if len(text) > fact.max_length:
        words = f"{len(text):,} characters are more than the {fact.max_length:,} that fit"
        raise Unfit(words, cut=text[: fact.max_length].rstrip())
    reader = READERS.get(fact.name) or READERS.get(fact.type)
    return reader(Given(fact, text, rule, place)) if reader else text


def _email(given: Given) -> str:
    try:
        return EMAIL.validate_python(given.text)
    except ValidationError:
        raise Unfit(f"{_quoted(given.text)} is no e-mail address") from None


def _money(given: Given) -> int | None:
    try:
        cents = parse_money(given.text, given.place.currency, locale=LOCALES[given.rule.decimal]).cents
    except MoneyError as error:
        words = str(error).rstrip(".")
        raise Unfit(words if words.startswith("“") else f"{_quoted(given.text)}: {words}") from None
    if cents < 0:
        raise Unfit(f"{_quoted(given.text)} is below zero")
    return None if cents == 0 and given.rule.zero == "none" else cents


def _choice(given: Given) -> str:
    wanted = given.text.casefold()
    for key, label in given.fact.choices:
        if wanted in (key.casefold(), label.casefold()):
            return key
    known = ", ".join(key for key, _ in given.fact.choices)
    raise Unfit(f"{_quoted(given.text)} is none of {known}")


def _country(given: Given) -> str:
    if not (len(given.text) == 2 and given.text.isascii() and given.text.isalpha()):
        raise Unfit(f"{_quoted(given.text)} is not a country's two letters")
    return given.text.upper()


def _postal_code(given: Given) -> str:
    """As it stands, but for a whole number to which a spreadsheet has added .0."""
    whole = WHOLE_AS_DECIMAL.fullmatch(given.text)
    return whole[1] if whole else given.text


def _time(given: Given) -> datetime:
    for kind in given.rule.dates:
        found = _read_time(given.text, kind, given.place.zone)
        if found is not None and EARLIEST <= found <= given.place.at + timedelta(days=1):
            return found
    forms = " or ".join(DATE_WORDS.get(kind, kind) for kind in given.rule.dates)
    raise Unfit(f"{_quoted(given.text)} is no date from 1900 to today, read as {forms}")


def _read_time(text: str, kind: str, zone: ZoneInfo) -> datetime | None:
    try:
        if kind in ("auto", "epoch_ms", "epoch_s") and EPOCH.fullmatch(text):
            number = Decimal(text)
            if kind != "auto" or abs(number) >= SECONDS_START:
                return _of_epoch(number, kind)
        if kind in ("auto", "iso"):
            found = datetime.fromisoformat(text.replace("/", "-") if text[:4].isdigit() else text)
        elif "%" in kind:
            found = datetime.strptime(text, kind)  # noqa: DTZ007  # the zone is added below where the text has none
        else:
            return None
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError, InvalidOperation):
        return None


def _of_epoch(number: Decimal, kind: str) -> datetime | None:
    """Seconds or milliseconds since 1970; `auto` tells them apart by their size."""
    size = abs(number)
    if kind == "epoch_s" or (kind == "auto" and size < SECONDS_END):
        seconds = number
    else:
        seconds = number / 1000
    return datetime.fromtimestamp(float(seconds), UTC) if size < MILLIS_END else None


def _quoted(text: str) -> str:
    return f"“{text[:60]}…”" if len(text) > 60 else f"“{text}”"


READERS: dict[str, Callable[[Given], Any]] = {
    "email": _email,
    "money": _money,
    "choice": _choice,
    "country": _country,
    "postal_code": _postal_code,
    "time": _time,
}
