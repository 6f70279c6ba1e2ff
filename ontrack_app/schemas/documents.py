"""Lines, taxes and totals of estimates and invoices as they cross a door."""

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, PlainSerializer, StringConstraints, WithJsonSchema

from ontrack_app.schemas.common import MOST_CENTS, Body, Card, Code, Currency, MoneyBody

FOUR_PLACES = r"^-?[0-9]{1,14}(\.[0-9]{1,4})?$"
QuantityIn = (
    Annotated[str, StringConstraints(pattern=FOUR_PLACES)]
    | Annotated[int, Field(strict=True, ge=-(10**14), le=10**14)]
)


def plain(value: Decimal) -> str:
    """A decimal as text without trailing zeros and without an exponent: 2.5, 100."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


DecimalText = Annotated[Decimal, PlainSerializer(plain, return_type=str), WithJsonSchema({"type": "string"})]


class UnitPriceBody(Body):
    """A price for one unit: `amount` as text with up to four decimals, or whole minor units in `amount_cents`."""

    amount: Annotated[str, StringConstraints(pattern=FOUR_PLACES)] | None = None
    amount_cents: Annotated[int, Field(strict=True, ge=-MOST_CENTS, le=MOST_CENTS)] | None = None
    currency: Currency


class LineBody(Body):
    """One line. From the price book, `price_item_id` fills what is left out."""

    description: Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")] = ""
    price_item_id: UUID | None = None
    quantity: QuantityIn = "1"
    unit: Annotated[str, StringConstraints(max_length=20, pattern=r"^[^\x00-\x1f]*$")] | None = None
    unit_price: UnitPriceBody | None = None
    discount: MoneyBody | None = None
    tax_codes: Annotated[list[Code], Field(max_length=10)] | None = None


class UnitPriceCard(Card):
    """A price for one unit, in major units as text."""

    amount: DecimalText
    currency: str


class LineCard(Card):
    """A line as the API shows it; `unit_cost` only for the office."""

    id: UUID
    position: int
    description: str
    unit: str
    quantity: DecimalText
    unit_price: UnitPriceCard
    unit_cost: UnitPriceCard | None = None
    discount: MoneyBody | None
    tax_codes: list[str]
    net: MoneyBody


class TaxRowCard(Card):
    """What one tax comes to, and on what it was worked out."""

    code: str
    label: str
    rate: str
    base: MoneyBody
    amount: MoneyBody


class SignatureBody(Body):
    """A signature: a typed name, or a name with the strokes that were drawn (lists of x, y points)."""

    kind: Literal["typed", "drawn"]
    name: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]
    strokes: Annotated[list[Annotated[list[Any], Field(max_length=4000)]], Field(max_length=200)] | None = (
        None
    )


class SignatureCard(Card):
    """A signature as the API shows it."""

    kind: str
    name: str
    signed_at: AwareDatetime
    document_hash: str
    evidence: str
