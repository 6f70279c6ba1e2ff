"""Uploads are their sender's: to everybody else there are none, and nobody sends where nothing may be seen."""

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from models.access import Role
from models.ids import new_id, now
from ontrack_app.sessions import cookie_name
from ontrack_app.settings import settings
from tests.factories import spine
from tests.factories.companies import Company, Person
from tests.factories.files import TUS, UPLOADS, Phone, metadata, settle


@pytest.fixture
def strangers(company: Company, other: Company) -> dict[str, Person]:
    return {
        "another crew": company.person(Role.CREW), "office": company.office, "another company": other.admin,
        "another company's crew": other.once(Role.CREW),
    }  # fmt: skip


def test_nobody_else_touches_an_upload(phone: Phone, strangers: dict[str, Person]) -> None:
    phone.announce()
    mine = phone.person
    for name, person in strangers.items():
        phone.person = person
        found = [phone.look().status_code, phone.send(0, 10).status_code, phone.give_up().status_code]
        assert found == [404, 404, 404], name
    phone.person = mine
    assert phone.look().headers["upload-offset"] == "0"


def test_nobody_puts_a_file_where_it_sees_nothing(
    phone: Phone, strangers: dict[str, Person], company: Company
) -> None:
    for name in ("another crew", "another company", "another company's crew"):
        phone.person, phone.id = strangers[name], new_id()
        assert phone.announce().status_code == 404, name
    phone.person, phone.on = company.once(Role.CREW), ("estimates", spine.draft(company).id)
    assert phone.announce().status_code == 404
    phone.person, phone.on = company.once(Role.CLIENT), ("jobs", spine.job(company))
    assert phone.announce().status_code == 403


def test_without_a_session_or_key_nothing_is_said(phone: Phone) -> None:
    phone.announce()
    address = f"{UPLOADS}/{phone.id}"
    for method in ("HEAD", "DELETE", "PATCH"):
        headers = {**TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": "0"}
        assert phone.http.request(method, address, headers=headers).status_code == 401


def test_a_session_needs_our_header(phone: Phone, http: TestClient) -> None:
    cookie = {"Cookie": f"{cookie_name(settings())}={phone.person.cookie}"}
    described = metadata(id=phone.id, noun="visits", row_id=phone.on[1], filename="x.jpg", sha256="0" * 64)
    headers = {**TUS, **cookie, "Upload-Length": "10", "Upload-Metadata": described}
    assert http.post(UPLOADS, headers=headers).status_code == 403
    assert http.post(UPLOADS, headers=headers | {"X-OnTrack-Request": "1"}).status_code == 201


def test_a_crew_shows_nothing_to_customers_by_itself(phone: Phone, http: TestClient) -> None:
    phone.said["is_visible"] = "true"
    phone.whole()
    settle()
    assert phone.card()["is_visible"] is False
    address = f"/api/v1/files/{phone.id}"
    assert http.patch(address, json={"is_visible": True}, headers=phone.person.bearer).status_code == 403
    assert (
        http.patch(address, json={"phase": "after", "name": "Roof.jpg"}, headers=phone.person.bearer).json()[
            "phase"
        ]
        == "after"
    )


def test_the_record_tells_that_a_file_came(phone: Phone, company: Company) -> None:
    phone.whole()
    with company.work() as work:
        found = work.session.execute(
            text("SELECT noun, row_id, after->>'name' AS name FROM audit_entries WHERE word = 'files.added'")
        ).one()
    assert (found.noun, found.row_id, found.name) == ("visits", phone.on[1], "photo.jpg")


def test_a_key_without_the_right_adds_nothing(phone: Phone, company: Company) -> None:
    with company.work() as work:
        work.session.execute(text("INSERT INTO role_rights (tenant_id, id, version, created_at, updated_at, role, permission, granted) "
                                  "VALUES (:t, :i, 1, :n, :n, 'crew', 'files:write', false)"), {"t": company.id, "i": new_id(), "n": now()})  # fmt: skip
    assert phone.announce().status_code == 403
