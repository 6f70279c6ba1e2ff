"""The only home of document lines: reading them from outside, adding them up by the money engine, showing them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from models.clients import Client
from models.money import Money, UnitPrice, parse_quantity, parse_unit_price
from models.price_items import PriceItem
from models.tenants import Tenant
from models.totals import Document, Line, Totals, work_out
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.common import MoneyBody
from ontrack_app.schemas.documents import LineBody, LineCard, TaxRowCard, UnitPriceBody, UnitPriceCard, plain
from ontrack_app.services import amounts, tax_codes
from ontrack_app.work import Work

MOST_LINES = 500


class StoredLine(Protocol):
    """What estimate lines and invoice lines have in common."""

    id: UUID
    position: int
    description: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    discount_cents: int
    tax_codes: list[str]
    net_cents: int


class PricedDocument(Protocol):
    """What estimates and invoices have in common once their lines are worked out."""

    client_id: UUID
    subtotal_cents: int
    tax_cents: int
    total_cents: int
    tax_rows: list[dict[str, Any]]


@dataclass(frozen=True)
class LineValues:
    """One line from outside, checked and filled from the price book."""

    description: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    discount_cents: int
    tax_codes: list[str]
    price_item_id: UUID | None = None
    unit_cost: Decimal | None = field(default=None)

    def columns(self, *, with_cost: bool = True) -> dict[str, Any]:
        """The values by column; invoices keep no cost and no way back to the price book."""
        given = dict(vars(self))
        return (
            given
            if with_cost
            else {k: v for k, v in given.items() if k not in ("price_item_id", "unit_cost")}
        )


def read(work: Work, bodies: Sequence[LineBody]) -> list[LineValues]:
    """The lines that somebody sent.

    Raises:
        Invalid: too many lines, no description, a negative quantity, another currency, an unknown tax code or item.
        MoneyError: an amount that cannot be.
    """
    if len(bodies) > MOST_LINES:
        words = f"A document has at most {MOST_LINES} lines."
        raise Invalid(words, errors=[FieldError("lines", words)])
    known = {rate.code for rate in tax_codes.rates(work)} if any(body.tax_codes for body in bodies) else set()
    return [_read_one(work, body, f"lines.{at}", known) for at, body in enumerate(bodies)]


def unit_price(work: Work, body: UnitPriceBody, place: str) -> Decimal:
    """The price for one unit, in the tenant's currency, in major units.

    Raises:
        Invalid: another currency, or both or neither of the two ways to write it.
    """
    amounts.own_currency(work, body.currency, f"{place}.currency")
    if (body.amount is None) == (body.amount_cents is None):
        words = "Give a price either as “amount” (text) or as “amount_cents”."
        raise Invalid(words, errors=[FieldError(place, words)])
    if body.amount is not None:
        return parse_unit_price(body.amount, body.currency, field=place).amount
    assert body.amount_cents is not None
    return UnitPrice.of(Money(body.amount_cents, body.currency)).amount


def known_codes(work: Work, codes: list[str], place: str, known: set[str] | None = None) -> list[str]:
    """The tax codes, if the tenant has each of them.

    Raises:
        Invalid: one is unknown.
    """
    known = {rate.code for rate in tax_codes.rates(work)} if known is None else known
    for code in codes:
        if code not in known:
            words = f"There is no tax code “{code}”. The codes are {', '.join(sorted(known)) or 'none yet'}."
            raise Invalid(words, errors=[FieldError(place, words)])
    return list(dict.fromkeys(codes))


def price(work: Work, document: PricedDocument, stored: Sequence[StoredLine]) -> None:
    """Works a document out by the money engine, with the tenant's rates and tax level as they are now: each line's net,
    the totals and the tax rows. A client that is exempt bears no tax.

    Raises:
        Invalid: the lines come to less than nothing. MoneyError: a discount above its line, an amount past 64 bit.
    """
    bears_tax = any(line.tax_codes for line in stored) and not work.get(Client, document.client_id).tax_exempt
    totals = _add_up(work, stored, bears_tax=bears_tax)
    if totals.total_cents < 0:
        words = "The lines come to less than nothing. What is owed back is a credit note."
        raise Invalid(words, errors=[FieldError("lines", words)])
    document.subtotal_cents = totals.subtotal_cents
    document.tax_cents = totals.tax_cents
    document.total_cents = totals.total_cents
    document.tax_rows = _tax_rows(totals)


def _add_up(work: Work, stored: Sequence[StoredLine], *, bears_tax: bool) -> Totals:
    tenant = work.find_tenant(Tenant)
    totals = work_out(
        Document(
            currency=work.actor.tenant.currency,
            lines=[
                Line(
                    line.quantity,
                    line.unit_price,
                    line.discount_cents,
                    tuple(line.tax_codes) if bears_tax else (),
                )
                for line in stored
            ],
            rates=tax_codes.rates(work) if bears_tax else (),
            tax_level="line" if tenant.tax_level == "line" else "document",
        )
    )
    for line, net in zip(stored, totals.line_nets, strict=True):
        line.net_cents = net
    return totals


def _tax_rows(totals: Totals) -> list[dict[str, Any]]:
    """The tax rows as they are stored: what every screen, PDF, list and report reads from then on."""
    return [
        {"code": r.code, "label": r.label, "rate": plain(r.rate), "base_cents": r.base_cents, "amount_cents": r.amount_cents}
        for r in totals.tax_rows
    ]  # fmt: skip


def tax_cards(stored: Sequence[dict[str, Any]], currency: str) -> list[TaxRowCard]:
    """Stored tax rows as the API shows them."""
    return [
        TaxRowCard.model_construct(
            code=row["code"],
            label=row["label"],
            rate=row["rate"],
            base=MoneyBody.of(row["base_cents"], currency),
            amount=MoneyBody.of(row["amount_cents"], currency),
        )
        for row in stored
    ]


def cards(stored: Sequence[StoredLine], currency: str, *, with_cost: bool) -> list[LineCard]:
    """Lines as the API shows them."""
    return [_card(line, currency, with_cost) for line in stored]


def _card(line: StoredLine, currency: str, with_cost: bool) -> LineCard:
    cost: Decimal | None = getattr(line, "unit_cost", None) if with_cost else None
    return LineCard.model_construct(
        id=line.id,
        position=line.position,
        description=line.description,
        unit=line.unit,
        quantity=line.quantity,
        unit_price=UnitPriceCard.model_construct(amount=line.unit_price, currency=currency),
        unit_cost=None if cost is None else UnitPriceCard.model_construct(amount=cost, currency=currency),
        discount=MoneyBody.of(line.discount_cents, currency) if line.discount_cents else None,
        tax_codes=list(line.tax_codes),
        net=MoneyBody.of(line.net_cents, currency),
    )


def _read_one(work: Work, body: LineBody, place: str, known: set[str]) -> LineValues:
    item = work.need(PriceItem, body.price_item_id, f"{place}.price_item_id") if body.price_item_id else None
    description = body.description or (item.name if item else "")
    if not description:
        words = "A line says what it is for."
        raise Invalid(words, errors=[FieldError(f"{place}.description", words)])
    price = unit_price(work, body.unit_price, f"{place}.unit_price") if body.unit_price else None
    if price is None and item is None:
        words = "A line needs its price, or an entry of the price book."
        raise Invalid(words, errors=[FieldError(f"{place}.unit_price", words)])
    if body.tax_codes is not None:
        codes = known_codes(work, body.tax_codes, f"{place}.tax_codes", known)
    else:
        codes = [code for code in item.tax_codes.split(",") if code] if item else []
    return LineValues(
        description=description,
        unit=body.unit if body.unit is not None else (item.unit if item else ""),
        quantity=parse_quantity(body.quantity, field=f"{place}.quantity"),
        unit_price=price if price is not None else (item.unit_price if item else Decimal(0)),
        discount_cents=amounts.own(work, body.discount, f"{place}.discount").cents if body.discount else 0,
        tax_codes=codes,
        price_item_id=item.id if item else None,
        unit_cost=item.unit_cost if item else None,
    )
