"""The only home of lines on screens: formatted for reading, read back from what was typed, with totals and margin."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from models.estimates import Estimate
from models.invoices import Invoice
from models.money import (
    Money,
    MoneyError,
    format_money,
    format_percent,
    format_quantity,
    format_unit_price,
    minor_digits,
    parse_money,
    parse_quantity,
    parse_unit_price,
    round_half_away,
)
from models.price_items import KINDS
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.common import MoneyBody
from ontrack_app.schemas.documents import LineBody, UnitPriceBody, plain
from ontrack_app.schemas.screens.common import Total
from ontrack_app.schemas.screens.papers import Found, LineRow, Margin, Paper
from ontrack_app.services import price_items, tax_codes
from ontrack_app.services.lines import StoredLine
from ontrack_app.services.listing import Query
from ontrack_app.services.screens import words
from ontrack_app.work import Work

MOST_FOUND = 8
KIND_WORDS = dict(KINDS)
CELLS = ("description", "quantity", "unit", "price", "discount", "taxes")


def paper(work: Work, document: Estimate | Invoice, stored: Sequence[StoredLine]) -> Paper:
    """A document's lines and totals as text; the currency is named once, in the total."""
    some_lines = words.some(len(stored), "line")
    rows = [Total(label=f"Subtotal, {some_lines}", amount=figure(work, document.subtotal_cents))]
    rows += [tax_row(work, row) for row in document.tax_rows]
    return Paper(
        version=document.version,
        lines=[_row(work, line, on_paper=document.stage != "draft") for line in stored],
        rows=rows,
        label="Total",
        total=words.money(work, document.total_cents),
        margin=margin(work, stored) if work.actor.is_office else Margin(),
    )


def figure(work: Work, cents: int) -> str:
    """An amount without its sign, for columns that name the currency once."""
    actor = work.actor.tenant
    return format_money(Money(cents, actor.currency), actor.locale, symbol=False)


def tax_row(work: Work, row: dict[str, Any]) -> Total:
    """A stored tax row: what it is, on what it was worked out, what it comes to."""
    rate = format_percent(Decimal(row["rate"]), work.actor.tenant.locale)
    return Total(
        label=f"{row['label']} {rate}",
        note=f"on {figure(work, row['base_cents'])}",
        amount=figure(work, row["amount_cents"]),
    )


def margin(work: Work, stored: Sequence[StoredLine]) -> Margin:
    """What stays of the lines whose cost is known; empty where none is."""
    costed = [(line, cost) for line in stored if (cost := getattr(line, "unit_cost", None)) is not None]
    if not costed:
        return Margin()
    digits = minor_digits(work.actor.tenant.currency)
    exact: list[Decimal] = [(line.quantity * cost).scaleb(digits) for line, cost in costed]
    cost = sum(int(round_half_away(each)) for each in exact)
    price = sum(line.net_cents for line, _ in costed)
    share = Decimal(price - cost) * 100 / Decimal(price) if price else Decimal(0)
    return Margin(
        percent=format_percent(round_half_away(share, 1), work.actor.tenant.locale),
        cost=figure(work, cost),
        left=figure(work, price - cost),
        known="" if len(costed) == len(stored) else f"{len(costed)} of {words.some(len(stored), 'line')}",
    )


def changed(work: Work, line: StoredLine, cell: str, typed: str) -> LineBody:
    """The line as an input, with one cell replaced by what was typed.

    Raises:
        Invalid: what was typed cannot stand in that cell; the field is the cell's name.
    """
    with amounts_in_words(cell):
        return LineBody(**(_as_given(work, line) | _read(work, cell, typed.strip())))


def as_body(work: Work, line: StoredLine) -> LineBody:
    """The line as an input, as it is."""
    return LineBody(**_as_given(work, line))


def own_line(description: str, currency: str) -> LineBody:
    """A line that is not in the price book: its price is still to be typed."""
    with amounts_in_words("description"):
        return LineBody(
            description=description.strip(), unit_price=UnitPriceBody(amount="0", currency=currency)
        )


def codes(work: Work) -> list[str]:
    """The tenant's tax codes, for the grid's list."""
    return [rate.code for rate in tax_codes.rates(work)]


def search(work: Work, typed: str) -> list[Found]:
    """Entries of the price book that hold the words, at most eight."""
    if not typed.strip():
        return []
    page = price_items.list_page(work, Query(limit=MOST_FOUND, sort="name", q=typed[:100]))
    locale = work.actor.tenant.locale
    return [
        Found(
            id=str(item.id),
            name=item.name,
            kind=KIND_WORDS.get(item.kind, item.kind),
            price=format_unit_price(item.unit_price.amount, item.unit_price.currency, locale),
        )
        for item in page.items
    ]


@contextmanager
def amounts_in_words(field: str) -> Iterator[None]:
    """Turns what an amount or a shape refuses into a refusal at the field that it was typed in.

    Raises:
        Invalid: with the words of the error and the field's name.
    """
    try:
        yield
    except MoneyError as error:
        raise Invalid(str(error), errors=[FieldError(field, str(error))]) from None
    except ValidationError as error:
        said = "This is longer than there is room for, or holds a sign that cannot be kept."
        raise Invalid(said, errors=[FieldError(field, said)]) from error


def _row(work: Work, line: StoredLine, *, on_paper: bool) -> LineRow:
    tenant = work.actor.tenant
    less = f" (discount {figure(work, line.discount_cents)})" if on_paper and line.discount_cents else ""
    return LineRow(
        id=str(line.id),
        description=line.description + less,
        quantity=format_quantity(line.quantity, tenant.locale),
        unit=line.unit,
        price=format_unit_price(line.unit_price, tenant.currency, tenant.locale),
        discount=figure(work, line.discount_cents) if line.discount_cents else "",
        taxes=" ".join(line.tax_codes),
        amount=figure(work, line.net_cents),
    )


def _as_given(work: Work, line: StoredLine) -> dict[str, Any]:
    currency = work.actor.tenant.currency
    return {
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit": line.unit,
        "unit_price": UnitPriceBody(amount=plain(line.unit_price), currency=currency),
        "discount": MoneyBody.of(line.discount_cents, currency) if line.discount_cents else None,
        "tax_codes": list(line.tax_codes),
    }


def _read(work: Work, cell: str, typed: str) -> dict[str, Any]:
    currency, locale = work.actor.tenant.currency, work.actor.tenant.locale
    if cell == "quantity":
        return {"quantity": plain(parse_quantity(typed or "0", locale=locale, field=cell))}
    if cell == "price":
        price = parse_unit_price(typed or "0", currency, locale=locale, field=cell)
        return {"unit_price": UnitPriceBody(amount=plain(price.amount), currency=currency)}
    if cell == "discount":
        cents = parse_money(typed, currency, locale=locale, field=cell).cents if typed else 0
        return {"discount": MoneyBody.of(cents, currency) if cents else None}
    if cell == "taxes":
        known = {code.upper(): code for code in codes(work)}
        given = [part for part in re.split(r"[\s,;+]+", typed) if part]
        return {"tax_codes": [known.get(part.upper(), part) for part in given]}
    if cell not in CELLS:
        said = "There is no such cell."
        raise Invalid(said, errors=[FieldError(cell, said)])
    return {cell: typed}
