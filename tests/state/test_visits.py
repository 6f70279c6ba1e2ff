"""The schedule on screen: days, planning with its warning of overlaps, moves, and who may do what."""

from datetime import timedelta

import pytest

from models.access import Role
from models.ids import now
from state.visits import PlanState, VisitsState, VisitState
from tests.factories import spine
from tests.factories.companies import Company, Person
from tests.state.support import Screen
from tests.state.tabs import Open


def on_visit(tab: Open, company: Company, visit_id: object, person: Person | None = None) -> Screen:
    screen = tab(person or company.office, f"/visits/{visit_id}")
    screen.send(VisitState.load)
    return screen


def on_schedule(tab: Open, company: Company, query: str = "") -> VisitsState:
    screen = tab(company.office, f"/visits{query}")
    screen.send(VisitsState.load)
    return screen.state(VisitsState)


def test_a_visit_is_planned_in_the_companys_zone(company: Company, tab: Open) -> None:
    visit = spine.visit(company, spine.job(company))
    crew = company.once(Role.CREW)
    screen = on_visit(tab, company, visit.id)
    screen.send(VisitState.move, name="schedule", reason="")
    assert screen.state(PlanState).plan.heading == "Schedule “Shingles”"
    for name, text in (("day", "2031-01-15"), ("start", "07:30"), ("end", "16:00")):
        screen.send(PlanState.set_part, name=name, text=text)
    screen.send(PlanState.choose, member_id=str(crew.member_id), goes=True)
    screen.send(PlanState.keep, data={"title": "Shingles", "instructions": "Mind the dog"})
    screen.send(VisitState.load)
    record = screen.state(VisitState).record
    facts = {fact.label: fact.value for fact in record.facts}
    assert (record.stage_key, record.instructions) == ("scheduled", "Mind the dog")
    assert facts["Planned"] == "Wed, Jan 15, 7:30 AM – 4:00 PM"
    assert facts["Crew"] == crew.email.split("@")[0].capitalize()


@pytest.mark.parametrize(
    ("part", "text", "words"),
    [("end", "06:00", "ends after it starts"), ("day", "soon", "Give a day"), ("start", "", "Give a time"), ("day", "", "Choose a day")],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused_at_its_field(
    company: Company, tab: Open, part: str, text: str, words: str
) -> None:
    visit = spine.visit(company, spine.job(company))
    screen = on_visit(tab, company, visit.id)
    screen.send(PlanState.plan_visit, visit_id=str(visit.id))
    screen.send(PlanState.set_part, name=part, text=text)
    screen.send(PlanState.keep, data={})
    state = screen.state(PlanState)
    assert words in state.errors[part]
    assert state.open and getattr(state.plan, part) == text


def test_an_overlap_warns_and_is_allowed(company: Company, tab: Open) -> None:
    crew, job_id = company.once(Role.CREW), spine.job(company)
    times = {"planned_start": "2031-01-15T14:00:00Z", "planned_end": "2031-01-15T18:00:00Z"}
    spine.visit(company, job_id, title="Tear-off", assignee_ids=[crew.member_id], **times)
    other = spine.visit(company, job_id, assignee_ids=[crew.member_id])
    screen = on_visit(tab, company, other.id)
    screen.send(PlanState.plan_visit, visit_id=str(other.id))
    screen.send(PlanState.set_part, name="day", text="2031-01-15")
    screen.send(PlanState.set_part, name="start", text="11:00")
    assert "is at “Tear-off”" in screen.state(PlanState).plan.warning
    screen.send(PlanState.set_part, name="start", text="12:00")
    screen.send(PlanState.set_part, name="end", text="13:00")
    assert screen.state(PlanState).plan.warning == ""
    screen.send(PlanState.set_part, name="start", text="11:00")
    screen.send(PlanState.keep, data={})
    assert screen.toasts[-1].text == "Shingles is planned. It overlaps 1 other visit."
    state = on_schedule(tab, company, "?tab=coming")
    assert [(day.title, [row.fact.word for row in day.rows]) for day in state.rows] == [
        ("Wednesday, Jan 15", ["Overlaps 1 visit", "Overlaps 1 visit"])
    ]


def test_the_schedule_narrows_to_a_person(company: Company, tab: Open) -> None:
    crew, job_id = company.once(Role.CREW), spine.job(company)
    soon = {
        "planned_start": now() + timedelta(days=20),
        "planned_end": now() + timedelta(days=20, hours=2),
    }
    spine.visit(company, job_id, title="Hers", assignee_ids=[crew.member_id], **soon)
    spine.visit(company, job_id, title="Nobody's", **soon)
    spine.visit(company, job_id, title="Undated")
    state = on_schedule(tab, company, f"?tab=coming&member={crew.member_id}")
    assert [row.title for day in state.rows for row in day.rows] == ["Hers"]
    state = on_schedule(tab, company, "?tab=undated")
    assert [row.title for day in state.rows for row in day.rows] == ["Undated"]
    assert {one.key: one.count for one in state.foot.tabs}["coming"] == "2"


def test_the_office_moves_a_visit_for_the_crew(company: Company, tab: Open) -> None:
    times = {"planned_start": "2031-01-15T14:00:00Z", "planned_end": "2031-01-15T18:00:00Z"}
    visit = spine.visit(company, spine.job(company), **times)
    screen = on_visit(tab, company, visit.id)
    assert [move.name for move in screen.state(VisitState).record.by_crew] == ["depart", "arrive"]
    screen.send(VisitState.move, name="arrive", reason="")
    screen.send(VisitState.move, name="no_access", reason="")
    assert "needs a reason" in screen.toasts[-1].text
    screen.send(VisitState.move, name="no_access", reason="The gate was locked")
    assert screen.state(VisitState).record.stage.word == "No access"
    screen.send(VisitState.move, name="correct", reason="They came after all")
    assert screen.state(VisitState).record.stage_key == "scheduled"


@pytest.mark.parametrize("role", [Role.CREW, Role.CLIENT])
def test_others_cannot_plan(company: Company, tab: Open, role: Role) -> None:
    visit = spine.visit(company, spine.job(company))
    screen = on_visit(tab, company, visit.id, company.once(role))
    screen.send(PlanState.plan_visit, visit_id=str(visit.id))
    assert not screen.state(PlanState).open
    screen.send(PlanState.keep, data={"day": "2031-01-15"})
    screen.send(VisitState.move, name="cancel", reason="Because")
    assert on_visit(tab, company, visit.id).state(VisitState).record.stage_key == "unscheduled"


def test_another_company_sees_nothing(company: Company, other: Company, tab: Open) -> None:
    visit = spine.visit(company, spine.job(company))
    screen = on_visit(tab, other, visit.id)
    assert screen.state(VisitState).status == "missing"
    screen.send(PlanState.plan_visit, visit_id=str(visit.id))
    assert not screen.state(PlanState).open
    assert on_schedule(tab, other, "?tab=undated").rows == []
