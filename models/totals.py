"""The only home of how a document adds up: lines, discount, fees, taxes, total. Pure, exact, without a float.

Order: line nets → document discount, shared over the tax groups by largest remainder → fees → taxes → total. A tax
group is everything that bears the same tax codes. At tax level "document" each rate is rounded once over all groups;
at level "line" every line and fee is a group of its own, so each rate is rounded there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from models.money import Money, minor_digits
from models.rounding import (
    MoneyError,
    divide_half_away,
    exact_decimal,
    split_by_largest_remainder,
    whole_cents,
)
from models.taxes import TaxGroup, TaxRate, TaxRow, back_out, merge, tax_row

__all__ = [
    "Document",
    "DocumentError",
    "Fee",
    "Line",
    "TaxLevel",
    "TaxRate",
    "TaxRow",
    "Totals",
    "line_net",
    "work_out",
]

TaxLevel = Literal["document", "line"]


class DocumentError(MoneyError):
    """A document that cannot be added up; `field` names the input, such as `lines.0.discount`."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: quantity × unit price (major units, four decimals at most) − discount (minor units).

    A line that is not `counted` (offered, not chosen) gets its net and adds to nothing.
    """

    quantity: Decimal
    unit_price: Decimal
    discount_cents: int = 0
    tax_codes: tuple[str, ...] = ()
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Fee:
    """An amount added after the discount, in minor units, with the taxes that it bears."""

    label: str
    cents: int
    tax_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """What is added up. `rates` in the tenant's order; a discount is either an amount or a percentage, or neither."""

    currency: str
    lines: Sequence[Line]
    rates: Sequence[TaxRate] = ()
    tax_level: TaxLevel = "document"
    discount_cents: int = 0
    discount_percent: Decimal | None = None
    fees: Sequence[Fee] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """What a document comes to, in minor units. total = subtotal − discount + fees + tax − included tax.

    `line_nets` stand in the order of the lines; `included_tax_cents` is the part of the tax that the prices hold.
    """

    currency: str
    line_nets: tuple[int, ...]
    subtotal_cents: int
    discount_cents: int
    fees_cents: int
    tax_rows: tuple[TaxRow, ...]
    tax_cents: int
    included_tax_cents: int
    total_cents: int

    @property
    def subtotal(self) -> Money:
        """The sum of the counted lines, before the document's discount."""
        return Money(self.subtotal_cents, self.currency)

    @property
    def tax(self) -> Money:
        """All taxes, those within the prices included."""
        return Money(self.tax_cents, self.currency)

    @property
    def total(self) -> Money:
        """What is to be paid."""
        return Money(self.total_cents, self.currency)


def work_out(document: Document) -> Totals:
    """Add the document up.

    Raises DocumentError for what cannot be (a discount above its line, an unknown tax code …) and AmountTooLarge
    beyond 64 bits, both with words and the field.
    """
    rates = _checked_rates(document.rates)
    nets = tuple(line_net(line, document.currency, at) for at, line in enumerate(document.lines))
    subtotal = whole_cents(sum(n for n, line in zip(nets, document.lines, strict=True) if line.counted))
    discount = _document_discount(document, subtotal)
    groups = _groups(document, nets, discount, {rate.code for rate in rates})
    for group in groups:
        back_out(group, rates)
    rows = tuple(
        tax_row(rate, rates[:at], bearing, each=document.tax_level == "line")
        for at, rate in enumerate(rates)
        if (bearing := [group for group in groups if rate.code in group.codes])
    )
    fees = sum(fee.cents for fee in document.fees)
    tax = sum(row.amount_cents for row in rows)
    included = sum(row.amount_cents for row in rows if row.inclusive)
    return Totals(
        currency=document.currency,
        line_nets=nets,
        subtotal_cents=subtotal,
        discount_cents=discount,
        fees_cents=whole_cents(fees),
        tax_rows=rows,
        tax_cents=whole_cents(tax),
        included_tax_cents=included,
        total_cents=whole_cents(subtotal - discount + fees + tax - included, field="total"),
    )


def line_net(line: Line, currency: str, at: int = 0) -> int:
    """The line's net in minor units: quantity × unit price − discount, rounded once, halves away from zero.

    `at` is its place, for the field that a refusal names. Raises DocumentError, NotAnAmount and AmountTooLarge.
    """
    where = f"lines.{at}"
    quantity, q_scale = exact_decimal(line.quantity, field=f"{where}.quantity").as_integer_ratio()
    price, p_scale = exact_decimal(line.unit_price, field=f"{where}.unit_price").as_integer_ratio()
    discount = whole_cents(line.discount_cents, field=f"{where}.discount")
    gross, scale = quantity * price * 10 ** minor_digits(currency), q_scale * p_scale
    if discount < 0:
        raise DocumentError("A discount cannot be negative.", field=f"{where}.discount")
    if discount and discount * scale > gross:
        raise DocumentError("The discount is more than the line comes to.", field=f"{where}.discount")
    return whole_cents(divide_half_away(gross - discount * scale, scale), field=where)


def _checked_rates(rates: Sequence[TaxRate]) -> list[TaxRate]:
    codes = [rate.code for rate in rates]
    for rate in rates:
        if codes.count(rate.code) > 1:
            raise DocumentError(f"The tax code {rate.code} is there twice.", field="tax_codes")
        if exact_decimal(rate.rate, field="rate") < 0:
            raise DocumentError(f"The rate of {rate.code} cannot be negative.", field="rate")
    return list(rates)


def _document_discount(document: Document, subtotal: int) -> int:
    cents = whole_cents(document.discount_cents, field="discount")
    percent = document.discount_percent
    if percent is not None:
        if cents:
            raise DocumentError(
                "Give the discount as an amount or as a percentage, not both.", field="discount"
            )
        if not 0 <= exact_decimal(percent, field="discount") <= 100:
            raise DocumentError("A discount is between 0 and 100 percent.", field="discount")
        numerator, denominator = percent.as_integer_ratio()
        cents = divide_half_away(subtotal * numerator, 100 * denominator) if subtotal > 0 else 0
    if cents < 0:
        raise DocumentError("A discount cannot be negative.", field="discount")
    if cents and cents > subtotal:
        raise DocumentError("The discount is more than the lines come to.", field="discount")
    return cents


def _groups(document: Document, nets: tuple[int, ...], discount: int, known: set[str]) -> list[TaxGroup]:
    """The tax groups after the discount and with the fees; at line level one for each line and fee."""
    lines = [
        TaxGroup(_codes(line.tax_codes, known, f"lines.{at}"), net)
        for at, (line, net) in enumerate(zip(document.lines, nets, strict=True))
    ]
    lines = [group for group, line in zip(lines, document.lines, strict=True) if line.counted]
    fees = []
    for at, fee in enumerate(document.fees):
        if whole_cents(fee.cents, field=f"fees.{at}") < 0:
            raise DocumentError("A fee cannot be negative.", field=f"fees.{at}")
        fees.append(TaxGroup(_codes(fee.tax_codes, known, f"fees.{at}"), fee.cents))
    merged = merge(lines)
    shares = split_by_largest_remainder(discount, [group.amount for group in merged])
    if document.tax_level == "document":
        for group, share in zip(merged, shares, strict=True):
            group.amount -= share
        return merge([*merged, *fees])
    for group, share in zip(merged, shares, strict=True):
        members = [line for line in lines if line.codes == group.codes]
        parts = split_by_largest_remainder(share, [line.amount for line in members])
        for line, part in zip(members, parts, strict=True):
            line.amount -= part
    return [*lines, *fees]


def _codes(codes: tuple[str, ...], known: set[str], where: str) -> frozenset[str]:
    for code in codes:
        if code not in known:
            raise DocumentError(f"There is no tax code {code}.", field=f"{where}.tax_codes")
        if codes.count(code) > 1:
            raise DocumentError(f"The tax code {code} is named twice.", field=f"{where}.tax_codes")
    return frozenset(codes)
