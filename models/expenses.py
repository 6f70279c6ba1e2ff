"""Expenses: what a member paid on the way. An amount that a crew gives is a claim, until the office approves it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from models.base import CENTS, TIME, NounRow, index, not_negative, ref


class Expense(NounRow, table=True):
    """One claim with its receipt. No answer to a crew repeats the amount."""

    __tablename__ = "expenses"
    visit_id: UUID
    job_id: UUID
    member_id: UUID
    title: str
    claimed_cents: int | None = Field(default=None, sa_type=CENTS)
    receipt_id: UUID | None = None
    billable: bool = False
    approved_at: datetime | None = Field(default=None, sa_type=TIME)
    approved_by: UUID | None = None

    __table_args__ = (
        not_negative("claimed_cents"),
        ref("visit_id", "visits"),
        ref("job_id", "jobs"),
        ref("member_id", "members"),
        index("ix_expenses_visit", "visit_id"),
        index("ix_expenses_job", "job_id"),
        index("ix_expenses_member", "member_id"),
    )
