"""Expenses: what a member paid on the way. An amount that a crew gives is a claim, until the office approves it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from models.access import OFFICE_ROLES, Permission, Role
from models.base import CENTS, TIME, NounRow, index, not_negative, one_of, ref
from models.fields import Field as Fact
from models.fields import FieldList
from models.machines import Machine, Move

STAFF = OFFICE_ROLES | {Role.CREW}

EXPENSE_FIELDS = FieldList(
    "expenses",
    (
        Fact("title", "What for", see=STAFF, edit=frozenset(), listed=True, sortable=True),
        Fact("stage", "Stage", "stage", see=STAFF, edit=frozenset(), listed=True, filterable=True),
        Fact("member_id", "Paid by", "member", see=STAFF, edit=frozenset(), listed=True, filterable=True),
        Fact("visit_id", "Visit", see=STAFF, edit=frozenset(), filterable=True),
        Fact("job_id", "Job", see=STAFF, edit=frozenset(), filterable=True),
        Fact("claimed", "Claimed", "money", column="claimed_cents", edit=frozenset(), listed=True, sortable=True),
        Fact("approved", "Approved", "money", column="approved_cents", edit=frozenset(), listed=True),
        Fact("created_at", "Claimed on", "time", see=STAFF, edit=frozenset(), sortable=True),
    ),
)  # fmt: skip

EXPENSE_MACHINE = Machine(
    noun="expenses",
    start="claimed",
    words={
        "claimed": ("To look at", "waiting"),
        "approved": ("Approved", "good"),
        "rejected": ("Rejected", "bad"),
    },
    moves=(
        Move("approve", "Approve", {"claimed", "rejected"}, "approved", Permission.EXPENSES_APPROVE),
        Move("reject", "Reject", {"claimed", "approved"}, "rejected", Permission.EXPENSES_APPROVE, needs_reason=True),
    ),
)  # fmt: skip


class Expense(NounRow, table=True):
    """One claim with its receipt. No answer to a crew repeats the amount, and none says what was approved."""

    __tablename__ = "expenses"
    FIELDS = EXPENSE_FIELDS
    visit_id: UUID
    job_id: UUID
    member_id: UUID
    title: str
    claimed_cents: int | None = Field(default=None, sa_type=CENTS)
    receipt_id: UUID | None = None
    billable: bool = False
    stage: str = EXPENSE_MACHINE.start
    approved_cents: int | None = Field(default=None, sa_type=CENTS)
    approved_at: datetime | None = Field(default=None, sa_type=TIME)
    approved_by: UUID | None = None
    decision: str = ""

    __table_args__ = (
        one_of("stage", EXPENSE_MACHINE.stages),
        not_negative("claimed_cents"),
        not_negative("approved_cents"),
        ref("visit_id", "visits"),
        ref("job_id", "jobs"),
        ref("member_id", "members"),
        index("ix_expenses_visit", "visit_id"),
        index("ix_expenses_job", "job_id"),
        index("ix_expenses_member", "member_id"),
        index("ix_expenses_list", "created_at", "id"),
        index("ix_expenses_stage", "stage", "created_at", "id"),
    )
