"""Leads: somebody who may want work done. The pattern that every other noun copies."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, text
from sqlmodel import Field

from models.access import Permission
from models.base import CENTS, TIME, NounRow, index, not_negative, one_of, ref
from models.fields import Field as Fact
from models.fields import FieldList
from models.machines import Machine, Move

URGENCIES = (("low", "Can wait"), ("normal", "Soon"), ("high", "Urgent"))
OPEN, WON, LOST = "open", "won", "lost"
NOBODY: frozenset[None] = frozenset()

LEAD_FIELDS = FieldList(
    "leads",
    (
        Fact("name", "Name", required=True, listed=True, sortable=True, searchable=True, importable=True),
        Fact("email", "E-mail", "email", filterable=True, searchable=True, importable=True),
        Fact("phone", "Phone", "phone", filterable=True, searchable=True, importable=True, max_length=40),
        Fact("need", "Need", "long", "What they want done, in their words.", listed=True, searchable=True, importable=True, max_length=20_000),
        Fact("street", "Street", searchable=True, importable=True, listed=True),
        Fact("city", "City", filterable=True, sortable=True, searchable=True, importable=True, max_length=100),
        Fact("region", "State or province", filterable=True, importable=True, max_length=80),
        Fact("postal_code", "Postal code", filterable=True, searchable=True, importable=True, max_length=20),
        Fact("country", "Country", "text", "Two letters, such as US or CA.", importable=True, max_length=2),
        Fact("stage", "Stage", "stage", edit=frozenset(), listed=True, filterable=True, sortable=True),
        Fact("assignee_id", "Owner", "member", listed=True, filterable=True),
        Fact("value", "Value", "money", "What the work may be worth.", column="value_cents", listed=True, sortable=True, importable=True),
        Fact("urgency", "Urgency", "choice", choices=URGENCIES, filterable=True, importable=True),
        Fact("source", "Source", "text", "Where they heard of us.", filterable=True, importable=True, max_length=100),
        Fact("lost_reason", "Lost because", "long", edit=frozenset(), max_length=2000),
        Fact("source_ref", "Number at the source", "text", "Their own number for it; the same number is not taken twice.", edit=frozenset(), filterable=True, searchable=True, importable=True, max_length=100),
        Fact("created_at", "Created", "time", edit=frozenset(), listed=True, sortable=True, importable=True),
        Fact("updated_at", "Touched", "time", edit=frozenset(), sortable=True),
    ),
)  # fmt: skip

LEAD_MACHINE = Machine(
    noun="leads",
    start="new",
    words={OPEN: ("Open", "planned"), WON: ("Won", "good"), LOST: ("Lost", "bad")},
    moves=(
        Move("advance", "Move on", {OPEN}, None, Permission.LEADS_WRITE),
        Move("win", "Win", {OPEN}, None, Permission.LEADS_WRITE, effect="A client is made or found for it."),
        Move("lose", "Lose", {OPEN}, None, Permission.LEADS_WRITE, needs_reason=True),
        Move("reopen", "Reopen", {WON, LOST}, None, Permission.LEADS_WRITE, needs_reason=True),
    ),
)


class Lead(NounRow, table=True):
    """A possible piece of work and the person who asked for it."""

    __tablename__ = "leads"
    FIELDS = LEAD_FIELDS
    name: str
    email: str = ""
    phone: str = ""
    need: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    stage: str = "new"
    assignee_id: UUID | None = None
    value_cents: int | None = Field(default=None, sa_type=CENTS)
    urgency: str = "normal"
    source: str = ""
    source_ref: str | None = None
    lost_reason: str = ""
    client_id: UUID | None = None
    property_id: UUID | None = None
    staged_at: datetime | None = Field(default=None, sa_type=TIME)
    search_text: str = Field(default="")

    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "stage"], ["pipeline_stages.tenant_id", "pipeline_stages.key"]),
        ref("assignee_id", "members"),
        ref("client_id", "clients"),
        ref("property_id", "properties"),
        one_of("urgency", (key for key, _ in URGENCIES)),
        not_negative("value_cents"),
        index("ix_leads_created", "created_at", "id"),
        index("ix_leads_updated", "updated_at", "id"),
        # Lists leave out what was put away; with it in the index, a view's count reads the index alone.
        index("ix_leads_stage", "stage", "created_at", "id", postgresql_where=text("archived_at IS NULL")),
        index("ix_leads_name", "name", "id"),
        index("ix_leads_city", "city", "id"),
        index("ix_leads_value", text("value_cents DESC NULLS LAST"), text("id DESC")),
        index("ix_leads_assignee", "assignee_id"),
        index("ix_leads_client", "client_id"),
        index("ix_leads_property", "property_id"),
        index("uq_leads_source_ref", "source", "source_ref", unique=True),
    )
