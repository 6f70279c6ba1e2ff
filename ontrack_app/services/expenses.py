"""Expenses: claims of members; what the company owes for them is the office's to say."""

from models.access import Permission
from models.expenses import Expense
from models.visits import Visit
from ontrack_app.errors import FieldError, Invalid, NotFound
from ontrack_app.schemas.crew_work import ExpenseBody
from ontrack_app.work import Work


def claim(work: Work, body: ExpenseBody) -> Expense:
    """Keeps a claim. No answer to a crew repeats its amount, and the trail does not either.

    Raises:
        NotFound: the visit is not one that the actor may know. Invalid: less than nothing, or another currency.
    """
    work.actor.require(Permission.VISITS_PERFORM)
    visit = work.get(Visit, body.visit_id)
    if work.actor.member_id is None:
        raise NotFound("Only members have expenses.")
    amount = body.amount
    if amount is not None and (amount.amount_cents < 0 or amount.currency != work.actor.tenant.currency):
        words = f"An amount in {work.actor.tenant.currency}, not less than nothing."
        raise Invalid(words, errors=[FieldError("amount", words)])
    row = Expense(
        tenant_id=visit.tenant_id,
        id=body.id,
        visit_id=visit.id,
        job_id=visit.job_id,
        member_id=work.actor.member_id,
        title=body.title,
        claimed_cents=None if amount is None else amount.amount_cents,
        receipt_id=body.receipt_id,
    )
    work.add(row)
    work.record("expenses.created", visit, after={"expense_id": row.id, "title": row.title})
    return row
