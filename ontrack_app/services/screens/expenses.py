"""Expenses on screens: what members claimed, with the receipt, and the form in which the office decides."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.expenses import EXPENSE_FIELDS, EXPENSE_MACHINE, Expense
from models.files import File
from models.members import Member
from models.money import Money, MoneyError, format_money, parse_money
from models.visits import Visit
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.common import MoneyBody
from ontrack_app.schemas.expenses import ExpenseMoveBody
from ontrack_app.schemas.screens.common import Badge, ListPage, ListQuery
from ontrack_app.schemas.screens.expenses import ExpenseForm, ExpenseRow
from ontrack_app.services import expenses
from ontrack_app.services.screens import lists, related, words
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

STAGE = col(Expense.stage)
FIRST = ("member_id",)


def views() -> list[View]:
    """The tabs of the list; home counts by them too."""
    return [
        View("claimed", "To look at", (STAGE == "claimed",)),
        View("approved", "Approved", (STAGE == "approved",)),
        View("rejected", "Rejected", (STAGE == "rejected",)),
        View("all", "All"),
    ]


def listing(work: Work, asked: ListQuery) -> tuple[list[ExpenseRow], ListPage]:
    """The claims that an address asks for.

    Raises:
        Invalid: a filter or sort that this list does not have. Forbidden: the role may not see claims.
    """
    work.actor.require(Permission.EXPENSES_READ)
    found, foot = lists.page(work, Expense, views(), asked)
    people = [(one.value, one.label) for one in words.member_options(work) if one.value]
    foot.filters = [
        lists.filter_of(asked, "member_id", "Paid by", people),
        *lists.other_filters(asked, EXPENSE_FIELDS, FIRST),
    ]
    return rows(work, found), foot


def rows(work: Work, found: Sequence[Expense]) -> list[ExpenseRow]:
    """Claims as rows: what is asked of other tables is asked once for all of them. Amounts are for those who decide."""
    visits = related.by_id(work, Visit, [one.visit_id for one in found])
    people = related.by_id(work, Member, [one.member_id for one in found])
    receipts = _receipts(work, [one.receipt_id for one in found])
    may = work.actor.scope == "all" and work.actor.granted(Permission.EXPENSES_APPROVE)
    return [
        ExpenseRow(
            id=str(one.id),
            title=one.title,
            who=people[one.member_id].name if one.member_id in people else "",
            visit=visits[one.visit_id].title if one.visit_id in visits else "",
            visit_href=f"/visits/{one.visit_id}",
            when=words.when(work, one.created_at),
            claimed=(words.money(work, one.claimed_cents) or "No amount") if may else "",
            approved=words.money(work, one.approved_cents) if may else "",
            differs=may and one.approved_cents is not None and one.approved_cents != one.claimed_cents,
            decision=one.decision,
            receipt_href=receipts.get(one.receipt_id, "") if one.receipt_id else "",
            receipt_note=_receipt_note(one, receipts),
            stage=Badge(word=EXPENSE_MACHINE.label(one.stage), tint=EXPENSE_MACHINE.tint(one.stage)),
            can_approve=may and one.stage != "approved",
            can_reject=may and one.stage != "rejected",
        )
        for one in found
    ]


def form(work: Work, expense_id: UUID) -> ExpenseForm:
    """The form in which a claim is approved; the amount starts as it was claimed.

    Raises:
        NotFound: there is none here. Forbidden: the role does not decide on claims.
    """
    work.actor.require(Permission.EXPENSES_APPROVE)
    row = work.get(Expense, expense_id)
    shown = rows(work, [row])[0]
    tenant = work.actor.tenant
    cents = row.claimed_cents
    amount = "" if cents is None else format_money(Money(cents, tenant.currency), tenant.locale, symbol=False)
    return ExpenseForm(
        id=shown.id,
        version=row.version,
        heading=f"Approve “{row.title}”",
        who=shown.who,
        claimed=shown.claimed,
        receipt_href=shown.receipt_href,
        amount=amount,
    )


def approve(work: Work, typed: ExpenseForm) -> str:
    """Approves the claim with the amount that was typed; what to say of it.

    Raises:
        Invalid: at `amount` or `reason`. NotFound, Conflict, Forbidden, Stale: as their words say.
    """
    tenant = work.actor.tenant
    try:
        found = parse_money(typed.amount, tenant.currency, locale=tenant.locale)
    except MoneyError as error:
        raise Invalid(str(error), errors=[FieldError("amount", str(error))]) from None
    amount = MoneyBody(amount_cents=found.cents, currency=found.currency)
    body = ExpenseMoveBody(amount=amount, reason=typed.reason or None)
    card = expenses.move(work, UUID(typed.id), "approve", body, version=typed.version)
    return f"{words.money(work, found.cents)} approved for “{card.title}”."


def reject(work: Work, expense_id: UUID, reason: str) -> None:
    """Rejects a claim.

    Raises:
        NotFound, Conflict, Forbidden, Invalid: as their words say.
    """
    expenses.move(work, expense_id, "reject", ExpenseMoveBody(reason=reason))


def _receipts(work: Work, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Where each receipt that has come opens; empty for one that is still being checked."""
    found = related.by_id(work, File, ids)
    return {row_id: f"/files/{row_id}" if file.stage == "clean" else "" for row_id, file in found.items()}


def _receipt_note(row: Expense, receipts: dict[UUID, str]) -> str:
    if row.receipt_id is None:
        return "No receipt"
    if row.receipt_id not in receipts:
        return "Receipt still on the phone"
    return "" if receipts[row.receipt_id] else "Receipt not checked yet"
