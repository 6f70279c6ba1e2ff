"""Payments and their allocations to invoices."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.access import OFFICE_ROLES, PORTAL_ROLES, Permission
from models.base import CENTS, TIME, NounRow, TenantRow, index, one_of, ref
from models.fields import Field as Fact
from models.fields import FieldList
from models.ids import now
from models.machines import Machine, Move

BOTH = OFFICE_ROLES | PORTAL_ROLES
BY_HAND = ("cash", "cheque", "transfer")
BY_GATEWAY = ("card", "bank")
METHODS = (
    ("cash", "Cash"),
    ("cheque", "Cheque"),
    ("transfer", "Bank transfer"),
    ("card", "Card"),
    ("bank", "Bank debit"),
)

PAYMENT_FIELDS = FieldList(
    "payments",
    (
        Fact("received_at", "Received", "time", see=BOTH, listed=True, sortable=True),
        Fact("client_id", "Client", see=BOTH, listed=True, filterable=True),
        Fact("method", "Method", "choice", choices=METHODS, see=BOTH, listed=True, filterable=True),
        Fact("amount", "Amount", "money", column="amount_cents", see=BOTH, listed=True, sortable=True),
        Fact(
            "stage", "Stage", "stage", edit=frozenset(), see=BOTH, listed=True, filterable=True, sortable=True
        ),
        Fact("reference", "Reference", see=BOTH, listed=True, searchable=True),
        Fact("created_at", "Created", "time", edit=frozenset(), see=BOTH, sortable=True),
    ),
)

PAYMENT_MACHINE = Machine(
    noun="payments",
    start="pending",
    words={
        "pending": ("Pending", "waiting"),
        "succeeded": ("Succeeded", "good"),
        "failed": ("Failed", "bad"),
        "partly_refunded": ("Partly refunded", "idle"),
        "refunded": ("Refunded", "idle"),
        "disputed": ("Disputed", "bad"),
    },
    moves=(
        Move(
            "succeed", "Succeed", {"pending", "failed"}, "succeeded", Permission.PAYMENTS_RECORD, hidden=True
        ),
        Move("fail", "Fail", {"pending"}, "failed", Permission.PAYMENTS_RECORD, hidden=True),
    ),
)


class Payment(NounRow, table=True):
    """Money that came in, or was tried to. Card and bank payments are moved by the gateway's verified events only."""

    __tablename__ = "payments"
    FIELDS = PAYMENT_FIELDS
    client_id: UUID
    invoice_id: UUID | None = None
    method: str
    stage: str = PAYMENT_MACHINE.start
    amount_cents: int = Field(sa_type=CENTS)
    fee_cents: int = Field(default=0, sa_type=CENTS)
    currency: str
    reference: str = ""
    note: str = ""
    gateway: str = ""
    gateway_ref: str | None = None
    failure: str = ""
    received_at: datetime = Field(default_factory=now, sa_type=TIME)
    search_text: str = Field(default="")

    __table_args__ = (
        one_of("method", (key for key, _ in METHODS)),
        one_of("stage", PAYMENT_MACHINE.stages),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        UniqueConstraint("tenant_id", "gateway", "gateway_ref"),
        ref("client_id", "clients"),
        ref("invoice_id", "invoices"),
        index("ix_payments_list", "created_at", "id"),
        index("ix_payments_received", "received_at", "id"),
        index("ix_payments_client", "client_id"),
        index("ix_payments_invoice", "invoice_id"),
    )


class Allocation(TenantRow, table=True):
    """Part of a payment that settles part of an invoice."""

    __tablename__ = "allocations"
    payment_id: UUID
    invoice_id: UUID
    amount_cents: int = Field(sa_type=CENTS)
    created_at: datetime = Field(default_factory=now, sa_type=TIME)

    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        ref("payment_id", "payments"),
        ref("invoice_id", "invoices"),
        index("ix_allocations_payment", "payment_id"),
        index("ix_allocations_invoice", "invoice_id"),
    )
