"""Claims as the office decides them, and what of them a crew is told."""

import pytest

from models.access import Role
from ontrack_app.errors import Conflict, Forbidden, Invalid, NotFound
from ontrack_app.schemas.common import MoneyBody
from ontrack_app.schemas.expenses import ExpenseCard, ExpenseMoveBody
from ontrack_app.services import expenses
from ontrack_app.services.listing import Query
from tests.factories.companies import Company
from tests.factories.crew import Crew, crew


@pytest.fixture
def here(company: Company) -> Crew:
    return crew(company)


def decided(here: Crew, expense_id, name: str = "approve", *, cents: int | None = None, reason: str = "") -> ExpenseCard:  # fmt: skip
    amount = None if cents is None else MoneyBody.of(cents, here.company.currency)
    with here.company.office.work() as work:
        return expenses.move(work, expense_id, name, ExpenseMoveBody(amount=amount, reason=reason or None))


def test_a_claim_is_approved_as_it_was_made(here: Crew) -> None:
    card = decided(here, here.expense(4200))
    assert (card.stage, card.approved, card.decision) == ("approved", card.claimed, "")
    assert card.approved is not None
    assert card.approved.amount_cents == 4200


def test_another_amount_needs_a_reason(here: Crew) -> None:
    expense_id = here.expense(4200)
    with pytest.raises(Invalid) as refused:
        decided(here, expense_id, cents=4000)
    assert [error.field for error in refused.value.errors] == ["reason"]
    card = decided(here, expense_id, cents=4000, reason="Two dollars were a tip")
    assert card.approved is not None
    assert (card.approved.amount_cents, card.decision) == (4000, "Two dollars were a tip")


def test_a_claim_without_an_amount_gets_one(here: Crew) -> None:
    expense_id = here.expense(None)
    with pytest.raises(Invalid, match="how much"):
        decided(here, expense_id)
    card = decided(here, expense_id, cents=1500)
    assert (card.claimed, card.approved and card.approved.amount_cents) == (None, 1500)


@pytest.mark.parametrize("currency", ["CAD", "EUR"])
def test_an_amount_in_another_currency_is_refused(here: Crew, currency: str) -> None:
    expense_id = here.expense()
    body = ExpenseMoveBody(amount=MoneyBody.of(4200, currency), reason="x")
    with pytest.raises(Invalid), here.company.office.work() as work:
        expenses.move(work, expense_id, "approve", body)


def test_a_rejection_says_why_and_can_be_thought_over(here: Crew) -> None:
    expense_id = here.expense()
    with pytest.raises(Invalid, match="reason"):
        decided(here, expense_id, "reject")
    assert decided(here, expense_id, "reject", reason="No receipt").stage == "rejected"
    with pytest.raises(Conflict):
        decided(here, expense_id, "reject", reason="Again")
    card = decided(here, expense_id)
    assert (card.stage, card.decision) == ("approved", "")


def test_a_crew_is_told_no_amount_and_nothing_of_others(here: Crew) -> None:
    expense_id = here.expense(4200)
    decided(here, expense_id, cents=4000, reason="Two dollars were a tip")
    with here.person.work() as work:
        (card,) = expenses.list_page(work, Query()).items
        assert (card.id, card.stage, card.claimed, card.approved, card.decision) == (expense_id, "approved", None, None, "")  # fmt: skip
        with pytest.raises(Forbidden):
            expenses.move(work, expense_id, "reject", ExpenseMoveBody(reason="x"))
    with here.other.work() as work:
        assert expenses.list_page(work, Query()).items == []
        with pytest.raises(NotFound):
            expenses.get(work, expense_id)


def test_a_crew_is_told_why_its_claim_was_rejected(here: Crew) -> None:
    expense_id = here.expense()
    decided(here, expense_id, "reject", reason="No receipt")
    with here.person.work() as work:
        assert expenses.get(work, expense_id).decision == "No receipt"


@pytest.mark.parametrize("role", [Role.CLIENT, Role.PROPERTY_MANAGER])
def test_customers_see_no_claims(here: Crew, role: Role) -> None:
    here.expense()
    with here.company.once(role).work() as work, pytest.raises(Forbidden):
        expenses.list_page(work, Query())


def test_another_company_sees_nothing(here: Crew, other: Company) -> None:
    expense_id = here.expense()
    with other.office.work() as work:
        assert expenses.list_page(work, Query()).items == []
        with pytest.raises(NotFound):
            expenses.move(work, expense_id, "approve", ExpenseMoveBody())
