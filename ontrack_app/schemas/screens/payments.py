"""Payments on screens: rows of the list, one payment with what it settles, and the form that records one."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge, Fact, Option, Record
from ontrack_app.schemas.screens.papers import Found


class PaymentRow(BaseModel):
    """One row of the list."""

    id: str
    client: str
    method: str
    reference: str = ""
    invoices: str = ""
    received: str = ""
    stage: Badge
    fact: Badge = Field(default_factory=Badge)
    amount: str = ""


class PartRow(BaseModel):
    """What part of a payment settles which invoice."""

    label: str
    more: str = ""
    amount: str
    href: str = ""


class PaymentRecord(Record):
    """A payment's page."""

    amount: str = ""
    facts: list[Fact] = Field(default_factory=list)
    parts: list[PartRow] = Field(default_factory=list)
    credit: str = ""
    note: str = ""
    failure: str = ""


class PaymentForm(BaseModel):
    """The form that records money that came in, for one invoice or for a client's oldest due ones."""

    invoice_id: str = ""
    client_id: str = ""
    client: str = ""
    heading: str = ""
    owes: str = ""
    methods: list[Option] = Field(default_factory=list)
    method: str = "cheque"
    amount: str = ""
    day: str = ""
    reference: str = ""
    note: str = ""
    found: list[Found] = Field(default_factory=list)
