"""Jobs on screen: the next act, what is still needed, money, and who may do what."""

import pytest

from models.access import Role
from ontrack_app.schemas.common import MoveBody
from ontrack_app.schemas.jobs import VisitMoveBody
from ontrack_app.services import jobs, visits
from state.jobs import JobsState, JobState
from state.visits import PlanState
from tests.factories import spine
from tests.factories.companies import Company, Person
from tests.state.support import Screen
from tests.state.tabs import Open


def on_job(tab: Open, company: Company, job_id: object, person: Person | None = None) -> Screen:
    screen = tab(person or company.office, f"/jobs/{job_id}")
    screen.send(JobState.load)
    return screen


def primary(screen: Screen) -> list[str]:
    return [move.name for move in screen.state(JobState).record.moves if move.primary]


def finish(company: Company, visit_id: object) -> None:
    for name in ("arrive", "finish"):
        with company.office.work() as work:
            visits.move(work, visit_id, name, VisitMoveBody())  # type: ignore[arg-type]


def test_the_primary_button_is_always_the_next_step(company: Company, tab: Open) -> None:
    job_id = spine.job(company)
    assert primary(on_job(tab, company, job_id)) == ["add_visit"]
    spine.visit(company, job_id)
    assert primary(on_job(tab, company, job_id)) == ["plan"]
    planned = {"planned_start": "2026-06-15T13:00:00Z", "planned_end": "2026-06-15T17:00:00Z"}
    with company.office.work() as work:
        [visit] = jobs.visits_of(work, job_id)
        visits.move(work, visit.id, "schedule", VisitMoveBody.model_validate(planned))
    screen = on_job(tab, company, job_id)
    assert primary(screen) == []
    assert [need.text for need in screen.state(JobState).record.needs] == ["“Shingles” is not finished"]
    finish(company, visit.id)
    assert primary(on_job(tab, company, job_id)) == ["complete"]
    with company.office.work() as work:
        jobs.move(work, job_id, "complete", MoveBody())
    screen = on_job(tab, company, job_id)
    assert primary(screen) == ["invoice"]
    assert [badge.word for badge in screen.state(JobState).record.badges] == ["To invoice"]
    screen.send(JobState.move, name="invoice", reason="")
    assert screen.went_to[-1].startswith("/invoices/")


def test_planning_starts_from_the_job(company: Company, tab: Open) -> None:
    job_id = spine.job(company)
    screen = on_job(tab, company, job_id)
    screen.send(JobState.move, name="add_visit", reason="")
    plan = screen.state(PlanState)
    assert (plan.open, plan.plan.job_id, plan.plan.title) == (True, str(job_id), "New roof")


def test_money_of_a_job(company: Company, tab: Open) -> None:
    card = spine.invoice(company)
    figures = {one.label: one.value for one in on_job(tab, company, card.job_id).state(JobState).record.money}
    assert figures == {"Contract": "$210.00", "Billed": "$210.00", "Paid": "$0.00", "Left to bill": "$0.00"}


def test_the_list_says_what_is_to_be_invoiced(company: Company, tab: Open) -> None:
    job_id = spine.job(company)
    spine.job(company)
    with company.office.work() as work:
        jobs.move(work, job_id, "complete", MoveBody())
    screen = tab(company.office, "/jobs?tab=to_invoice")
    screen.send(JobsState.load)
    state = screen.state(JobsState)
    assert [row.id for row in state.rows] == [str(job_id)]
    assert {one.key: one.count for one in state.foot.tabs} == {
        "open": "1", "to_invoice": "1", "on_hold": "0", "completed": "1", "all": "2",
    }  # fmt: skip


def test_facts_are_kept_one_by_one(company: Company, tab: Open) -> None:
    screen = on_job(tab, company, spine.job(company))
    screen.send(JobState.set_fact, name="po_number", text="PO-7")
    assert screen.state(JobState).record.po_number == "PO-7"
    screen.send(JobState.set_fact, name="title", text="x" * 500)
    assert screen.state(JobState).errors["title"]
    assert screen.state(JobState).record.title == "New roof"


@pytest.mark.parametrize("role", [Role.CREW, Role.CLIENT])
def test_others_change_nothing(company: Company, tab: Open, role: Role) -> None:
    job_id = spine.job(company)
    screen = on_job(tab, company, job_id, company.once(role))
    for name in ("complete", "cancel", "invoice"):
        screen.send(JobState.move, name=name, reason="Because")
    screen.send(JobState.set_fact, name="title", text="Mine")
    record = on_job(tab, company, job_id).state(JobState).record
    assert (record.stage_key, record.title, record.invoice_href) == ("open", "New roof", "")


def test_another_company_sees_nothing(company: Company, other: Company, tab: Open) -> None:
    job_id = spine.job(company)
    screen = on_job(tab, other, job_id)
    assert (screen.state(JobState).status, screen.state(JobState).record.id) == ("missing", "")
    screen.send(JobState.move, name="complete", reason="")
    lists = tab(other.office, "/jobs?tab=all")
    lists.send(JobsState.load)
    assert lists.state(JobsState).rows == []
    assert on_job(tab, company, job_id).state(JobState).record.stage_key == "open"
