"""Steps of a visit as the office gives and changes them, and checklists that are copied onto visits."""

from typing import Any
from uuid import UUID

import pytest

from models.access import Role
from models.checklist_items import ChecklistResult
from models.ids import new_id
from ontrack_app.errors import Conflict, Forbidden, Invalid, NotFound
from ontrack_app.schemas.checklist_items import ItemMoveBody, ItemPatch, TemplateBody, TemplatePatch
from ontrack_app.schemas.crew_work import AnswerBody
from ontrack_app.schemas.jobs import VisitMoveBody
from ontrack_app.services import checklist_items, checklist_templates, materials, visits
from ontrack_app.services.listing import Query
from ontrack_app.services.screens import visit_work
from tests.factories import spine
from tests.factories.companies import Company
from tests.factories.crew import Crew, crew

STEPS = [{"label": "Water off", "kind": "check", "required": True}, {"label": "Moisture", "kind": "number"}]


@pytest.fixture
def here(company: Company) -> Crew:
    return crew(company)


def labels(here: Crew) -> list[str]:
    with here.company.office.work() as work:
        return [one.label for one in checklist_items.of_visit(work, here.visit_id)]


def answered(here: Crew, item_id: UUID, **given: Any) -> None:
    with here.person.work() as work:
        body = AnswerBody(id=new_id(), visit_id=here.visit_id, item_id=item_id, **given)
        checklist_items.answer(work, body)


def template(here: Crew, name: str = "Leak") -> UUID:
    with here.company.admin.work() as work:
        body = TemplateBody.model_validate({"name": name, "steps": STEPS})
        return checklist_templates.create(work, body).id


def test_steps_stand_in_the_order_that_the_office_gives_them(here: Crew) -> None:
    ids = [here.step(label) for label in ("One", "Two", "Three")]
    with here.company.office.work() as work:
        visit_work.shift_step(work, ids[2], -1)
    assert labels(here) == ["One", "Three", "Two"]
    with here.company.office.work() as work:
        visit_work.shift_step(work, ids[0], -1)
        checklist_items.patch(work, ids[0], ItemPatch(position=3))
    assert labels(here) == ["Three", "Two", "One"]
    assert (here.step("Four"), labels(here)[-1])[1] == "Four"


def test_only_an_open_step_is_changed_or_taken_off(here: Crew) -> None:
    item_id = here.step("Photo", kind="check")
    with here.company.office.work() as work:
        assert checklist_items.patch(work, item_id, ItemPatch(label="Picture", required=True)).required
    answered(here, item_id)
    for refused in (
        lambda work: checklist_items.patch(work, item_id, ItemPatch(label="Other")),
        lambda work: checklist_items.archive(work, item_id),
    ):
        with pytest.raises(Conflict, match="answered"), here.company.office.work() as work:
            refused(work)
    with here.company.office.work() as work:
        card = checklist_items.move(work, item_id, "reopen", ItemMoveBody(reason="Wrong photo"))
        assert (card.stage, card.value, card.answered_at) == ("open", "", None)
        checklist_items.archive(work, item_id)
    assert labels(here) == []


def test_a_step_that_was_taken_off_takes_no_answer(here: Crew) -> None:
    item_id = here.step()
    with here.company.office.work() as work:
        checklist_items.archive(work, item_id)
    with pytest.raises(NotFound):
        answered(here, item_id, value="x")


def test_a_visit_that_is_over_gets_no_steps(here: Crew) -> None:
    template_id = template(here)
    with here.company.office.work() as work:
        visits.move(work, here.visit_id, "arrive", VisitMoveBody())
        visits.move(work, here.visit_id, "finish", VisitMoveBody())
    with pytest.raises(Conflict, match="over"):
        here.step()
    with pytest.raises(Conflict, match="over"), here.company.office.work() as work:
        checklist_items.use_template(work, here.visit_id, template_id)


def test_an_answer_over_the_office_door_is_a_fact_like_a_phones(here: Crew) -> None:
    item_id = here.step("Moisture", kind="number")
    with here.company.office.work() as work:
        with pytest.raises(Invalid, match="number"):
            checklist_items.move(work, item_id, "check", ItemMoveBody(value="wet"))
        card = checklist_items.move(work, item_id, "check", ItemMoveBody(value="14"))
        assert (card.stage, card.value) == ("done", "14")
    with pytest.raises(Invalid, match="reason"), here.company.office.work() as work:
        checklist_items.move(work, item_id, "skip", ItemMoveBody())
    with here.company.office.work() as work:
        found = work.all(work.of(ChecklistResult))
    assert [(one.item_id, one.value) for one in found] == [(item_id, "14")]


def test_a_checklist_is_copied_behind_the_steps_that_are_there(here: Crew) -> None:
    here.step("First")
    template_id = template(here)
    with here.company.office.work() as work:
        added = checklist_items.use_template(work, here.visit_id, template_id)
    assert [(one.label, one.kind, one.required, one.stage) for one in added] == [
        ("Water off", "check", True, "open"),
        ("Moisture", "number", False, "open"),
    ]
    with here.company.admin.work() as work:
        checklist_templates.patch(work, template_id, TemplatePatch.model_validate({"steps": STEPS[:1]}))
    assert labels(here) == ["First", "Water off", "Moisture"]


def test_a_step_that_is_changed_is_kept_whole(here: Crew) -> None:
    template_id = template(here)
    with here.company.admin.work() as work:
        body = TemplatePatch.model_validate({"steps": [{"label": "Roof looked at"}]})
        checklist_templates.patch(work, template_id, body)
    with here.company.admin.work() as work:
        (step,) = checklist_templates.get(work, template_id).steps
        assert (step.label, step.kind, step.required) == ("Roof looked at", "check", False)


def test_a_new_visit_can_start_with_a_checklist(here: Crew) -> None:
    template_id = template(here)
    visit = spine.visit(here.company, here.job_id, checklist_template_id=template_id)
    with here.company.office.work() as work:
        assert len(checklist_items.of_visit(work, visit.id)) == 2
    with pytest.raises(Invalid) as refused:
        spine.visit(here.company, here.job_id, checklist_template_id=new_id())
    assert refused.value.errors[0].field == "checklist_template_id"


def test_the_office_uses_checklists_and_an_admin_shapes_them(here: Crew) -> None:
    template_id = template(here)
    with here.company.office.work() as work:
        assert checklist_templates.get(work, template_id).name == "Leak"
        with pytest.raises(Forbidden):
            checklist_templates.patch(work, template_id, TemplatePatch(name="Other"))
        with pytest.raises(Forbidden):
            checklist_templates.archive(work, template_id)
    with here.company.admin.work() as work:
        checklist_templates.archive(work, template_id)
        assert checklist_templates.list_page(work, Query(sort="name")).items == []


def test_a_crew_reads_its_visits_things_and_gives_no_steps(here: Crew) -> None:
    item_id, used = here.step(), here.uses()
    template_id = template(here)
    with here.person.work() as work:
        assert [one.id for one in checklist_items.list_page(work, Query()).items] == [item_id]
        assert [one.id for one in materials.list_page(work, Query()).items] == [used]
        for refused in (
            lambda: checklist_items.patch(work, item_id, ItemPatch(label="Easier")),
            lambda: checklist_items.archive(work, item_id),
            lambda: checklist_items.move(work, item_id, "reopen", ItemMoveBody(reason="x")),
            lambda: checklist_templates.list_page(work, Query(sort="name")),
            lambda: checklist_items.use_template(work, here.visit_id, template_id),
        ):
            with pytest.raises((Forbidden, Conflict)):
                refused()
    with here.other.work() as work:
        assert checklist_items.list_page(work, Query()).items == []
        assert materials.list_page(work, Query()).items == []


@pytest.mark.parametrize("role", [Role.CLIENT, Role.PROPERTY_MANAGER])
@pytest.mark.parametrize("service", [checklist_items, materials, checklist_templates])
def test_customers_see_nothing_of_it(here: Crew, role: Role, service: Any) -> None:
    here.step(), here.uses()
    with here.company.once(role).work() as work, pytest.raises(Forbidden):
        service.list_page(work, Query())


def test_another_company_sees_nothing(here: Crew, other: Company) -> None:
    item_id, template_id = here.step(), template(here)
    with other.admin.work() as work:
        for find in (checklist_items.get, checklist_templates.get):
            with pytest.raises(NotFound):
                find(work, item_id if find is checklist_items.get else template_id)
        assert checklist_templates.list_page(work, Query(sort="name")).items == []
