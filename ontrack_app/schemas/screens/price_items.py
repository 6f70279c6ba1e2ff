"""The price book as screens show it."""

from pydantic import BaseModel


class PriceItemRow(BaseModel):
    """One entry in the list."""

    id: str
    name: str
    code: str = ""
    kind: str = ""
    unit: str = ""
    price: str = ""
    cost: str = ""
    taxes: str = ""


class TaxChoice(BaseModel):
    """A tax code that an entry may carry."""

    code: str
    name: str
    label: str
    chosen: bool = False
