"""Invoices on screens: rows of the list, the record with its ledger and payments."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge, Fact, Record


class InvoiceRow(BaseModel):
    """One row of the list."""

    id: str
    number: str
    title: str
    client: str
    stage: Badge
    facts: list[Badge] = Field(default_factory=list)
    due: str = ""
    total: str = ""
    balance: str = ""


class LedgerStep(BaseModel):
    """One entry of the ledger strip, with what it left; `end` is the balance itself."""

    when: str
    label: str
    amount: str
    leaves: str = ""
    tone: str = ""
    end: bool = False


class PaymentLine(BaseModel):
    """One payment of an invoice; a failed one is struck through and says why."""

    id: str
    label: str
    amount: str
    more: str = ""
    why: str = ""
    stage: Badge = Field(default_factory=Badge)
    failed: bool = False


class InvoiceRecord(Record):
    """An invoice's page, besides its lines and totals."""

    stage_key: str = ""
    editable: bool = False
    facts: list[Fact] = Field(default_factory=list)
    title_text: str = ""
    note: str = ""
    terms: str = ""
    frozen: str = ""
    due_on: str = ""
    ledger: list[LedgerStep] = Field(default_factory=list)
    payments: list[PaymentLine] = Field(default_factory=list)
    payable: bool = False
    pdf: str = ""
    tax_codes: list[str] = Field(default_factory=list)
    mailed_to: str = ""
