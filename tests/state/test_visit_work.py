"""A visit's page: steps with their answers, hours, materials, expenses, signatures and what crews asked."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from models.access import Role
from models.ids import new_id
from ontrack_app.schemas.checklist_items import TemplateBody
from ontrack_app.schemas.crew_work import AnswerBody, VisitSignatureBody
from ontrack_app.schemas.screens.visit_work import VisitWork
from ontrack_app.services import checklist_items, checklist_templates, visit_signatures, visits
from ontrack_app.services.clocks import Clock
from ontrack_app.services.screens.visit_work import drawn
from state.tasks import TaskFormState
from state.visit_work import VisitWorkState
from state.visits import PlanState
from tests.factories.companies import Company, Person
from tests.factories.crew import Crew, crew
from tests.state.support import Screen
from tests.state.tabs import Open

STROKES = [[[10.0, 10.0], [20.0, 30.0]], [[15.0, 12.0]]]


@pytest.fixture
def here(company: Company) -> Crew:
    return crew(company)


def on_visit(tab: Open, here: Crew, person: Person | None = None) -> Screen:
    screen = tab(person or here.company.office, f"/visits/{here.visit_id}")
    screen.send(VisitWorkState.load)
    return screen


def shown(screen: Screen) -> VisitWork:
    return screen.state(VisitWorkState).work


def answered(here: Crew, item_id: Any, **given: Any) -> None:
    with here.person.work() as work:
        checklist_items.answer(
            work, AnswerBody(id=new_id(), visit_id=here.visit_id, item_id=item_id, **given)
        )


def test_everything_that_a_crew_brings_home_is_there(here: Crew, tab: Open) -> None:
    here.hours(minutes=90, fast=timedelta(hours=2)), here.uses(), here.expense(4200), here.asks()
    words = "Roof done, all swept."
    with here.person.work() as work:
        visit_signatures.capture(
            work,
            VisitSignatureBody(id=new_id(), visit_id=here.visit_id, kind="drawn", name="Ana", strokes=STROKES,
                               shown=words, hash=hashlib.sha256(words.encode()).hexdigest()),
            Clock(work.at),
        )  # fmt: skip
    found = shown(on_visit(tab, here))
    assert (found.hours_note, found.hours[0].off) == ("Work 1 h 30", "Phone’s clock was 2 h fast")
    assert [(one.name, one.quantity) for one in found.materials] == [("Nails", "1")]
    assert [(one.claimed, one.receipt_note) for one in found.expenses] == [("$42.00", "No receipt")]
    (signed,) = found.signatures
    assert (signed.name, signed.shown, signed.hash) == (
        "Ana",
        words,
        hashlib.sha256(words.encode()).hexdigest(),
    )
    assert (signed.path, signed.box) == ("M8.0 8.0L18.0 28.0 M13.0 10.0", "0 0 26 36")
    assert [(one.kind, one.plan) for one in found.tasks] == [("Extra work", "Plan a visit")]


def test_nothing_drawn_is_no_drawing() -> None:
    assert drawn([]) == drawn([[[]]]) == ("", "")


def test_steps_are_added_moved_and_taken_off(here: Crew, tab: Open) -> None:
    screen = on_visit(tab, here)
    screen.send(VisitWorkState.add_step, data={"label": " ", "kind": "check"})
    assert screen.state(VisitWorkState).step_error == "Say what the step is."
    for label in ("Water off", "Photo after"):
        screen.send(VisitWorkState.add_step, data={"label": label, "kind": "photo", "required": "true"})
    first, second = shown(screen).steps
    assert (first.label, first.kind, first.required) == ("Water off", "Photo", True)
    screen.send(VisitWorkState.shift_step, item_id=second.id, by=-1)
    screen.send(VisitWorkState.remove_step, item_id=first.id)
    assert [one.label for one in shown(screen).steps] == ["Photo after"]


def test_an_answer_says_who_and_when_and_is_opened_again_with_a_reason(here: Crew, tab: Open) -> None:
    item_id = here.step("Moisture", kind="number")
    answered(here, item_id, value="14")
    screen = on_visit(tab, here)
    (step,) = shown(screen).steps
    assert (step.value, step.stage.word, step.can_remove) == ("14", "Done", False)
    assert step.by.startswith("Crew")
    assert shown(screen).steps_note == "1 of 1 answered"
    screen.send(VisitWorkState.move_step, item_id=step.id, name="reopen")
    assert screen.state(VisitWorkState).question.needs_reason
    screen.send(VisitWorkState.answer, data={"reason": " "})
    assert "reason" in screen.state(VisitWorkState).question_error
    screen.send(VisitWorkState.answer, data={"reason": "Measured in the wrong room"})
    (step,) = shown(screen).steps
    assert (step.stage.word, step.value, step.by, screen.state(VisitWorkState).asking) == ("Open", "", "", False)  # fmt: skip


def test_a_failed_step_shows_why_and_asks_the_office(here: Crew, tab: Open) -> None:
    answered(here, here.step("Valve holds", kind="check"), outcome="failed", reason="Drips")
    found = shown(on_visit(tab, here))
    assert (found.steps[0].reason, found.steps[0].stage.word) == ("Drips", "Failed")
    assert [(one.kind, one.text) for one in found.tasks] == [("Failed check", "“Valve holds” failed. Drips")]


def test_a_checklist_is_used_on_the_visit_and_when_planning(here: Crew, tab: Open) -> None:
    with here.company.admin.work() as work:
        body = TemplateBody.model_validate({"name": "Leak", "steps": [{"label": "Water off"}]})
        template_id = str(checklist_templates.create(work, body).id)
    screen = on_visit(tab, here)
    assert [one.label for one in shown(screen).checklists] == ["Leak, 1 step"]
    screen.send(VisitWorkState.use_checklist, template_id=template_id)
    assert [one.label for one in shown(screen).steps] == ["Water off"]
    screen.send(PlanState.plan_new, job_id=str(here.job_id))
    screen.send(PlanState.set_part, name="checklist_id", text=template_id)
    screen.send(PlanState.keep, data={"title": "Second trip"})
    with here.company.office.work() as work:
        made = next(one for one in visits.list_page(work, visits.Query()).items if one.title == "Second trip")
        assert [one.label for one in checklist_items.of_visit(work, made.id)] == ["Water off"]


def test_hours_and_tasks_are_decided_on_the_page(here: Crew, tab: Open) -> None:
    entry_id, task_id = str(here.hours()), str(here.asks())
    screen = on_visit(tab, here)
    screen.send(VisitWorkState.move_hours, entry_id=entry_id, name="approve")
    assert shown(screen).hours[0].stage.word == "Approved"
    screen.send(VisitWorkState.move_task, task_id=task_id, name="drop")
    screen.send(VisitWorkState.answer, data={"reason": "Asked twice"})
    assert shown(screen).tasks[0].stage.word == "Dropped"
    screen.send(TaskFormState.add, visit_id=str(here.visit_id))
    screen.send(TaskFormState.keep, data={"text": "", "due_on": ""})
    assert screen.state(TaskFormState).errors == {"text": "Say what is to be done."}
    screen.send(TaskFormState.keep, data={"text": "Order flashing", "due_on": "2030-01-02"})
    screen.send(VisitWorkState.load)
    assert [(one.text, one.due) for one in shown(screen).tasks][-1] == ("Order flashing", "Jan 2, 2030")


@pytest.mark.parametrize("role", [Role.CLIENT, Role.PROPERTY_MANAGER])
def test_customers_get_nothing_of_it(here: Crew, tab: Open, role: Role) -> None:
    here.hours(), here.uses(), here.expense(), here.asks(), here.step()
    assert shown(on_visit(tab, here, here.company.once(role))) == VisitWork()


def test_a_crew_reads_no_amount_and_gives_no_steps(here: Crew, tab: Open) -> None:
    here.expense(4200), here.step()
    screen = on_visit(tab, here, here.person)
    assert [(one.claimed, one.approved) for one in shown(screen).expenses] == [("", "")]
    assert not shown(screen).can_add_step
    screen.send(VisitWorkState.add_step, data={"label": "Easier", "kind": "check"})
    assert len(shown(screen).steps) == 1


def test_another_company_sees_nothing(here: Crew, other: Company, tab: Open) -> None:
    item_id = str(here.step())
    screen = on_visit(tab, here, other.office)
    assert shown(screen) == VisitWork()
    screen.send(VisitWorkState.remove_step, item_id=item_id)
    assert [one.id for one in shown(on_visit(tab, here)).steps] == [item_id]
