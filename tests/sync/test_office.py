"""What the office decides of what phones brought: two values, by one tap; phones, and by whom they are seen and signed off."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from models.access import Role
from models.audit_entries import AuditEntry
from models.ids import new_id
from ontrack_app.errors import Conflict, Forbidden, Invalid, NotFound
from ontrack_app.schemas.clients import PropertyPatch
from ontrack_app.schemas.crew_work import ItemBody
from ontrack_app.schemas.jobs import VisitMoveBody
from ontrack_app.services import checklist_items, conflicts, devices, properties, visits
from ontrack_app.services.listing import Query
from ontrack_app.services.sync import quarantine
from tests.factories.companies import Company
from tests.sync.support import Ground, Phone, ground, to_choose, waiting


@pytest.fixture
def here(company: Company) -> Ground:
    return ground(company, crews=2)


@pytest.fixture
def phone(http: Any, here: Ground) -> Phone:
    found = Phone(http, here.crews[0])
    found.hello()
    return found


def said_otherwise(here: Ground, phone: Phone, before: list[tuple[str, str]], said: str, **more: Any) -> Any:
    """The office made these moves, and the phone says another one, which loses; the conflict."""
    visit = here.visit_ids[0]
    with here.company.office.work() as work:
        for name, reason in before:
            visits.move(work, visit, name, VisitMoveBody(reason=reason or None))
    result = phone.one("visit.move", {"visit_id": visit, "move": said, **more.pop("args", {})}, **more)
    assert (result["status"], result["code"]) == ("conflict", "stage")
    with here.company.office.work() as work:
        (found,) = to_choose(work)
    return found


@pytest.mark.parametrize(
    ("before", "said", "stage", "steps"),
    [
        ([], "finish", "done", ["arrive", "finish"]),
        ([("depart", "")], "finish", "done", ["arrive", "finish"]),
        ([("no_access", "Locked")], "finish", "done", ["schedule", "arrive", "finish"]),
        ([("no_access", "Locked")], "pause", "paused", ["schedule", "arrive", "pause"]),
    ],
)
def test_one_tap_brings_a_visit_to_where_its_crew_said_it_stands(
    here: Ground, phone: Phone, before: list[tuple[str, str]], said: str, stage: str, steps: list[str]
) -> None:
    found = said_otherwise(here, phone, before, said)
    assert (found.usable, found.lost["stage"]) == (True, stage)
    with here.company.office.work() as work:
        assert conflicts.decide(work, found.id, use=True).decision == "used"
        assert visits.get(work, here.visit_ids[0]).stage == stage
    with here.company.office.work() as work:
        asked = select(AuditEntry).where(col(AuditEntry.row_id) == here.visit_ids[0])
        trail = work.all(asked.order_by(col(AuditEntry.n)))
        made = [entry for entry in trail if entry.reason and "said on the phone" in entry.reason]
        assert [entry.word for entry in made] == [f"visits.{name}" for name in steps]
        assert found.member_name in made[0].reason


def test_what_was_told_of_is_dated_and_what_was_not_is_left_open(here: Ground, phone: Phone) -> None:
    """It finished when the phone says, by a clock put right; of its start nobody said when."""
    early = datetime.now(UTC) - timedelta(hours=3)
    said = (early + timedelta(hours=1)).isoformat()
    found = said_otherwise(here, phone, [], "finish", at=said, offset_ms=3_600_000)
    with here.company.office.work() as work:
        conflicts.decide(work, found.id, use=True)
        visit = visits.get(work, here.visit_ids[0])
    assert visit.actual_end is not None and abs(visit.actual_end - early) < timedelta(seconds=1)
    assert visit.actual_start is None


def test_a_done_visit_that_nobody_got_into_is_put_right_with_the_crews_reason(
    here: Ground, phone: Phone
) -> None:
    args = {"reason": "Nobody opened"}
    found = said_otherwise(here, phone, [("arrive", ""), ("finish", "")], "no_access", args=args)
    with here.company.office.work() as work:
        conflicts.decide(work, found.id, use=True)
        visit = visits.get(work, here.visit_ids[0])
    assert (visit.stage, visit.actual_start, visit.actual_end) == ("no_access", None, None)


def test_a_cancelled_visit_cannot_be_brought_back_and_says_so(here: Ground, phone: Phone) -> None:
    found = said_otherwise(here, phone, [("cancel", "Rain")], "finish")
    assert not found.usable
    with here.company.office.work() as work, pytest.raises(Conflict, match="Plan another visit"):
        conflicts.decide(work, found.id, use=True)
    with here.company.office.work() as work:
        assert [one.id for one in to_choose(work)] == [found.id], "refused, it waits on"
        assert conflicts.decide(work, found.id, use=False).decision == "kept"
        assert visits.get(work, here.visit_ids[0]).stage == "cancelled"


def test_required_steps_stand_in_the_way_of_the_crews_word_too(here: Ground, phone: Phone) -> None:
    found = said_otherwise(here, phone, [("no_access", "Locked")], "finish")
    with here.company.office.work() as work:
        body = ItemBody(visit_id=here.visit_ids[0], label="Photo after", kind="photo", required=True)
        checklist_items.create(work, body)
    with pytest.raises(Conflict, match="Photo after"), here.company.office.work() as work:
        conflicts.decide(work, found.id, use=True)
    with here.company.office.work() as work:
        assert visits.get(work, here.visit_ids[0]).stage == "no_access"


def test_a_crew_may_use_its_own_word_only_by_moves_of_its_own(here: Ground, phone: Phone) -> None:
    found = said_otherwise(here, phone, [("no_access", "Locked")], "finish")
    with pytest.raises(Forbidden), here.crews[0].work() as work:
        conflicts.decide(work, found.id, use=True)
    with here.company.office.work() as work:
        assert visits.get(work, here.visit_ids[0]).stage == "no_access"


def test_what_stands_now_is_told_beside_what_stood_then(here: Ground, phone: Phone) -> None:
    with here.company.office.work() as work:
        properties.patch(work, here.property_id, PropertyPatch(access_notes="Code 4711"))
    phone.one("property.access_notes", {"property_id": here.property_id, "text": "Side door"}, base={})
    with here.company.office.work() as work:
        properties.patch(work, here.property_id, PropertyPatch(access_notes="Code 9"))
    with here.company.office.work() as work:
        (found,) = to_choose(work)
    assert (found.kept["value"], found.now, found.lost["value"]) == ("Code 4711", "Code 9", "Side door")
    assert (found.device_id, found.member_id) == (phone.id, here.crews[0].member_id)


def test_conflicts_are_paged_and_each_sees_its_own(here: Ground, http: Any) -> None:
    for person in here.crews:
        own = Phone(http, person)
        own.hello()
        for at in range(2):
            with here.company.office.work() as work:
                notes = PropertyPatch(access_notes=f"{person.member_id} {at}")
                properties.patch(work, here.property_id, notes)
            own.one("property.access_notes", {"property_id": here.property_id, "text": f"{at}"}, base={})
    with here.company.office.work() as work:
        first = conflicts.list_page(work, Query(limit=3))
        rest = conflicts.list_page(work, Query(limit=3, cursor=first.next_cursor))
        assert len({one.id for one in (*first.items, *rest.items)}) == 4 and rest.next_cursor is None
        mine = conflicts.list_page(work, Query(filters={"member_id": str(here.crews[0].member_id)}))
        assert {one.member_id for one in mine.items} == {here.crews[0].member_id}
        assert conflicts.list_page(work, Query(filters={"kind": "stage"})).items == []
        with pytest.raises(Invalid, match="not searched"):
            conflicts.list_page(work, Query(q="Ana"))
        theirs = first.items[0]
    other = next(one for one in here.crews if one.member_id != theirs.member_id)
    with other.work() as work:
        assert {one.member_id for one in conflicts.list_page(work, Query()).items} == {other.member_id}
        for touch in (
            lambda: conflicts.get(work, theirs.id),
            lambda: conflicts.decide(work, theirs.id, use=True),
        ):
            with pytest.raises(NotFound):
                touch()


def test_waiting_work_names_its_visit_and_stays_readable(here: Ground, phone: Phone) -> None:
    visit = here.visit_ids[0]
    phone.does("note.add", {"id": new_id(), "visit_id": visit, "text": "Dog is friendly"})
    phone.does("roof.measure", {"area": "31 m2"})
    with here.company.admin.work() as work:
        devices.revoke(work, phone.id)
    phone.push()
    with here.company.office.work() as work:
        about, none = waiting(work)
        assert (about.visit_id, none.visit_id) == (visit, None)
        found = quarantine.list_page(work, Query(sort="received_at", filters={"visit_id": str(visit)}))
        assert [one.id for one in found.items] == [about.id]
        assert quarantine.discard(work, about.id, "Entered by hand").decision == "dropped"
    with here.company.office.work() as work:
        kept = quarantine.get(work, about.id)
        assert (kept.args["text"], kept.decided_by) == ("Dog is friendly", here.company.office.member_id)
        assert [one.id for one in waiting(work)] == [none.id]


def test_phones_are_seen_by_who_sees_members_and_signed_off_by_who_manages_them(
    here: Ground, phone: Phone, http: Any
) -> None:
    theirs = Phone(http, here.crews[1])
    theirs.hello()
    with here.company.office.work() as work:
        found = {one.id: one for one in devices.list_page(work, Query(sort="-seen_at")).items}
        assert set(found) == {phone.id, theirs.id}
        assert found[phone.id].member_name and found[phone.id].storage_persisted is None
        with pytest.raises(Forbidden, match="manages members"):
            devices.revoke(work, phone.id)
    with here.crews[0].work() as work:
        assert [one.id for one in devices.list_page(work, Query(sort="-seen_at")).items] == [phone.id]
        with pytest.raises(NotFound):
            devices.get(work, theirs.id)
    with here.company.admin.work() as work:
        assert devices.revoke(work, theirs.id).revoked_by == here.company.admin.member_id


@pytest.mark.parametrize("role", [Role.CLIENT, Role.PROPERTY_MANAGER])
def test_customers_know_of_none_of_it(here: Ground, phone: Phone, role: Role) -> None:
    person = here.company.person(role, client_id=here.company.client().id)
    with person.work() as work:
        for service in (conflicts.list_page, quarantine.list_page, devices.list_page):
            with pytest.raises(Forbidden):
                service(work, Query())
        with pytest.raises((NotFound, Forbidden)):
            devices.get(work, phone.id)


def test_another_company_knows_of_none_of_it(here: Ground, phone: Phone, other: Company) -> None:
    found = said_otherwise(here, phone, [], "finish")
    with other.admin.work() as work:
        assert conflicts.list_page(work, Query()).items == []
        assert devices.list_page(work, Query(sort="-seen_at")).items == []
        for touch in (
            lambda: conflicts.decide(work, found.id, use=True),
            lambda: devices.revoke(work, phone.id),
            lambda: devices.get(work, phone.id),
        ):
            with pytest.raises(NotFound):
                touch()
