"""Expenses over HTTP."""

from models.expenses import EXPENSE_FIELDS, EXPENSE_MACHINE
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.expenses import ExpenseCard, ExpenseMoveBody
from ontrack_app.services import expenses

EXPENSES = Noun(
    "expenses",
    expenses,
    EXPENSE_FIELDS,
    ExpenseCard,
    machine=EXPENSE_MACHINE,
    move_body=ExpenseMoveBody,
    archives=False,
)
