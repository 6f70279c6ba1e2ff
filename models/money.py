"""The only home of the money type: whole minor units plus a currency, and its sums."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

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
    "minor_digits",
    "round_half_away",
    "split_by_largest_remainder",
    "total",
]

MINOR_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def minor_digits(currency: str) -> int:
    """How many decimals the currency's minor unit has: 2 for CAD, 0 for JPY."""
    return MINOR_DIGITS.get(currency, 2)


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

    def as_json(self) -> dict[str, str]:
        """As it stands in the API: the amount as text, so that no reader makes a float of it."""
        return {"amount": f"{self.amount:f}", "currency": self.currency}


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, zero of `currency` for none. Raises CurrencyMismatch and AmountTooLarge as adding does."""
    result = Money.zero(currency)
    for amount in amounts:
        result = result + amount
    return result
