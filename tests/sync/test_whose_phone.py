"""Whose a phone is, and what it may still do: signed off, with other rights, another person's, another company's."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from models.access import Role
from models.devices import Device
from ontrack_app.schemas.jobs import VisitPatch
from ontrack_app.services import devices, properties, visits
from ontrack_app.services.listing import Query
from tests.sync.support import Ground, Phone, ground, note, rows, statuses


def test_a_revoked_phone_wipes_and_its_work_waits_for_a_decision(here: Ground, phone: Phone) -> None:
    for at in range(20):
        phone.does("note.add", note(here.visit_ids[0], f"{at}"))
    with here.company.admin.work() as work:
        devices.revoke(work, phone.id)
    assert phone.hello()["status"] == "wipe"
    assert statuses(phone.push()) == [("parked", "revoked")] * 20
    assert phone.call("GET", f"/pull?device_id={phone.id}&cursor=0").status_code == 410
    assert phone.call("GET", f"/snapshot?device_id={phone.id}").status_code == 410
    assert (rows(here, "notes"), rows(here, "quarantine")) == (0, 20)


def test_a_crew_signs_off_its_own_phone_and_nobody_elses(here: Ground, phone: Phone, http) -> None:
    theirs = Phone(http, here.company.person(Role.CREW))
    theirs.hello()
    with pytest.raises(Exception, match="no device"), phone.person.work() as work:
        devices.revoke(work, theirs.id)
    with phone.person.work() as work:
        devices.revoke(work, phone.id)
        assert [one.id for one in devices.list_page(work, Query(sort="-seen_at")).items] == [phone.id]
    with here.company.office.work() as work:
        assert {one.id for one in devices.list_page(work, Query(sort="-seen_at")).items} == {
            phone.id,
            theirs.id,
        }


def test_rights_are_those_of_now(here: Ground, phone: Phone) -> None:
    phone.does("note.add", note(here.visit_ids[0]))
    with here.company.work() as work:
        work.session.execute(text("INSERT INTO role_rights (tenant_id, id, version, created_at, updated_at, role, permission, granted) VALUES (app.tenant_id(), uuidv7(), 1, now(), now(), 'crew', 'notes:write', false)"))  # fmt: skip
    assert statuses(phone.push()) == [("rejected", "forbidden")]
    with here.company.work() as work:
        work.session.execute(text("INSERT INTO role_rights (tenant_id, id, version, created_at, updated_at, role, permission, granted) VALUES (app.tenant_id(), uuidv7(), 1, now(), now(), 'crew', 'visits:perform', false)"))  # fmt: skip
    phone.does("note.add", note(here.visit_ids[0]))
    assert statuses(phone.push()) == [("parked", "no_right")]
    assert phone.hello()["status"] == "wipe"


def test_work_on_a_visit_that_went_to_others_is_kept(here: Ground, phone: Phone) -> None:
    visit, other = here.visit_ids[0], here.company.person(Role.CREW)
    phone.does("note.add", note(visit))
    with here.company.office.work() as work:
        visits.patch(work, visit, VisitPatch(assignee_ids=[other.member_id]))
    assert statuses(phone.push()) == [("parked", "gone")]
    assert (rows(here, "notes"), rows(here, "quarantine")) == (0, 1)


def test_another_persons_phone_and_another_companys_are_not_known(
    here: Ground, phone: Phone, other, http
) -> None:
    for person in (here.company.person(Role.CREW), other.person(Role.CREW)):
        thief = Phone(http, person, id=phone.id)
        assert thief.push_raw([]).status_code == 404
        assert thief.call("GET", f"/pull?device_id={phone.id}&cursor=0").status_code == 404
        assert thief.call("GET", f"/snapshot?device_id={phone.id}").status_code == 404
    clock = {"now": datetime.now(UTC).isoformat()}
    stranger = Phone(http, here.company.person(Role.CREW), id=phone.id)
    body = {"device_id": str(phone.id), "schema": 2, "clock": clock}
    assert stranger.call("POST", "/hello", json=body).status_code == 409
    with here.company.work() as work:
        assert work.get(Device, phone.id).member_id == phone.person.member_id


def test_a_client_is_told_to_wipe_and_becomes_no_device(company, http) -> None:
    assert Phone(http, company.once(Role.CLIENT)).hello()["status"] == "wipe"
    with company.work() as work:
        assert work.first(work.of(Device)) is None


def test_what_others_do_at_another_tenants_visit_is_no_visit(company, other, http) -> None:
    theirs = ground(other)
    mine = ground(company)
    phone = Phone(http, mine.crews[0])
    phone.hello()
    phone.does("note.add", note(theirs.visit_ids[0]))
    phone.does("visit.move", {"visit_id": theirs.visit_ids[0], "move": "depart"})
    phone.does("property.access_notes", {"property_id": theirs.property_id, "text": "x"})
    assert statuses(phone.push()) == [("parked", "gone")] * 3
    with other.work() as work:
        assert work.session.execute(text("SELECT count(*) FROM notes")).scalar_one() == 0
        assert visits.get(work, theirs.visit_ids[0]).stage == "scheduled"
        assert properties.get(work, theirs.property_id).access_notes == ""


# apps of before
