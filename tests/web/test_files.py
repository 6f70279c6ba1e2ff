"""`/files/{id}`: what is served to whom, with which headers, and that nobody else learns that there is anything."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from models.access import Role
from models.clients import Client
from models.ids import new_id
from ontrack_app.integrations import files
from ontrack_app.integrations.files.protocol import StoreAway
from ontrack_app.services.files import serving
from ontrack_app.sessions import cookie_name
from ontrack_app.settings import settings
from tests.background.support import forget_messages
from tests.factories import files as made
from tests.factories import spine
from tests.factories.companies import Company, Person
from tests.factories.files import Phone, settle
from tests.web.browsers import Browser, fresh_ip

PHOTO = made.picture()


@pytest.fixture
def client(company: Company) -> Client:
    return company.client()


@pytest.fixture
def visit_id(company: Company, client: Client, store_home: Path) -> UUID:
    crew = [str(company.once(Role.CREW).member_id)]
    found = spine.visit(company, spine.job(company, client), assignee_ids=crew)
    forget_messages()
    return found.id


@pytest.fixture
def photo(http: TestClient, company: Company, visit_id: UUID) -> Phone:
    """A clean photo of a visit."""
    phone = Phone(
        http, company.once(Role.CREW), PHOTO, ("visits", visit_id), {"filename": "Dach “ost”.jpg"}
    ).whole()
    settle()
    return phone


def show(company: Company, http: TestClient, phone: Phone, *, visible: bool = True) -> None:
    answer = http.patch(
        f"/api/v1/files/{phone.id}", json={"is_visible": visible}, headers=company.office.bearer
    )
    assert answer.status_code == 200


def ask(person: Person | None, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """The answer to a person's browser."""
    cookie = {"Cookie": f"{cookie_name(settings())}={person.cookie}"} if person else {}
    return Browser(ip=fresh_ip()).open(path, method, headers=cookie | headers)


def test_a_picture_is_shown_and_nothing_of_it_can_run(photo: Phone) -> None:
    answer = ask(photo.person, f"/files/{photo.id}")
    assert answer.status_code == 200 and answer.content.startswith(b"\xff\xd8\xff")
    said = answer.headers
    assert said["content-type"] == "image/jpeg" and said["x-content-type-options"] == "nosniff"
    assert said["content-security-policy"] == "sandbox; default-src 'none'"
    assert said["cache-control"] == "private, no-store"
    assert said["content-disposition"] == "inline; filename*=UTF-8''Dach%20%E2%80%9Cost%E2%80%9D.jpg"
    assert said["content-length"] == str(len(answer.content))
    small = ask(photo.person, f"/files/{photo.id}?variant=thumbnail")
    assert small.status_code == 200 and len(small.content) < len(answer.content)
    assert (
        ask(photo.person, f"/files/{photo.id}?save").headers["content-disposition"].startswith("attachment")
    )
    head = ask(photo.person, f"/files/{photo.id}", "HEAD")
    assert (head.status_code, head.content, head.headers["content-length"]) == (
        200,
        b"",
        said["content-length"],
    )


def test_a_document_is_only_ever_saved(http: TestClient, company: Company, visit_id: UUID) -> None:
    said = {"kind": "document", "filename": "Plan.html"}
    phone = Phone(http, company.office, made.PDF, ("visits", visit_id), said).whole()
    settle()
    for query in ("", "?save", "?variant=picture"):
        answer = ask(company.office, f"/files/{phone.id}{query}")
        assert answer.content == made.PDF and answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''Plan.pdf"
    assert ask(company.office, f"/files/{phone.id}?variant=thumbnail").status_code == 404


@pytest.mark.parametrize(
    "given, status, start, end",
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=10-", 206, 10, None),
        ("bytes=5-1000000", 206, 5, None),
        ("bytes=9-1", 200, 0, None),
        ("lines=1-2", 200, 0, None),
    ],
)
def test_a_part_is_served(photo: Phone, given: str, status: int, start: int, end: int | None) -> None:
    whole = ask(photo.person, f"/files/{photo.id}").content
    answer = ask(photo.person, f"/files/{photo.id}", Range=given)
    assert (answer.status_code, answer.content) == (status, whole[start:end])
    if status == 206:
        assert (
            answer.headers["content-range"] == f"bytes {start}-{start + len(answer.content) - 1}/{len(whole)}"
        )


def test_a_part_beyond_the_end(photo: Phone) -> None:
    assert ask(photo.person, f"/files/{photo.id}", Range="bytes=99999999-").status_code == 416


def test_who_sees_a_photo(
    photo: Phone, company: Company, other: Company, client: Client, http: TestClient
) -> None:
    owner = company.person(Role.CLIENT, client_id=client.id)
    manager = company.person(Role.PROPERTY_MANAGER, client_id=client.id)
    stranger, crew = company.once(Role.CLIENT), company.person(Role.CREW)
    outsiders = [other.admin, other.once(Role.CREW), other.once(Role.CLIENT)]
    always, never, when_shown = (
        [company.office, company.admin, photo.person],
        [stranger, crew, *outsiders],
        [owner, manager],
    )

    def statuses(people: list[Person]) -> set[int]:
        paths = [f"/files/{photo.id}", f"/files/{photo.id}?variant=thumbnail"]
        found = {ask(person, path).status_code for person in people for path in paths}
        return found | {
            http.get(f"/api/v1/files/{photo.id}", headers=person.bearer).status_code for person in people
        }

    assert (statuses(always), statuses(never), statuses(when_shown)) == ({200}, {404}, {404})
    assert listed(http, owner, photo) == []
    show(company, http, photo)
    assert (statuses(always), statuses(never), statuses(when_shown)) == ({200}, {404}, {200})
    assert listed(http, owner, photo) == [str(photo.id)] and listed(http, stranger, photo) == []
    show(company, http, photo, visible=False)
    assert statuses(when_shown) == {404}


def listed(http: TestClient, person: Person, photo: Phone) -> list[str]:
    found: dict[str, Any] = http.get(f"/api/v1/files?row_id={photo.on[1]}", headers=person.bearer).json()
    return [row["id"] for row in found["items"]]


def test_a_crew_that_does_not_go_there_any_more_sees_nothing(photo: Phone, company: Company) -> None:
    with company.work() as work:
        work.session.execute(text("DELETE FROM visit_assignees"))
    assert ask(photo.person, f"/files/{photo.id}").status_code == 404


def test_without_a_session_there_is_a_way_to_sign_in_and_no_file(photo: Phone) -> None:
    assert ask(None, f"/files/{photo.id}").status_code == 401
    assert ask(None, f"/files/{photo.id}", Authorization="Bearer nothing").status_code == 401
    assert ask(None, f"/files/{photo.id}", **photo.person.bearer).status_code == 200


@pytest.mark.parametrize(
    "path", ["/files/", "/files/x", "/files/{other}", "/files/{id}/x", "/files/..%2f..%2fetc"]
)
def test_what_is_not_there(photo: Phone, path: str) -> None:
    answer = ask(photo.person, path.format(id=photo.id, other=new_id()))
    assert answer.status_code == 404


@pytest.mark.parametrize("state", ["arriving", "arrived", "failed", "put away"])
def test_only_what_is_clean_is_served(http: TestClient, company: Company, visit_id: UUID, state: str) -> None:
    data = made.SVG if state == "failed" else PHOTO
    phone = Phone(http, company.office, data, ("visits", visit_id))
    phone.announce()
    if state != "arriving":
        phone.send(0)
    if state in ("failed", "put away"):
        settle()
    if state == "put away":
        assert http.delete(f"/api/v1/files/{phone.id}", headers=company.admin.bearer).status_code == 204
    for query in ("", "?variant=thumbnail", "?variant=original", "?save"):
        assert ask(company.admin, f"/files/{phone.id}{query}").status_code == 404


def signed(company: Company, phone: Phone) -> str:
    with company.work() as work:
        served = serving.offer(work, phone.id, "")
    return files.store().signed_url(served.key, served.offer, 60).removeprefix(settings().base_url)


def test_a_signed_address_needs_no_session_and_gives_one_file(
    photo: Phone, company: Company, http: TestClient
) -> None:
    url = signed(company, photo)
    answer = ask(None, url)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert ask(None, url.replace(str(photo.id), str(new_id()))).status_code == 404
    assert ask(None, url[:-1] + ("0" if url[-1] != "0" else "1")).status_code == 404
    assert ask(photo.person, url[:-1] + ("0" if url[-1] != "0" else "1")).status_code == 404
    assert http.delete(f"/api/v1/files/{photo.id}", headers=company.admin.bearer).status_code == 204
    assert ask(None, url).status_code == 404


@pytest.mark.parametrize("error", [StoreAway("away")])
def test_a_store_that_is_away_is_said(
    photo: Phone, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    class Away:
        def read(self, *_: object) -> Any:
            raise error

    monkeypatch.setattr("ontrack_app.web.files.store", Away)
    answer = ask(photo.person, f"/files/{photo.id}")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")


def test_nothing_is_written_here(photo: Phone) -> None:
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert ask(photo.person, f"/files/{photo.id}", method).status_code in (404, 405)
