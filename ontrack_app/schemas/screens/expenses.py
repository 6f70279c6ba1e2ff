"""Expenses on screens: the list, and the form in which one is decided."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge


class ExpenseRow(BaseModel):
    """One claim with its receipt."""

    id: str
    title: str
    who: str = ""
    visit: str = ""
    visit_href: str = ""
    when: str = ""
    claimed: str = ""
    approved: str = ""
    differs: bool = False
    decision: str = ""
    receipt_href: str = ""
    receipt_note: str = ""
    stage: Badge = Field(default_factory=Badge)
    can_approve: bool = False
    can_reject: bool = False


class ExpenseForm(BaseModel):
    """A claim that is being decided: what was claimed, and what is approved of it."""

    id: str = ""
    version: int = 0
    heading: str = ""
    who: str = ""
    claimed: str = ""
    receipt_href: str = ""
    amount: str = ""
    reason: str = ""
