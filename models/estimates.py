"""Estimates: what the work would cost, offered to a client, answered with a signature."""

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
ANSWERABLE = frozenset({"sent", "changes_requested"})

ESTIMATE_FIELDS = FieldList(
    "estimates",
    (
        Fact("number", "Number", edit=frozenset(), see=BOTH, listed=True, sortable=True, searchable=True),
        Fact("title", "Title", see=BOTH, listed=True, searchable=True),
        Fact("client_id", "Client", see=BOTH, listed=True, filterable=True),
        Fact("property_id", "Property", see=BOTH, listed=True, filterable=True),
        Fact("lead_id", "Lead", filterable=True),
        Fact(
            "stage", "Stage", "stage", edit=frozenset(), see=BOTH, listed=True, filterable=True, sortable=True
        ),
        Fact("expires_on", "Expires", "date", see=BOTH, listed=True, sortable=True),
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
        Fact("created_at", "Created", "time", edit=frozenset(), see=BOTH, listed=True, sortable=True),
    ),
)

ESTIMATE_MACHINE = Machine(
    noun="estimates",
    start="draft",
    words={
        "draft": ("Draft", "idle"),
        "sent": ("Sent", "planned"),
        "changes_requested": ("Changes asked", "waiting"),
        "approved": ("Approved", "good"),
        "declined": ("Declined", "bad"),
        "expired": ("Expired", "idle"),
        "converted": ("Converted", "good"),
        "voided": ("Voided", "idle"),
    },
    moves=(
        Move("send", "Send", {"draft"}, "sent", Permission.ESTIMATES_WRITE, dangerous=True,
             effect="The client is mailed a link. This revision is frozen."),
        Move("approve", "Approve", {"sent"}, "approved", Permission.ESTIMATES_ANSWER),
        Move("request_changes", "Ask for a change", {"sent"}, "changes_requested", Permission.ESTIMATES_ANSWER, needs_reason=True),
        Move("decline", "Decline", {"sent", "changes_requested"}, "declined", Permission.ESTIMATES_ANSWER),
        Move("revise", "Revise", {"sent", "changes_requested", "declined", "expired"}, "draft", Permission.ESTIMATES_WRITE),
        Move("convert", "Make the job", {"approved"}, "converted", Permission.ESTIMATES_WRITE),
        Move("expire", "Expire", {"sent", "changes_requested"}, "expired", Permission.ESTIMATES_WRITE, hidden=True),
        Move("void", "Void", {"draft", "sent", "changes_requested", "approved", "declined", "expired", "converted"}, "voided",
             Permission.ESTIMATES_VOID, needs_reason=True, dangerous=True, effect="It can no longer be answered or used."),
    ),
)  # fmt: skip


class Estimate(NounRow, table=True):
    """One offer. Totals are worked out by the money engine at every save and stored with it."""

    __tablename__ = "estimates"
    FIELDS = ESTIMATE_FIELDS
    number: str
    revision: int = 1
    title: str = ""
    stage: str = ESTIMATE_MACHINE.start
    client_id: UUID
    property_id: UUID | None = None
    lead_id: UUID | None = None
    contact_id: UUID | None = None
    job_id: UUID | None = None
    currency: str
    expires_on: date | None = None
    sent_at: datetime | None = Field(default=None, sa_type=TIME)
    answered_at: datetime | None = Field(default=None, sa_type=TIME)
    subtotal_cents: int = Field(default=0, sa_type=CENTS)
    tax_cents: int = Field(default=0, sa_type=CENTS)
    total_cents: int = Field(default=0, sa_type=CENTS)
    tax_rows: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    note_to_client: str = ""
    terms: str = ""
    changes_asked: str = ""
    search_text: str = Field(default="")

    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        one_of("stage", ESTIMATE_MACHINE.stages),
        ref("client_id", "clients"),
        ref("property_id", "properties"),
        ref("lead_id", "leads"),
        ref("contact_id", "contacts"),
        ref("job_id", "jobs"),
        index("ix_estimates_list", "created_at", "id"),
        index("ix_estimates_stage", "stage", "created_at", "id"),
        index("ix_estimates_client", "client_id"),
        index("ix_estimates_property", "property_id"),
        index("ix_estimates_lead", "lead_id"),
        index("ix_estimates_contact", "contact_id"),
        index("ix_estimates_job", "job_id"),
    )


class EstimateLine(TenantRow, table=True):
    """One line: quantity and unit price with up to four decimals, a discount and the net in whole minor units."""

    __tablename__ = "estimate_lines"
    estimate_id: UUID
    position: int = 0
    price_item_id: UUID | None = None
    description: str
    unit: str = ""
    quantity: Decimal = Field(default=Decimal(1), sa_type=Numeric(18, 4))
    unit_price: Decimal = Field(default=Decimal(0), sa_type=Numeric(18, 4))
    unit_cost: Decimal | None = Field(default=None, sa_type=Numeric(18, 4))
    discount_cents: int = Field(default=0, sa_type=CENTS)
    tax_codes: list[str] = Field(default_factory=list, sa_type=JSON)
    net_cents: int = Field(default=0, sa_type=CENTS)

    __table_args__ = (
        ref("estimate_id", "estimates", on_delete="CASCADE"),
        ref("price_item_id", "price_items"),
        not_negative("quantity"),
        not_negative("discount_cents"),
        index("ix_estimate_lines_estimate", "estimate_id", "position"),
        index("ix_estimate_lines_price_item", "price_item_id"),
    )


class EstimateRevision(TenantRow, table=True):
    """A revision as it was sent: the whole document, readable for ever; its hash is what gets signed."""

    __tablename__ = "estimate_revisions"
    estimate_id: UUID
    revision: int
    document: dict[str, Any] = Field(sa_type=JSON)
    document_hash: str
    frozen_at: datetime = Field(sa_type=TIME)

    __table_args__ = (
        ref("estimate_id", "estimates"),
        UniqueConstraint("tenant_id", "estimate_id", "revision"),
    )
