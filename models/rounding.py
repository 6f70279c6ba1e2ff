"""The only home of exact arithmetic on amounts: the one rounding rule, the 64-bit limit, and sharing out to the cent."""

from collections.abc import Sequence
from decimal import Context, Decimal

MAX_CENTS = 2**63 - 1
EXACT = Context(prec=200)


class MoneyError(ValueError):
    """An amount that cannot be used. Its words are for people; `field` says which input, such as `lines.0.discount`."""

    def __init__(self, words: str, *, field: str = "") -> None:
        super().__init__(words)
        self.field = field


class CurrencyMismatch(MoneyError):
    """Two currencies met in one sum."""


class AmountTooLarge(MoneyError):
    """An amount that does not fit 64 bits of minor units."""


class NotAnAmount(MoneyError):
    """Something that cannot be read as an amount, a quantity or a price."""


def divide_half_away(numerator: int, denominator: int) -> int:
    """The one rounding rule: numerator ÷ denominator to a whole number, halves away from zero. The denominator is positive."""
    quotient = (2 * abs(numerator) + denominator) // (2 * denominator)
    return quotient if numerator >= 0 else -quotient


def round_half_away(value: Decimal, places: int = 0) -> Decimal:
    """`value` to `places` decimals, halves away from zero: 2.5 is 3, −2.5 is −3. Exact at any size.

    Raises NotAnAmount for anything but a finite Decimal.
    """
    numerator, denominator = exact_decimal(value).as_integer_ratio()
    return Decimal(divide_half_away(numerator * 10**places, denominator)).scaleb(-places, EXACT)


def exact_decimal(value: object, *, field: str = "") -> Decimal:
    """`value` itself where it is a finite Decimal of a sane size; raises NotAnAmount otherwise, for floats above all."""
    if not isinstance(value, Decimal):
        raise NotAnAmount(f"A number with decimals must be exact, not {type(value).__name__}.", field=field)
    if not value.is_finite() or not abs(value.adjusted()) <= 80:
        raise NotAnAmount("This is not a number that can be used here.", field=field)
    return value


def whole_cents(value: object, *, field: str = "") -> int:
    """`value` itself where it is a whole number of minor units within 64 bits.

    Raises NotAnAmount for anything but an int, AmountTooLarge beyond 64 bits.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotAnAmount(f"An amount is a whole number of cents, not {type(value).__name__}.", field=field)
    if abs(value) > MAX_CENTS:
        raise AmountTooLarge(
            "The amount is too large. OnTrack keeps up to 92,233,720,368,547,758.07.", field=field
        )
    return value


def split_by_largest_remainder(total_cents: int, weights: Sequence[int]) -> list[int]:
    """Share `total_cents` out in proportion to `weights`; the shares add up to it exactly.

    Each share is cut down to whole cents, and the cents left over go to the largest remainders; among equal remainders
    to the larger weight, then to the earlier one. A negative total is shared as its positive one, negated. Weights may be negative as long as they do not add up to zero.
    Raises MoneyError when something is to be shared and there is nothing to share it by.
    """
    if total_cents == 0:
        return [0] * len(weights)
    whole = sum(weights)
    if whole == 0:
        raise MoneyError("There is nothing to share this amount over.")
    towards = 1 if whole > 0 else -1
    products = [abs(total_cents) * weight * towards for weight in weights]
    shares = [product // abs(whole) for product in products]
    left = abs(total_cents) - sum(shares)
    order = sorted(
        range(len(weights)),
        key=lambda at: (-(products[at] % abs(whole)), -abs(weights[at]), -weights[at] * towards, at),
    )
    for at in order[:left]:
        shares[at] += 1
    return shares if total_cents > 0 else [-share for share in shares]
