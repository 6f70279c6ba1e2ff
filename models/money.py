"""The only home of the money type: whole minor units plus a currency, and its sums."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from models.amounts import MAX_NUMBER, minor_digits, read_cents, read_number, write_cents, write_number
from models.rounding import (
    EXACT,
    AmountTooLarge,
    CurrencyMismatch,
    MoneyError,
    NotAnAmount,
    divide_half_away,
    exact_decimal,
    round_half_away,
    split_by_largest_remainder,
    whole_cents,
)

__all__ = [
    "AmountTooLarge",
    "CurrencyMismatch",
    "Money",
    "MoneyError",
    "NotAnAmount",
    "UnitPrice",
    "format_money",
    "format_percent",
    "format_quantity",
    "format_unit_price",
    "minor_digits",
    "parse_money",
    "parse_quantity",
    "parse_unit_price",
    "round_half_away",
    "split_by_largest_remainder",
    "total",
]


def _check_currency(currency: object) -> None:
    if not isinstance(currency, str) or not re.fullmatch("[A-Z]{3}", currency):
        raise NotAnAmount("A currency is three capital letters, such as CAD.", field="currency")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: whole minor units (`cents`, whatever the currency calls them) and an ISO 4217 currency.

    Raises NotAnAmount for anything but whole minor units, AmountTooLarge beyond 64 bits, and CurrencyMismatch when
    two currencies would be added or compared.
    """

    cents: int
    currency: str

    def __post_init__(self) -> None:
        _check_currency(self.currency)
        whole_cents(self.cents, field="amount_cents")

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Nothing, in this currency."""
        return cls(0, currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.cents, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.cents), self.currency)

    def __bool__(self) -> bool:
        return self.cents != 0

    def __lt__(self, other: Money) -> bool:
        return self.cents < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.cents <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.cents > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.cents >= self._same(other)

    def times(self, quantity: Decimal) -> Money:
        """This amount taken `quantity` times, rounded to whole minor units, halves away from zero."""
        numerator, denominator = exact_decimal(quantity, field="quantity").as_integer_ratio()
        return Money(divide_half_away(self.cents * numerator, denominator), self.currency)

    def amount(self) -> Decimal:
        """The amount in major units, exact: 16097 CAD cents are Decimal("160.97")."""
        return Decimal(self.cents).scaleb(-minor_digits(self.currency), EXACT)

    def as_json(self) -> dict[str, Any]:
        """As it stands in the API: amount_cents and currency."""
        return {"amount_cents": self.cents, "currency": self.currency}

    def _same(self, other: Money) -> int:
        if not isinstance(other, Money):
            raise NotAnAmount(f"Money only adds to money, not to {type(other).__name__}.")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} cannot be mixed in one sum.")
        return other.cents


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """A price for one unit, in major units with up to four decimals: 33.3325 CAD. May be negative (a rebate)."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        _check_currency(self.currency)
        if round_half_away(self.amount, 4) != self.amount:
            raise NotAnAmount("A price has at most four decimals.", field="unit_price")

    @classmethod
    def of(cls, money: Money) -> UnitPrice:
        """The price that is exactly this amount."""
        return cls(money.amount(), money.currency)

    @classmethod
    def from_json(cls, given: Mapping[str, object], *, field: str = "unit_price") -> UnitPrice:
        """From the API: {"amount": "33.3325", "currency"} or {"amount_cents": 3333, "currency"}.

        Raises NotAnAmount with words for anything else, both at once included.
        """
        currency, amount, cents = (given.get(key) for key in ("currency", "amount", "amount_cents"))
        _check_currency(currency)
        if (amount is None) == (cents is None):
            raise NotAnAmount("Give either amount or amount_cents.", field=field)
        if cents is not None:
            return cls.of(Money(whole_cents(cents, field=field), str(currency)))
        return parse_unit_price(amount, str(currency), field=field)  # type: ignore[arg-type]  # checked there

    def as_json(self) -> dict[str, str]:
        """As it stands in the API: the amount as text, so that no reader makes a float of it."""
        return {"amount": f"{self.amount:f}", "currency": self.currency}


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, zero of `currency` for none. Raises CurrencyMismatch and AmountTooLarge as adding does."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result


def format_money(money: Money, locale: str = "en_US", *, symbol: bool = True, home: str | None = None) -> str:
    """The one way an amount is written: $24,800.00, −$1,118.62 (U+2212), 1 234,50 $ in French.

    Without `symbol` only the figure, for columns that name the currency once. With `home`, the tenant's currency,
    another currency of the same sign is told apart: US$10.00 in a CAD tenant.
    """
    return write_cents(money.cents, money.currency, locale, symbol=symbol, home=home)


def format_quantity(quantity: Decimal, locale: str = "en_US") -> str:
    """A quantity with the decimals it has, four at most: 34, 31.4."""
    return write_number(quantity, locale)


def format_unit_price(price: Decimal, currency: str, locale: str = "en_US") -> str:
    """A unit price without its symbol, with at least the currency's decimals: 118.00, 137.7778."""
    return write_number(price, locale, least=minor_digits(currency))


def format_percent(rate: Decimal, locale: str = "en_US") -> str:
    """A rate in percent with the decimals it has: 9.975%."""
    return write_number(rate, locale) + ("\u00a0%" if locale[:2].lower() == "fr" else "%")


def parse_money(text: str, currency: str, *, locale: str = "en_US", field: str = "amount") -> Money:
    """The amount that a person typed or a file holds: 1,234.50, $1,234.50, −5, (5.00); in French 1 234,50 $.

    Raises NotAnAmount with words for what is no amount, has too many decimals or could be read in two ways,
    CurrencyMismatch where another currency is named, AmountTooLarge beyond 64 bits.
    """
    return Money(read_cents(text, currency, locale=locale, field=field), currency)


def parse_quantity(given: str | int | Decimal, *, locale: str = "en_US", field: str = "quantity") -> Decimal:
    """A quantity: zero or more, up to four decimals, 14 digits before the point. Raises NotAnAmount with words."""
    quantity = _parse_four_places(given, "", locale, field, "A quantity")
    if quantity < 0:
        raise NotAnAmount("A quantity cannot be negative. For a rebate, give a negative price.", field=field)
    return quantity


def parse_unit_price(
    given: str | int | Decimal, currency: str, *, locale: str = "en_US", field: str = "unit_price"
) -> UnitPrice:
    """A price for one unit in major units: up to four decimals, 14 digits before the point, negative for a rebate.

    Raises NotAnAmount with words, and CurrencyMismatch where another currency is named.
    """
    return UnitPrice(_parse_four_places(given, currency, locale, field, "A price"), currency)


def _parse_four_places(given: object, currency: str, locale: str, field: str, noun: str) -> Decimal:
    if isinstance(given, str):
        value = read_number(given, currency=currency, locale=locale, field=field)
    elif isinstance(given, int) and not isinstance(given, bool):
        value = Decimal(given)
    else:
        value = exact_decimal(given, field=field)
    if abs(value) > MAX_NUMBER:
        raise NotAnAmount(f"{noun} has at most 14 digits before the point.", field=field)
    if round_half_away(value, 4) != value:
        raise NotAnAmount(f"{noun} has at most four decimals.", field=field)
    return value
