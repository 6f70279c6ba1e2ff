"""The only home of how taxes are worked out, for the groups of amounts that bear the same ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from models.rounding import divide_half_away, split_by_largest_remainder, whole_cents


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax in percent (Decimal("9.975")). `compound`: on top of the taxes before it. `inclusive`: within the price."""

    code: str
    label: str
    rate: Decimal
    compound: bool = False
    inclusive: bool = False


@dataclass(frozen=True, slots=True)
class TaxRow:
    """One tax of a document: what it was worked out on and what it comes to, in minor units."""

    code: str
    label: str
    rate: Decimal
    base_cents: int
    amount_cents: int
    inclusive: bool = False

    def as_json(self) -> dict[str, Any]:
        """As it is stored with the document; the rate as text, so that no reader makes a float of it."""
        return {
            "code": self.code,
            "label": self.label,
            "rate": f"{self.rate:f}",
            "base_cents": self.base_cents,
            "amount_cents": self.amount_cents,
            "inclusive": self.inclusive,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "TaxRow":
        """The row as it was stored."""
        return cls(**{**stored, "rate": Decimal(stored["rate"])})


@dataclass(slots=True)
class TaxGroup:
    """What bears the same taxes: its amount (at first with inclusive taxes in it) and each tax worked out so far."""

    codes: frozenset[str]
    amount: int
    taxes: dict[str, int] = field(default_factory=dict)


def merge(groups: Sequence[TaxGroup]) -> list[TaxGroup]:
    """One group for each set of codes, in an order that does not depend on the order of the lines."""
    amounts: dict[frozenset[str], int] = {}
    for group in groups:
        amounts[group.codes] = amounts.get(group.codes, 0) + group.amount
    return [TaxGroup(codes, amounts[codes]) for codes in sorted(amounts, key=sorted)]


def back_out(group: TaxGroup, rates: Sequence[TaxRate]) -> None:
    """Take the inclusive taxes out of the group's amount; tax and rest together stay what the price was.

    A compound inclusive tax lies on top of the inclusive taxes before it.
    """
    inside = [rate for rate in rates if rate.inclusive and rate.code in group.codes]
    price = Fraction(1)
    parts: list[Fraction] = []
    for rate in inside:
        parts.append(Fraction(rate.rate) / 100 * (price if rate.compound else 1))
        price += parts[-1]
    for rate, part in zip(inside, parts, strict=True):
        share = group.amount * part / price
        group.taxes[rate.code] = divide_half_away(share.numerator, share.denominator)
    group.amount -= sum(group.taxes.values())


def tax_row(rate: TaxRate, before: Sequence[TaxRate], groups: Sequence[TaxGroup], *, each: bool) -> TaxRow:
    """One tax over the groups that bear it, noted in each of them for the compound taxes that follow.

    Rounded in each group where `each`, otherwise once over all and shared out. Compound means on the group's amount
    plus the taxes `before` it as charged. Inclusive taxes must have been backed out.
    """
    below = [other.code for other in before if other.inclusive or not rate.inclusive] if rate.compound else []
    bases = [group.amount + sum(group.taxes.get(code, 0) for code in below) for group in groups]
    if not rate.inclusive:
        numerator, denominator = rate.rate.as_integer_ratio()
        sums = bases if each else [sum(bases)]
        taxes = [divide_half_away(base * numerator, 100 * denominator) for base in sums]
        shares = taxes if each else split_by_largest_remainder(taxes[0], bases)
        for group, share in zip(groups, shares, strict=True):
            group.taxes[rate.code] = share
    amount = sum(group.taxes[rate.code] for group in groups)
    return TaxRow(
        code=rate.code,
        label=rate.label,
        rate=rate.rate,
        base_cents=whole_cents(sum(bases)),
        amount_cents=whole_cents(amount),
        inclusive=rate.inclusive,
    )
