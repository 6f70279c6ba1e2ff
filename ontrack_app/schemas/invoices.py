"""Invoices and payments as they cross a door."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from ontrack_app.schemas.common import Body, Card, Code, Day, Line, Moment, MoneyBody, Paragraph, Trail
from ontrack_app.schemas.documents import LineCard, TaxRowCard
from ontrack_app.schemas.estimates import Lines


class InvoiceBody(Body):
    """A new draft for a job: with the lines of its approved estimate, or with the lines given here."""

    job_id: UUID
    lines: Lines | None = None
    due_on: Day | None = None
    note_to_client: Paragraph = ""


class InvoicePatch(Body):
    """Changes to a draft; what is left out stays, `lines` replaces all lines."""

    title: Line | None = None
    due_on: Day | None = None
    note_to_client: Paragraph | None = None
    lines: Lines | None = None


class InvoiceCard(Trail):
    """An invoice as the API shows it."""

    id: UUID
    number: str | None
    kind: str
    title: str
    stage: str
    client_id: UUID
    property_id: UUID | None
    job_id: UUID | None
    estimate_id: UUID | None
    issued_on: date | None
    due_on: date | None
    note_to_client: str
    lines: list[LineCard]
    subtotal: MoneyBody
    tax: MoneyBody
    total: MoneyBody
    tax_rows: list[TaxRowCard]
    paid: MoneyBody
    balance: MoneyBody
    payment_status: str
    overdue: bool


class AllocationBody(Body):
    """What part of a payment settles which invoice."""

    invoice_id: UUID
    amount: MoneyBody


class PaymentBody(Body):
    """Money that came in by hand. Without allocations: the client's oldest due invoices first, the rest is credit."""

    method: Literal["cash", "cheque", "transfer"]
    amount: MoneyBody
    client_id: UUID | None = None
    allocations: Annotated[list[AllocationBody], Field(max_length=100)] = Field(default_factory=list)
    reference: Code = ""
    note: Paragraph = ""
    received_at: Moment | None = None


class AllocationCard(Card):
    """An allocation as the API shows it."""

    invoice_id: UUID
    amount: MoneyBody


class PaymentCard(Trail):
    """A payment as the API shows it; `unallocated` is the client's credit from it."""

    id: UUID
    client_id: UUID
    method: str
    stage: str
    amount: MoneyBody
    fee: MoneyBody
    unallocated: MoneyBody
    allocations: list[AllocationCard]
    reference: str
    failure: str
    received_at: AwareDatetime
