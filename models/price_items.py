"""Price items: the price book, from which lines are filled."""

from decimal import Decimal

from sqlalchemy import Numeric
from sqlmodel import Field

from models.base import NounRow, index, not_negative, one_of
from models.fields import Field as Fact
from models.fields import FieldList

KINDS = (("service", "Service"), ("material", "Material"), ("labour", "Labour"), ("fee", "Fee"))

PRICE_ITEM_FIELDS = FieldList(
    "price_items",
    (
        Fact("name", "Name", required=True, listed=True, sortable=True, searchable=True, importable=True),
        Fact("code", "Code", listed=True, sortable=True, searchable=True, importable=True, max_length=60),
        Fact("kind", "Kind", "choice", choices=KINDS, listed=True, filterable=True, importable=True),
        Fact("description", "Description", "long", searchable=True, importable=True, max_length=2000),
        Fact("unit", "Unit", listed=True, importable=True, max_length=20),
        Fact("unit_price", "Price", "number", required=True, listed=True, sortable=True, importable=True),
        Fact("unit_cost", "Cost", "number", listed=True, importable=True),
        Fact("tax_codes", "Tax codes", "text"),
        Fact("created_at", "Created", "time", edit=frozenset(), sortable=True),
    ),
)


class PriceItem(NounRow, table=True):
    """Something that is sold: up to four decimals in price and cost, in the tenant's currency."""

    __tablename__ = "price_items"
    FIELDS = PRICE_ITEM_FIELDS
    name: str
    code: str = ""
    kind: str = "service"
    description: str = ""
    unit: str = ""
    unit_price: Decimal = Field(default=Decimal(0), sa_type=Numeric(18, 4))
    unit_cost: Decimal | None = Field(default=None, sa_type=Numeric(18, 4))
    tax_codes: str = ""
    search_text: str = Field(default="")

    __table_args__ = (
        one_of("kind", (key for key, _ in KINDS)),
        not_negative("unit_price"),
        index("ix_price_items_list", "name", "id"),
    )
