"""Checklist items: the steps of a visit. Answers are facts that only grow; an item's stage is that of the last one that came."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from models.access import OFFICE_ROLES, Permission, Role
from models.base import JSON, TIME, WORDS, NounRow, TenantRow, index, one_of, ref
from models.fields import Field as Fact
from models.fields import FieldList
from models.ids import now
from models.machines import Machine, Move

KINDS = ("check", "text", "number", "photo", "signature")
KIND_WORDS = (
    ("check", "Tick"),
    ("text", "Words"),
    ("number", "Number"),
    ("photo", "Photo"),
    ("signature", "Signature"),
)
STAFF = OFFICE_ROLES | {Role.CREW}
EVERY = {"open", "done", "not_applicable", "failed"}

CHECKLIST_ITEM_FIELDS = FieldList(
    "checklist_items",
    (
        Fact("label", "Step", required=True, see=STAFF, listed=True),
        Fact("kind", "Answer", "choice", choices=KIND_WORDS, see=STAFF, listed=True, filterable=True),
        Fact("required", "Required", "flag", see=STAFF, listed=True, filterable=True),
        Fact("position", "Place", "number", see=STAFF, edit=frozenset(), sortable=True),
        Fact("visit_id", "Visit", see=STAFF, edit=frozenset(), filterable=True),
        Fact("stage", "Stage", "stage", see=STAFF, edit=frozenset(), listed=True, filterable=True),
        Fact("created_at", "Added", "time", see=STAFF, edit=frozenset(), sortable=True),
    ),
)

CHECKLIST_MACHINE = Machine(
    noun="checklist_items",
    start="open",
    words={
        "open": ("Open", "planned"),
        "done": ("Done", "good"),
        "not_applicable": ("Not applicable", "idle"),
        "failed": ("Failed", "bad"),
    },
    moves=(
        Move("check", "Done", EVERY, "done", Permission.VISITS_PERFORM),
        Move("fail", "Failed", EVERY, "failed", Permission.VISITS_PERFORM),
        Move("skip", "Not applicable", EVERY, "not_applicable", Permission.VISITS_PERFORM, needs_reason=True),
        Move("reopen", "Reopen", {"done", "not_applicable", "failed"}, "open", Permission.VISITS_CORRECT, needs_reason=True),
    ),
)  # fmt: skip


class ChecklistItem(NounRow, table=True):
    """One step of one visit, with the last answer to it."""

    __tablename__ = "checklist_items"
    FIELDS = CHECKLIST_ITEM_FIELDS
    visit_id: UUID
    kind: str = "check"
    label: str
    required: bool = False
    position: int = 0
    stage: str = CHECKLIST_MACHINE.start
    value: str = ""
    answered_at: datetime | None = Field(default=None, sa_type=TIME)

    __table_args__ = (
        one_of("kind", KINDS),
        one_of("stage", CHECKLIST_MACHINE.stages),
        ref("visit_id", "visits"),
        index("ix_checklist_items_visit", "visit_id", "position", "id"),
    )


class ChecklistResult(TenantRow, table=True):
    """One answer to one step: never changed, never taken back."""

    __tablename__ = "checklist_results"
    item_id: UUID
    visit_id: UUID
    member_id: UUID | None = None
    outcome: str
    value: str = Field(default="", sa_type=WORDS)
    reason: str = ""
    clock: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    created_at: datetime = Field(default_factory=now, sa_type=TIME)

    __table_args__ = (
        one_of("outcome", ("done", "not_applicable", "failed")),
        ref("item_id", "checklist_items"),
        ref("visit_id", "visits"),
        ref("member_id", "members"),
        index("ix_checklist_results_item", "item_id", "created_at"),
        index("ix_checklist_results_visit", "visit_id"),
        index("ix_checklist_results_member", "member_id"),
    )
