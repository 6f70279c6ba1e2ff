"""Tasks: what crews ask, what the office makes of it, and the way to planning."""

from datetime import date, timedelta

import pytest

from models.access import Role
from models.ids import new_id, now
from ontrack_app.errors import Conflict, Forbidden, Invalid, NotFound
from ontrack_app.schemas.common import MoveBody
from ontrack_app.schemas.crew_work import AskTimeBody
from ontrack_app.schemas.tasks import TaskBody, TaskPatch
from ontrack_app.services import tasks
from ontrack_app.services.listing import Query
from ontrack_app.services.screens import tasks as screens
from tests.factories.companies import Company
from tests.factories.crew import Crew, crew


@pytest.fixture
def here(company: Company) -> Crew:
    return crew(company)


def test_the_office_finishes_drops_and_reopens(here: Crew) -> None:
    task_id = here.asks()
    with here.company.office.work() as work:
        done = tasks.move(work, task_id, "finish", MoveBody())
    assert (done.stage, done.finished_at is not None) == ("done", True)
    with here.company.office.work() as work:
        assert tasks.move(work, task_id, "reopen", MoveBody()).finished_at is None
        with pytest.raises(Invalid, match="reason"):
            tasks.move(work, task_id, "drop", MoveBody())
        assert tasks.move(work, task_id, "drop", MoveBody(reason="Asked twice")).stage == "dropped"
    with pytest.raises(Conflict), here.company.office.work() as work:
        tasks.move(work, task_id, "finish", MoveBody())


def test_the_office_writes_tasks_down_and_gives_them_a_day(here: Crew) -> None:
    with here.company.office.work() as work:
        card = tasks.create(work, TaskBody(visit_id=here.visit_id, text="Order flashing"))
        assert (card.member_id, card.stage) == (here.company.office.member_id, "open")
        tasks.patch(work, card.id, TaskPatch(due_on=date(2030, 1, 2)))
        assert tasks.get(work, card.id).due_on == date(2030, 1, 2)
        assert tasks.patch(work, card.id, TaskPatch(due_on=None)).due_on is None
    with pytest.raises(Invalid), here.company.office.work() as work:
        tasks.create(work, TaskBody(visit_id=new_id(), text="On no visit"))


def test_a_crew_asks_and_does_not_decide(here: Crew) -> None:
    task_id = here.asks()
    with here.person.work() as work:
        assert [one.id for one in tasks.list_page(work, Query()).items] == [task_id]
        with pytest.raises(Forbidden):
            tasks.move(work, task_id, "finish", MoveBody())
        with pytest.raises(Forbidden):
            tasks.patch(work, task_id, TaskPatch(text="Other"))
    with here.other.work() as work, pytest.raises(NotFound):
        tasks.get(work, task_id)


@pytest.mark.parametrize("role", [Role.CLIENT, Role.PROPERTY_MANAGER])
def test_customers_see_no_tasks(here: Crew, role: Role) -> None:
    here.asks()
    with here.company.once(role).work() as work, pytest.raises(Forbidden):
        tasks.list_page(work, Query())


def test_another_company_sees_nothing(here: Crew, other: Company) -> None:
    task_id = here.asks()
    with other.office.work() as work, pytest.raises(NotFound):
        tasks.move(work, task_id, "finish", MoveBody())


def test_another_time_is_planned_from_what_was_wanted(here: Crew) -> None:
    start = now().replace(microsecond=0, second=0) + timedelta(days=3)
    body = AskTimeBody(
        id=new_id(), visit_id=here.visit_id, text="Client is away", planned_start=start, planned_end=start + timedelta(hours=2)
    )  # fmt: skip
    with here.person.work() as work:
        tasks.ask_time(work, body)
        zone = work.actor.tenant.zone
    with here.company.office.work() as work:
        plan = screens.plan(work, body.id)
    local = start.astimezone(zone)
    assert (plan.visit_id, plan.day, plan.start) == (str(here.visit_id), f"{local:%Y-%m-%d}", f"{local:%H:%M}")  # fmt: skip


@pytest.mark.parametrize("kind", ["follow_up", "extra_work"])
def test_more_work_is_planned_as_a_new_visit_of_the_job(here: Crew, kind: str) -> None:
    task_id = here.asks(kind, "Second coat")
    with here.company.office.work() as work:
        plan = screens.plan(work, task_id)
    assert (plan.visit_id, plan.job_id, plan.instructions) == ("", str(here.job_id), "Second coat")
