"""What crews bring home over HTTP: lists by member and visit, decisions, and what each role is told."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.access import Role
from models.ids import new_id
from models.members import Member
from tests.factories.companies import Company, Person
from tests.factories.crew import Crew, crew
from tests.factories.http import Caller

Calling = Callable[[Person], Caller]
LISTS = ("/time-entries", "/expenses", "/tasks", "/materials", "/checklist-items", "/checklist-templates")


@pytest.fixture
def here(company: Company) -> Crew:
    return crew(company)


def full(here: Crew) -> dict[str, str]:
    """One of each; its address."""
    return {
        "/time-entries": str(here.hours()),
        "/expenses": str(here.expense(4200)),
        "/tasks": str(here.asks()),
        "/materials": str(here.uses()),
        "/checklist-items": str(here.step()),
    }


def test_hours_over_http(here: Crew, calling: Calling) -> None:
    call, entry_id = calling(here.company.office), here.hours()
    with here.company.work() as work:
        work.get(Member, here.person.member_id).hourly_cost_cents = 3000
    card = call.ok("POST", f"/time-entries/{entry_id}/moves/approve", {})
    assert (card["stage"], card["cost_rate"]) == ("approved", {"amount_cents": 3000, "currency": "USD"})
    for query, number in (
        (f"member_id={here.person.member_id}", 1),
        (f"member_id={here.other.member_id}", 0),
        (f"visit_id={here.visit_id}&approved=true", 1),
        ("approved=false", 0),
    ):
        assert len(call.ok("GET", f"/time-entries?{query}")["items"]) == number
    assert call("GET", "/time-entries?q=roof").status_code == 422
    assert call("POST", f"/time-entries/{entry_id}/moves/unapprove", {}).status_code == 200
    assert call("POST", f"/time-entries/{entry_id}/moves/lock", {}).json()["stage"] == "locked"
    assert call("POST", f"/time-entries/{entry_id}/moves/unapprove", {}).status_code == 409
    assert call("DELETE", f"/time-entries/{entry_id}").status_code == 405
    start = here.started
    body = {
        "member_id": str(here.person.member_id), "kind": "travel", "reason": "By phone",
        "started_at": start.isoformat(), "ended_at": (start + timedelta(minutes=20)).isoformat(),
    }  # fmt: skip
    made = call.ok("POST", "/time-entries", body)
    assert (made["stage"], made["stands"]) == ("open", True)
    corrected = call.ok("POST", "/time-entries", body | {"corrects_id": made["id"]})
    assert corrected["corrects_id"] == made["id"]
    assert call.ok("GET", f"/time-entries/{made['id']}")["stands"] is False


def test_claims_over_http(here: Crew, calling: Calling) -> None:
    call, expense_id = calling(here.company.office), here.expense(4200)
    amount = {"amount_cents": 4000, "currency": "USD"}
    assert call("POST", f"/expenses/{expense_id}/moves/approve", {"amount": amount}).status_code == 422
    card = call.ok("POST", f"/expenses/{expense_id}/moves/approve", {"amount": amount, "reason": "A tip"})
    assert (card["approved"], card["claimed"]["amount_cents"]) == (amount, 4200)
    assert call("POST", f"/expenses/{expense_id}/moves/reject", {}).status_code == 422
    assert call("POST", "/expenses", {}).status_code == 405


def test_tasks_and_steps_over_http(here: Crew, calling: Calling) -> None:
    call = calling(here.company.admin)
    task = call.ok("POST", "/tasks", {"visit_id": str(here.visit_id), "text": "Order flashing"})
    assert call.ok("PATCH", f"/tasks/{task['id']}", {"due_on": "2030-01-02"})["due_on"] == "2030-01-02"
    assert call.ok("POST", f"/tasks/{task['id']}/moves/finish", {})["stage"] == "done"
    step = call.ok("POST", "/checklist-items", {"visit_id": str(here.visit_id), "label": "Moisture", "kind": "number"})  # fmt: skip
    assert call.ok("GET", f"/checklist-items?visit_id={here.visit_id}&sort=position")["items"][0]["id"] == step["id"]  # fmt: skip
    assert call.ok("PATCH", f"/checklist-items/{step['id']}", {"required": True})["required"]
    assert call.ok("POST", f"/checklist-items/{step['id']}/moves/check", {"value": "14"})["stage"] == "done"
    assert call("DELETE", f"/checklist-items/{step['id']}").status_code == 409
    call.ok("POST", f"/checklist-items/{step['id']}/moves/reopen", {"reason": "Wrong room"})
    assert call("DELETE", f"/checklist-items/{step['id']}").status_code == 204
    steps = [{"label": "Water off", "required": True}]
    made = call.ok("POST", "/checklist-templates", {"name": "Leak", "steps": steps})
    assert made["steps"] == [{"label": "Water off", "kind": "check", "required": True}]
    body = {"job_id": str(here.job_id), "title": "Next", "checklist_template_id": made["id"]}
    visit = call.ok("POST", "/visits", body)
    assert len(call.ok("GET", f"/checklist-items?visit_id={visit['id']}")["items"]) == 1


def test_a_crew_reads_its_own_and_no_amount(here: Crew, calling: Calling) -> None:
    with here.company.work() as work:
        work.get(Member, here.person.member_id).hourly_cost_cents = 777_111
    ids = full(here)
    office, mine, others = (calling(one) for one in (here.company.office, here.person, here.other))
    office.ok("POST", f"/time-entries/{ids['/time-entries']}/moves/approve", {})
    for path, row_id in ids.items():
        answer = mine("GET", path)
        assert [one["id"] for one in answer.json()["items"]] == [row_id], path
        assert "777111" not in answer.text
        assert "4200" not in answer.text
        assert mine("GET", f"{path}/{row_id}").status_code == 200
        assert others.ok("GET", path)["items"] == []
        assert others("GET", f"{path}/{row_id}").status_code == 404
    for path in ("/time-entries", "/tasks", "/checklist-items", "/checklist-templates"):
        assert mine("POST", path, {}).status_code in (403, 422)
    start = here.started.isoformat()
    body = {"member_id": str(here.person.member_id), "started_at": start, "ended_at": start, "reason": "x"}
    assert mine("POST", "/time-entries", body).status_code == 403
    assert mine("POST", f"/expenses/{ids['/expenses']}/moves/approve", {}).status_code == 403
    assert mine("GET", "/checklist-templates").status_code == 403


@pytest.mark.parametrize("role", [Role.CLIENT, Role.PROPERTY_MANAGER])
def test_customers_get_nothing(here: Crew, calling: Calling, role: Role) -> None:
    ids, call = full(here), calling(here.company.once(role))
    assert {call("GET", path).status_code for path in LISTS} == {403}
    assert {call("GET", f"{path}/{row_id}").status_code for path, row_id in ids.items()} == {403}


def test_another_company_gets_nothing(here: Crew, other: Company, calling: Calling) -> None:
    ids, call = full(here), calling(other.admin)
    for path, row_id in ids.items():
        assert call.ok("GET", path)["items"] == []
        assert call("GET", f"{path}/{row_id}").status_code == 404
    assert call("POST", f"/tasks/{ids['/tasks']}/moves/finish", {}).status_code == 404
    assert call("POST", "/tasks", {"visit_id": str(here.visit_id), "text": "x"}).status_code == 422
    assert call("GET", f"/time-entries?visit_id={new_id()}").json()["items"] == []
