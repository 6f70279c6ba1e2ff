"""Invoices: what is owed for a job. Issued ones are never edited; what was paid is a sum over the ledger."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Numeric, UniqueConstraint
from sqlmodel import Field

from models.access import OFFICE_ROLES, PORTAL_ROLES, Permission
from models.base import CENTS, JSON, TIME, NounRow, TenantRow, index, not_negative, one_of, ref
from models.fields import Field as Fact
from models.fields import FieldList
from models.machines import Machine, Move

BOTH = OFFICE_ROLES | PORTAL_ROLES
PAYMENT_WORDS = {
    "unpaid": ("Unpaid", "idle"),
    "partly_paid": ("Partly paid", "good"),
    "paid": ("Paid", "good"),
    "overpaid": ("Overpaid", "waiting"),
}

INVOICE_FIELDS = FieldList(
    "invoices",
    (
        Fact("number", "Number", edit=frozenset(), see=BOTH, listed=True, sortable=True, searchable=True),
        Fact("title", "Title", see=BOTH, listed=True, searchable=True),
        Fact("client_id", "Client", edit=frozenset(), see=BOTH, listed=True, filterable=True),
        Fact("job_id", "Job", edit=frozenset(), see=BOTH, filterable=True),
        Fact(
            "stage", "Stage", "stage", edit=frozenset(), see=BOTH, listed=True, filterable=True, sortable=True
        ),
        Fact("issued_on", "Issued", "date", edit=frozenset(), see=BOTH, listed=True, sortable=True),
        Fact("due_on", "Due", "date", see=BOTH, listed=True, sortable=True),
        Fact(
            "total",
            "Total",
            "money",
            column="total_cents",
            edit=frozenset(),
            see=BOTH,
            listed=True,
            sortable=True,
        ),
        Fact("note_to_client", "Note to the client", "long", see=BOTH, max_length=4000),
        Fact("created_at", "Created", "time", edit=frozenset(), see=BOTH, sortable=True),
    ),
)

INVOICE_MACHINE = Machine(
    noun="invoices",
    start="draft",
    words={"draft": ("Draft", "idle"), "issued": ("Issued", "planned"), "void": ("Void", "idle")},
    moves=(
        Move("issue", "Issue", {"draft"}, "issued", Permission.INVOICES_ISSUE, dangerous=True,
             effect="It takes its number, lines and taxes are frozen, and the client is mailed a link."),
        Move("void", "Void", {"draft", "issued"}, "void", Permission.INVOICES_VOID, needs_reason=True, dangerous=True,
             effect="Nothing is owed on it any more; the number stays used."),
    ),
)  # fmt: skip


class Invoice(NounRow, table=True):
    """One bill. The number is given when it is issued; tax rows are stored from then on."""

    __tablename__ = "invoices"
    FIELDS = INVOICE_FIELDS
    kind: str = "standard"
    number: str | None = None
    title: str = ""
    stage: str = INVOICE_MACHINE.start
    client_id: UUID
    property_id: UUID | None = None
    job_id: UUID | None = None
    estimate_id: UUID | None = None
    contact_id: UUID | None = None
    currency: str
    issued_on: date | None = None
    due_on: date | None = None
    issued_at: datetime | None = Field(default=None, sa_type=TIME)
    subtotal_cents: int = Field(default=0, sa_type=CENTS)
    tax_cents: int = Field(default=0, sa_type=CENTS)
    total_cents: int = Field(default=0, sa_type=CENTS)
    tax_rows: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    note_to_client: str = ""
    terms: str = ""
    search_text: str = Field(default="")

    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        one_of("stage", INVOICE_MACHINE.stages),
        one_of("kind", ("standard",)),
        ref("client_id", "clients"),
        ref("property_id", "properties"),
        ref("job_id", "jobs"),
        ref("estimate_id", "estimates"),
        ref("contact_id", "contacts"),
        index("ix_invoices_list", "created_at", "id"),
        index("ix_invoices_stage", "stage", "created_at", "id"),
        index("ix_invoices_due", "due_on", "id"),
        index("ix_invoices_client", "client_id"),
        index("ix_invoices_property", "property_id"),
        index("ix_invoices_job", "job_id"),
        index("ix_invoices_estimate", "estimate_id"),
        index("ix_invoices_contact", "contact_id"),
    )


class InvoiceLine(TenantRow, table=True):
    """One line of an invoice; frozen when the invoice is issued (a trigger refuses later changes)."""

    __tablename__ = "invoice_lines"
    invoice_id: UUID
    position: int = 0
    description: str
    unit: str = ""
    quantity: Decimal = Field(default=Decimal(1), sa_type=Numeric(18, 4))
    unit_price: Decimal = Field(default=Decimal(0), sa_type=Numeric(18, 4))
    discount_cents: int = Field(default=0, sa_type=CENTS)
    tax_codes: list[str] = Field(default_factory=list, sa_type=JSON)
    net_cents: int = Field(default=0, sa_type=CENTS)

    __table_args__ = (
        ref("invoice_id", "invoices", on_delete="CASCADE"),
        not_negative("quantity"),
        not_negative("discount_cents"),
        index("ix_invoice_lines_invoice", "invoice_id", "position"),
    )
