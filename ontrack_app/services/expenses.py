"""Expenses: claims of members; what the company owes for them is the office's to say."""

from uuid import UUID

from models.access import Permission
from models.expenses import EXPENSE_MACHINE, Expense
from models.visits import Visit
from ontrack_app.errors import FieldError, Invalid, NotFound
from ontrack_app.schemas.common import MoneyBody, Page
from ontrack_app.schemas.crew_work import ExpenseBody
from ontrack_app.schemas.expenses import ExpenseCard, ExpenseMoveBody
from ontrack_app.services import amounts, listing
from ontrack_app.services.listing import Query
from ontrack_app.work import Work

AMOUNTS = {"claimed", "approved"}
COPIED = set(ExpenseCard.model_fields) - AMOUNTS - {"decision"}


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


def get(work: Work, expense_id: UUID) -> ExpenseCard:
    """One claim; a crew member's own.

    Raises:
        NotFound: there is none here, or none that may be known.
    """
    work.actor.require(Permission.EXPENSES_READ)
    return card(work, work.get(Expense, expense_id))


def list_page(work: Work, query: Query) -> Page[ExpenseCard]:
    """A page of claims, as `listing.Query` asks; a crew member gets its own."""
    work.actor.require(Permission.EXPENSES_READ)
    found = listing.page(work, Expense, query)
    return Page(items=[card(work, row) for row in found.rows], next_cursor=found.next_cursor)


def move(
    work: Work, expense_id: UUID, name: str, body: ExpenseMoveBody, *, version: int | None = None
) -> ExpenseCard:
    """Approves a claim, as claimed or with another amount and the reason for it; or rejects it with a reason.

    Raises:
        NotFound, Conflict, Forbidden, Stale: as their words say. Invalid: no amount, or another one without a reason.
    """
    work.actor.require(Permission.EXPENSES_READ)
    row = work.lock(Expense, expense_id, version=version)
    cents = _approved(work, row, body) if name == "approve" and _may(work) else None
    work.advance(row, EXPENSE_MACHINE, name, reason=body.reason)
    row.decision = (body.reason or "").strip()
    row.approved_cents = cents
    row.approved_at = work.at if name == "approve" else None
    row.approved_by = work.actor.member_id if name == "approve" else None
    return card(work, row)


def card(work: Work, row: Expense) -> ExpenseCard:
    """The claim as the API shows it: amounts, and the office's words on them, to those who decide on them alone."""

    def shown(cents: int | None) -> MoneyBody | None:
        return MoneyBody.of(cents, work.actor.tenant.currency) if cents is not None and may else None

    may = _may(work)
    return ExpenseCard.model_construct(
        claimed=shown(row.claimed_cents),
        approved=shown(row.approved_cents),
        decision=row.decision if may or row.stage == "rejected" else "",
        **row.model_dump(include=COPIED),
    )


def _may(work: Work) -> bool:
    return work.actor.scope == "all" and work.actor.granted(Permission.EXPENSES_APPROVE)


def _approved(work: Work, row: Expense, body: ExpenseMoveBody) -> int:
    if body.amount is not None:
        cents = amounts.own(work, body.amount, "amount").cents
    elif row.claimed_cents is not None:
        cents = row.claimed_cents
    else:
        words = "No amount was claimed. Say how much is approved."
        raise Invalid(words, errors=[FieldError("amount", words)])
    if row.claimed_cents is not None and cents != row.claimed_cents and not (body.reason or "").strip():
        words = "This is not what was claimed. Say why."
        raise Invalid(words, errors=[FieldError("reason", words)])
    return cents
