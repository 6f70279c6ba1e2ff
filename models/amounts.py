"""The only home of how figures are written for people and read from them; `models.money` wraps it in its types."""

import re
from decimal import Decimal

from models.rounding import EXACT, CurrencyMismatch, NotAnAmount, round_half_away, whole_cents

MINUS = "\u2212"
HARD_SPACE = "\u00a0"
SYMBOLS = {"USD": "$", "CAD": "$", "AUD": "$", "NZD": "$", "MXN": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
ABROAD = {"USD": "US$", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "MXN": "MX$"}
MINOR_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
MAX_NUMBER = Decimal("99999999999999.9999")
MAX_TEXT = 60
MARK = r"(?:US|CA|A|NZ|MX)?\$|€|£|¥|[A-Z]{3}"
SHAPE = re.compile(
    rf"(?P<open>\()?\s*(?P<sign>[-{MINUS}+])?\s*(?P<before>{MARK})?\s*(?P<sign2>[-{MINUS}+])?\s*"
    rf"(?P<body>[0-9][0-9.,'\s]*|\.[0-9]+)\s*(?P<after>{MARK})?\s*(?P<close>\))?"
)
POINT_BODY = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)?(?:\.[0-9]*)?")
COMMA_BODY = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:\s[0-9]{3})+)(?:,[0-9]*)?|[0-9]+\.[0-9]+")


def minor_digits(currency: str) -> int:
    """How many decimals the currency's minor unit has: 2 for CAD, 0 for JPY."""
    return MINOR_DIGITS.get(currency, 2)


def writes_comma(locale: str) -> bool:
    """Whether this locale writes 1 234,50 $ (French) rather than $1,234.50."""
    return locale[:2].lower() == "fr"


def write_number(value: Decimal, locale: str = "en_US", *, least: int = 0, most: int = 4) -> str:
    """`value` with grouped thousands, between `least` and `most` decimals, and U+2212 where it is negative."""
    rounded = round_half_away(value, most)
    whole, _, decimals = f"{abs(rounded):f}".partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    comma = writes_comma(locale)
    text = f"{int(whole):,}".replace(",", HARD_SPACE if comma else ",")
    if decimals:
        text += ("," if comma else ".") + decimals
    return MINUS + text if rounded < 0 else text


def write_cents(cents: int, currency: str, locale: str, *, symbol: bool, home: str | None) -> str:
    """Minor units as people read them; see models.money.format_money."""
    digits = minor_digits(currency)
    text = write_number(Decimal(cents).scaleb(-digits, EXACT), locale, least=digits, most=digits)
    if not symbol:
        return text
    mark = SYMBOLS.get(currency, currency)
    if home is not None and home != currency:
        mark = ABROAD.get(currency, mark)
    if writes_comma(locale):
        return f"{text}{HARD_SPACE}{mark}"
    sign, figure = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return f"{sign}{mark}{HARD_SPACE if mark.isalpha() else ''}{figure}"


def read_number(text: str, *, currency: str = "", locale: str = "en_US", field: str = "") -> Decimal:
    """The number that a person typed or a file holds, with at most one mark of `currency` around it.

    Raises NotAnAmount, with words, for anything that is no number, could be read in two ways, and
    CurrencyMismatch where another currency is named.
    """
    shown = text.strip()
    found = SHAPE.fullmatch(shown) if len(shown) <= MAX_TEXT else None
    if found is None or bool(found["open"]) != bool(found["close"]):
        raise NotAnAmount(f"“{shown[:40]}” is not a number. {_example(locale)}", field=field)
    _check_marks([mark for mark in (found["before"], found["after"]) if mark], currency, field)
    value = _read_body(found["body"].strip(), locale, shown, field)
    minuses = sum((found[key] or "") in ("-", MINUS) for key in ("sign", "sign2")) + bool(found["open"])
    if minuses > 1:
        raise NotAnAmount(f"“{shown[:40]}” is not a number. {_example(locale)}", field=field)
    return -value if minuses else value


def read_cents(text: str, currency: str, *, locale: str = "en_US", field: str = "amount") -> int:
    """The minor units that a person typed. Raises as read_number does, and for more decimals than the currency has."""
    digits = minor_digits(currency)
    value = read_number(text, currency=currency, locale=locale, field=field)
    if round_half_away(value, digits) != value:
        limit = f"at most {digits} decimals" if digits else "no decimals"
        raise NotAnAmount(f"An amount in {currency} has {limit}.", field=field)
    return whole_cents(int(value.scaleb(digits, EXACT)), field=field)


def _example(locale: str) -> str:
    return "Write it like 1234,50." if writes_comma(locale) else "Write it like 1234.50."


def _check_marks(marks: list[str], currency: str, field: str) -> None:
    allowed = {currency, SYMBOLS.get(currency, currency), ABROAD.get(currency, currency)} - {""}
    for mark in marks:
        if mark in allowed:
            continue
        if not currency:
            raise NotAnAmount("This is a plain number, without a currency.", field=field)
        raise CurrencyMismatch(f"The amount is in {mark}, and {currency} is expected here.", field=field)


def _read_body(body: str, locale: str, shown: str, field: str) -> Decimal:
    comma = writes_comma(locale)
    if not (COMMA_BODY if comma else POINT_BODY).fullmatch(body):
        words = f"“{shown[:40]}” can be read in more than one way. {_example(locale)}"
        raise NotAnAmount(words, field=field)
    plain = re.sub(r"\s", "", body)
    return Decimal(plain.replace(",", ".") if comma else plain.replace(",", ""))
