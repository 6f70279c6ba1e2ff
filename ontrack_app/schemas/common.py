"""What many nouns' inputs and cards share: money and addresses in JSON, pages of a list, moves."""

import re
from datetime import date
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from models.money import Money

MOST_CENTS = 2**63 - 1
Item = TypeVar("Item")


class Body(BaseModel):
    """An input: unknown names are refused, and text has no spaces at its ends and no NUL."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Card(BaseModel):
    """What is shown of a row; never the row itself."""

    model_config = ConfigDict(frozen=True)


Line = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x08\x0b-\x1f]*$")]
Paragraph = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]
Code = Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00-\x1f]*$")]
Email = Annotated[
    str,
    StringConstraints(max_length=254, pattern=r"^$|^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$", to_lower=True),
]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
YEAR_FIRST = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written_out(given: Any) -> Any:
    """A number, or one in quotes, would be taken for seconds since 1970; nobody means that."""
    if isinstance(given, int | float) or (isinstance(given, str) and not YEAR_FIRST.match(given)):
        raise ValueError(
            "It is written out, such as 2027-01-04, and with a time of day 2027-01-04T09:30:00Z."
        )
    return given


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]
Day = Annotated[date, BeforeValidator(_written_out)]


class MoneyBody(Body):
    """Money in JSON: whole minor units and a currency, such as {"amount_cents": 16097, "currency": "CAD"}."""

    amount_cents: Annotated[int, Field(strict=True, ge=-MOST_CENTS, le=MOST_CENTS)]
    currency: Currency

    @classmethod
    def of(cls, cents: int, currency: str) -> "MoneyBody":
        """The JSON form of an amount."""
        return cls.model_construct(amount_cents=cents, currency=currency)

    def money(self) -> Money:
        """The amount as money."""
        return Money(self.amount_cents, self.currency)


class Address(Body):
    """A postal address; every part may be empty."""

    street: Line = ""
    unit: Code = ""
    city: Line = ""
    region: Line = ""
    postal_code: Annotated[str, StringConstraints(max_length=20, pattern=r"^[^\x00-\x1f]*$")] = ""
    country: Annotated[str, StringConstraints(pattern=r"^([A-Za-z]{2})?$", to_upper=True)] = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said about the place."""
        return not (self.street or self.city or self.postal_code)


class MoveBody(Body):
    """What a move may carry; most carry nothing."""

    reason: Paragraph | None = None


class MoveCard(Card):
    """A move that is possible now for this reader, as a button needs it."""

    name: str
    label: str
    primary: bool = False
    danger: bool = False
    needs_reason: bool = False
    confirm_title: str = ""
    confirm_text: str = ""


class Page(Card, Generic[Item]):
    """Part of a list, and how to ask for the next part (null at the end)."""

    items: list[Item]
    next_cursor: str | None = None


class Trail(Card):
    """The columns every noun's card ends with."""

    version: int
    created_at: AwareDatetime
    updated_at: AwareDatetime
    archived_at: AwareDatetime | None = None


class Ids(Body):
    """A list of ids."""

    ids: list[UUID]
