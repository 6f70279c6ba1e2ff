"""Members, invitations and rights over HTTP: what an API key may do, what only a person in a browser may."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.access import Role
from models.ids import new_id
from ontrack_app.sessions import cookie_name
from ontrack_app.settings import settings
from tests.factories.companies import Company, Person
from tests.factories.http import Caller

Calling = Callable[[Person], Caller]


@pytest.fixture
def browser(http: TestClient, company: Company) -> Callable[..., Any]:
    """Calls by the admin's session cookie, as a page of ours would."""

    def call(method: str, path: str, body: Any = None) -> Any:
        headers = {"Cookie": f"{cookie_name(settings())}={company.admin.cookie}", "X-OnTrack-Request": "1"}
        return http.request(method, f"/api/v1{path}", json=body, headers=headers)

    return call


def test_the_list_is_as_the_contract_says(calling: Calling, company: Company) -> None:
    found = calling(company.office).ok("GET", "/members")["items"]
    assert {"id", "email", "role", "version", "active"} <= set(found[0])
    assert found[0]["email"] == company.office.email


def test_a_key_changes_people_but_nobodys_role(calling: Calling, company: Company) -> None:
    person, call = company.person(Role.CREW), calling(company.admin)
    card = call.ok("GET", f"/members/{person.member_id}")
    assert card["visits_ahead"] == 0
    renamed = call.ok("PATCH", f"/members/{person.member_id}", {"name": "Ana"}, If_Match=str(card["version"]))
    assert renamed["name"] == "Ana"
    stale = call("PATCH", f"/members/{person.member_id}", {"name": "Bea"}, If_Match=str(card["version"]))
    assert stale.status_code == 412
    assert call.ok("PATCH", f"/members/{person.member_id}", {"active": False})["active"] is False
    for body in ({"role": "office"}, {"role": "admin"}):
        answer = call("PATCH", f"/members/{person.member_id}", body)
        assert (answer.status_code, answer.json()["title"]) == (403, "Confirm that it is you")
    assert call("DELETE", f"/members/{person.member_id}").status_code == 405


def test_a_person_in_a_browser_changes_roles_and_rights(
    browser: Callable[..., Any], calling: Calling, company: Company
) -> None:
    person = company.person(Role.CREW)
    assert browser("PATCH", f"/members/{person.member_id}", {"role": "office"}).json()["role"] == "office"
    cell = browser("PATCH", "/rights/office/leads:read", {"granted": False}).json()
    assert (cell["granted"], cell["usual"], cell["changed_by"] != "") == (False, True, True)
    assert calling(person)("GET", "/leads").status_code == 403
    locked = browser("PATCH", "/rights/crew/leads:read", {"granted": True})
    assert (locked.status_code, locked.json()["detail"]) == (
        409,
        "Crews do their own visits; prices and the office's work are never theirs.",
    )
    said = browser("GET", f"/rights/why?member_id={person.member_id}&permission=leads:read").json()
    assert said["can"] is False
    assert len(browser("GET", "/rights").json()["cells"]) > 200


def test_the_last_admin_and_ones_own_role(browser: Callable[..., Any], company: Company) -> None:
    mine = f"/members/{company.admin.member_id}"
    for body in ({"role": "office"}, {"active": False}):
        assert browser("PATCH", mine, body).status_code == 403
    other = company.person(Role.ADMIN)
    assert browser("PATCH", f"/members/{other.member_id}", {"role": "office"}).status_code == 200


def test_invitations_are_made_sent_again_and_withdrawn(calling: Calling, company: Company) -> None:
    call, email = calling(company.admin), f"key.{company.slug}@mail.example"
    card = call.ok("POST", "/invitations", {"email": email, "role": "crew"})
    assert (card["stage"], card["expired"]) == ("pending", False)
    assert call("POST", "/invitations", {"email": email, "role": "crew"}).status_code == 409
    assert call.ok("POST", f"/invitations/{card['id']}/moves/resend", {})["version"] == card["version"] + 1
    assert call("POST", f"/invitations/{card['id']}/moves/accept", {}).status_code == 404
    assert call.ok("POST", f"/invitations/{card['id']}/moves/withdraw", {})["stage"] == "withdrawn"
    assert call("POST", "/invitations", {"email": email, "role": "admin"}).status_code == 403
    assert [row["email"] for row in call.ok("GET", "/invitations?stage=withdrawn")["items"]] == [email]


@pytest.mark.parametrize(
    "email", ["", "x", "a@b", "a b@c.example", "a@b.example\r\nBcc: c@d.example", "ä@b.example"]
)
def test_an_address_that_no_mail_should_go_to_is_refused(
    calling: Calling, company: Company, email: str
) -> None:
    answer = calling(company.admin)("POST", "/invitations", {"email": email, "role": "crew"})
    assert answer.status_code == 422


@pytest.mark.parametrize("role", [Role.OFFICE, Role.CREW, Role.PROPERTY_MANAGER, Role.CLIENT])
def test_nobody_but_an_admin(calling: Calling, company: Company, role: Role) -> None:
    call = calling(company.once(role))
    crew = company.person(Role.CREW)
    for method, path, body in (
        ("POST", "/invitations", {"email": "a@b.example", "role": "crew"}),
        ("GET", "/rights", None),
        ("GET", f"/rights/why?member_id={crew.member_id}&permission=leads:read", None),
        ("PATCH", "/rights/crew/notes:write", {"granted": False}),
        ("PATCH", f"/members/{crew.member_id}", {"active": False}),
    ):
        assert call(method, path, body).status_code == 403, (method, path)


def test_the_other_company_finds_nobody(calling: Calling, company: Company, other: Company) -> None:
    card = calling(company.admin).ok("POST", "/invitations", {"email": f"o.{company.slug}@mail.example", "role": "crew"})  # fmt: skip
    call = calling(other.admin)
    assert call("PATCH", f"/members/{company.office.member_id}", {"active": False}).status_code == 404
    assert call("POST", f"/invitations/{card['id']}/moves/withdraw", {}).status_code == 404
    assert call("GET", f"/invitations/{card['id']}").status_code == 404
    there = call("GET", f"/rights/why?member_id={company.office.member_id}&permission=leads:read")
    nowhere = call("GET", f"/rights/why?member_id={new_id()}&permission=leads:read")
    assert (there.status_code, there.json()["detail"]) == (nowhere.status_code, nowhere.json()["detail"])
    assert calling(company.admin).ok("GET", f"/invitations/{card['id']}")["stage"] == "pending"
