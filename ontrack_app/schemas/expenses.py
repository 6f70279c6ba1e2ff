"""Expenses as they cross a door."""

from uuid import UUID

from pydantic import AwareDatetime

from ontrack_app.schemas.common import MoneyBody, MoveBody, Trail


class ExpenseMoveBody(MoveBody):
    """What a decision on a claim may carry: `amount` where another one is approved than was claimed, with the reason."""

    amount: MoneyBody | None = None


class ExpenseCard(Trail):
    """A claim as the API shows it. Amounts are null for whoever does not decide on claims, its maker among them."""

    id: UUID
    visit_id: UUID
    job_id: UUID
    member_id: UUID
    title: str
    receipt_id: UUID | None
    billable: bool
    stage: str
    claimed: MoneyBody | None
    approved: MoneyBody | None
    approved_at: AwareDatetime | None
    decision: str
