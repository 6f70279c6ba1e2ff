"""Price items and tax codes as they cross a door."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from ontrack_app.schemas.common import Body, Code, Paragraph, Trail
from ontrack_app.schemas.documents import DecimalText, UnitPriceBody, UnitPriceCard
from ontrack_app.schemas.leads import Name

Kind = Literal["service", "material", "labour", "fee"]
Unit = Annotated[str, StringConstraints(max_length=20, pattern=r"^[^\x00-\x1f]*$")]
Codes = Annotated[list[Code], Field(max_length=10)]
TaxName = Annotated[
    str, StringConstraints(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*$")
]
Rate = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,4})?$")]
Flag = Annotated[bool, Field(strict=True)]


class PriceItemBody(Body):
    """A new entry of the price book."""

    name: Name
    code: Code = ""
    kind: Kind = "service"
    description: Paragraph = ""
    unit: Unit = ""
    unit_price: UnitPriceBody
    unit_cost: UnitPriceBody | None = None
    tax_codes: Codes = Field(default_factory=list)


class PriceItemPatch(Body):
    """Changes to an entry; what is left out stays. Lines that were filled from it keep what they have."""

    name: Name | None = None
    code: Code | None = None
    kind: Kind | None = None
    description: Paragraph | None = None
    unit: Unit | None = None
    unit_price: UnitPriceBody | None = None
    unit_cost: UnitPriceBody | None = None
    tax_codes: Codes | None = None


class PriceItemCard(Trail):
    """An entry of the price book as the API shows it."""

    id: UUID
    name: str
    code: str
    kind: str
    description: str
    unit: str
    unit_price: UnitPriceCard
    unit_cost: UnitPriceCard | None
    tax_codes: list[str]


class TaxCodeBody(Body):
    """A new tax code: the rate in percent as text, up to four decimals."""

    code: TaxName
    label: Name
    rate: Rate
    compound: Flag = False
    inclusive: Flag = False


class TaxCodePatch(Body):
    """Changes to a tax code; documents that are sent or issued keep the rows they have."""

    label: Name | None = None
    rate: Rate | None = None
    compound: Flag | None = None
    inclusive: Flag | None = None


class TaxCodeCard(Trail):
    """A tax code as the API shows it."""

    id: UUID
    code: str
    label: str
    rate: DecimalText
    compound: bool
    inclusive: bool
