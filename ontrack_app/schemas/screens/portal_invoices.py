"""Invoices as their clients see them."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge, Total
from ontrack_app.schemas.screens.papers import LineRow


class PortalInvoiceRow(BaseModel):
    """One row of the list."""

    id: str
    title: str
    number: str
    place: str
    when: str
    stage: Badge
    total: str
    owed: str


class PaidRow(BaseModel):
    """One payment, made or tried."""

    label: str
    when: str
    amount: str
    stage: Badge


class PortalInvoice(BaseModel):
    """One invoice; `kind` is due, paid or void. `pending` says that a payment was begun and its end is not known yet."""

    id: str = ""
    kind: str = ""
    above: str = ""
    title: str = ""
    place: str = ""
    note: str = ""
    facts: list[Badge] = Field(default_factory=list)
    owed_label: str = ""
    owed: str = ""
    summary: list[Total] = Field(default_factory=list)
    can_pay: bool = False
    is_test: bool = False
    pending: str = ""
    trouble: str = ""
    answer: str = ""
    issued: str = ""
    lines: list[LineRow] = Field(default_factory=list)
    rows: list[Total] = Field(default_factory=list)
    total_label: str = ""
    total: str = ""
    payments: list[PaidRow] = Field(default_factory=list)
    terms: str = ""
    pdf: str = ""
