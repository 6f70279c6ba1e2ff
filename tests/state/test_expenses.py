"""Claims and tasks on screen: their lists, the form in which a claim is approved, checklists in the settings."""

import pytest

from models.access import Role
from models.expenses import Expense
from ontrack_app.services import checklist_templates, tasks
from ontrack_app.services.listing import Query
from state.checklist_templates import ChecklistTemplatesState
from state.expenses import ExpensesState
from state.tasks import TasksState
from state.visits import PlanState
from tests.factories.companies import Company, Person
from tests.factories.crew import Crew, crew
from tests.state.support import Screen
from tests.state.tabs import Open


@pytest.fixture
def here(company: Company) -> Crew:
    return crew(company)


def on_claims(tab: Open, here: Crew, asked: str = "", person: Person | None = None) -> Screen:
    screen = tab(person or here.company.office, f"/expenses{asked}")
    screen.send(ExpensesState.load)
    return screen


def test_a_claim_is_approved_with_another_amount_and_the_reason(here: Crew, tab: Open) -> None:
    expense_id = str(here.expense(4200))
    screen = on_claims(tab, here)
    (row,) = screen.state(ExpensesState).rows
    assert (row.claimed, row.approved, row.receipt_note, row.can_approve) == (
        "$42.00",
        "",
        "No receipt",
        True,
    )
    screen.send(ExpensesState.approve, expense_id=expense_id)
    assert screen.state(ExpensesState).form.amount == "42.00"
    screen.send(ExpensesState.keep, data={"amount": "forty", "reason": ""})
    assert list(screen.state(ExpensesState).errors) == ["amount"]
    screen.send(ExpensesState.keep, data={"amount": "40", "reason": ""})
    assert list(screen.state(ExpensesState).errors) == ["reason"]
    screen.send(ExpensesState.keep, data={"amount": "40", "reason": "Two were a tip"})
    assert screen.toasts[-1].text == "$40.00 approved for “Dump fee”."
    (row,) = on_claims(tab, here, "?tab=approved").state(ExpensesState).rows
    assert (row.approved, row.differs, row.decision) == ("$40.00", True, "Two were a tip")


def test_a_rejection_asks_why(here: Crew, tab: Open) -> None:
    expense_id = here.expense()
    screen = on_claims(tab, here)
    screen.send(ExpensesState.reject, expense_id=str(expense_id))
    assert screen.state(ExpensesState).question.title == "Reject “Dump fee”"
    screen.send(ExpensesState.answer, data={"reason": ""})
    assert screen.state(ExpensesState).asking
    screen.send(ExpensesState.answer, data={"reason": "No receipt"})
    with here.company.work() as work:
        assert (work.get(Expense, expense_id).stage, work.get(Expense, expense_id).decision) == ("rejected", "No receipt")  # fmt: skip


def test_claims_are_found_by_their_visit(here: Crew, tab: Open) -> None:
    here.expense()
    assert len(on_claims(tab, here, "?q=shingles").state(ExpensesState).rows) == 1
    assert on_claims(tab, here, "?q=gutters").state(ExpensesState).status == "nothing"
    assert len(on_claims(tab, here, f"?visit_id={here.visit_id}").state(ExpensesState).rows) == 1


def test_tasks_lead_to_planning_and_are_dropped_with_a_reason(here: Crew, tab: Open) -> None:
    task_id = str(here.asks("follow_up", "Second coat"))
    screen = tab(here.company.office, "/tasks")
    screen.send(TasksState.load)
    (row,) = screen.state(TasksState).rows
    assert (row.kind, row.text, row.plan, row.visit) == ("Another visit", "Second coat", "Plan a visit", "Shingles")  # fmt: skip
    screen.send(PlanState.plan_task, task_id=task_id)
    assert screen.state(PlanState).plan.job_id == str(here.job_id)
    screen.send(TasksState.move, task_id=task_id, name="drop")
    assert screen.state(TasksState).asking
    screen.send(TasksState.answer, data={"reason": "Was dry already"})
    assert screen.state(TasksState).status == "none"
    with here.company.office.work() as work:
        assert [one.stage for one in tasks.list_page(work, Query()).items] == ["dropped"]


@pytest.mark.parametrize("role", [Role.CREW, Role.CLIENT, Role.PROPERTY_MANAGER])
def test_nobody_else_decides_on_claims_and_tasks(here: Crew, tab: Open, role: Role) -> None:
    expense_id, task_id = here.expense(), here.asks()
    person = here.person if role is Role.CREW else here.company.once(role)
    screen = on_claims(tab, here, person=person)
    assert all((row.claimed, row.can_approve) == ("", False) for row in screen.state(ExpensesState).rows)
    screen.send(ExpensesState.approve, expense_id=str(expense_id))
    screen.send(TasksState.move, task_id=str(task_id), name="finish")
    assert screen.state(ExpensesState).form.id == ""
    with here.company.office.work() as work:
        assert tasks.get(work, task_id).stage == "open"


def test_an_admin_writes_a_checklist_step_by_step(company: Company, tab: Open) -> None:
    screen = tab(company.admin, "/settings/checklists")
    screen.send(ChecklistTemplatesState.load)
    assert screen.state(ChecklistTemplatesState).status == "empty"
    screen.send(ChecklistTemplatesState.start)
    keys = [one.key for one in screen.state(ChecklistTemplatesState).draft.steps]
    screen.send(ChecklistTemplatesState.keep)
    assert "name" in screen.state(ChecklistTemplatesState).errors
    screen.send(ChecklistTemplatesState.set_name, text="Leak")
    screen.send(ChecklistTemplatesState.keep)
    assert screen.state(ChecklistTemplatesState).trouble == "Write down at least one step."
    screen.send(ChecklistTemplatesState.set_step, key=keys[0], part="label", text="Water off")
    screen.send(ChecklistTemplatesState.set_step, key=keys[1], part="label", text="Moisture")
    screen.send(ChecklistTemplatesState.set_step, key=keys[1], part="kind", text="number")
    screen.send(ChecklistTemplatesState.require_step, key=keys[1], is_required=True)
    screen.send(ChecklistTemplatesState.shift_step, key=keys[1], by=-1)
    screen.send(ChecklistTemplatesState.keep)
    (row,) = screen.state(ChecklistTemplatesState).rows
    assert [(one.label, one.kind_label, one.required) for one in row.steps] == [("Moisture", "Number", True), ("Water off", "Tick", False)]  # fmt: skip
    screen.send(ChecklistTemplatesState.put_away, template_id=row.id)
    with company.office.work() as work:
        assert checklist_templates.list_page(work, Query(sort="name")).items == []
