"""Conflicts, waiting work and phones over HTTP: lists, pages, moves, problem documents, and who sees whose."""

from collections.abc import Callable

import pytest

from models.access import Role
from tests.factories import phones
from tests.factories.companies import Company, Person
from tests.factories.http import Caller
from tests.factories.phones import Undecided

Calling = Callable[[Person], Caller]


@pytest.fixture
def given(company: Company) -> Undecided:
    return phones.undecided(company, notes=3)


def test_a_conflict_is_listed_read_and_decided_once(
    company: Company, given: Undecided, calling: Calling
) -> None:
    call = calling(company.office)
    (gate,) = call.ok("GET", f"/conflicts?decision=none&row_id={given.property_id}")["items"]
    assert (gate["kind"], gate["noun"], gate["field"]) == ("field", "properties", "access_notes")
    assert (gate["lost"]["value"], gate["now"], gate["usable"]) == ("Key at number 9", "Code 4711", True)
    assert (gate["device_id"], gate["member_name"]) == (str(given.phone), given.name)
    used = call.ok("POST", f"/conflicts/{gate['id']}/moves/use", {})
    assert (used["decision"], used["now"], used["decided_by"]) == ("used", "Key at number 9", str(company.office.member_id))  # fmt: skip
    assert call.ok("POST", f"/conflicts/{gate['id']}/moves/keep", {})["decision"] == "used"
    assert call.ok("GET", f"/conflicts/{gate['id']}")["decision"] == "used"
    assert call.ok("GET", f"/properties/{given.property_id}")["access_notes"] == "Key at number 9"


def test_a_stage_is_brought_to_what_the_crew_said(
    company: Company, given: Undecided, calling: Calling
) -> None:
    call = calling(company.office)
    (stage,) = call.ok("GET", "/conflicts?kind=stage")["items"]
    assert (stage["lost"]["stage"], stage["now"]) == ("done", "no_access")
    call.ok("POST", f"/conflicts/{stage['id']}/moves/use", {}, Idempotency_Key="once")
    call.ok("POST", f"/conflicts/{stage['id']}/moves/use", {}, Idempotency_Key="once")
    assert call.ok("GET", f"/visits/{given.visit_id}")["stage"] == "done"


def test_waiting_work_is_paged_taken_in_and_discarded(
    company: Company, given: Undecided, calling: Calling
) -> None:
    call = calling(company.office)
    page = call.ok("GET", "/quarantine?limit=2")
    rest = call.ok("GET", f"/quarantine?limit=2&cursor={page['next_cursor']}")
    first, second, third = [*page["items"], *rest["items"]]
    assert [one["args"]["text"] for one in (first, second, third)] == ["Note 0", "Note 1", "Note 2"]
    assert (first["visit_id"], first["reason"], rest["next_cursor"]) == (str(given.visit_id), "revoked", None)
    taken = call.ok("POST", f"/quarantine/{first['id']}/moves/take_in", {})
    assert (taken["decision"], taken["status"], taken["conflict_id"]) == ("taken", "applied", None)
    refused = call("POST", f"/quarantine/{second['id']}/moves/discard", {"reason": " "})
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert refused.json()["errors"] == [{"field": "reason", "message": "Say why it is discarded."}]
    gone = call.ok("POST", f"/quarantine/{second['id']}/moves/discard", {"reason": "Entered by hand"})
    assert gone["decision"] == "dropped"
    assert call("POST", f"/quarantine/{second['id']}/moves/take_in", {}).status_code == 409
    left = call.ok("GET", "/quarantine?decision=none")["items"]
    assert [one["id"] for one in left] == [third["id"]]


def test_phones_are_listed_and_signed_off(company: Company, given: Undecided, calling: Calling) -> None:
    admin, office = calling(company.admin), calling(company.office)
    found = {
        one["id"]: one for one in office.ok("GET", f"/devices?member_id={given.crew.member_id}")["items"]
    }
    assert set(found) == {str(given.phone), str(given.lost)}
    assert found[str(given.lost)]["revoked_at"] and not found[str(given.phone)]["revoked_at"]
    assert office("POST", f"/devices/{given.phone}/moves/revoke", {}).status_code == 403
    revoked = admin.ok("POST", f"/devices/{given.phone}/moves/revoke", {})
    assert revoked["revoked_by"] == str(company.admin.member_id)
    assert admin.ok("GET", f"/devices/{given.phone}")["revoked_at"] == revoked["revoked_at"]


def test_a_crew_sees_its_own_alone_and_signs_its_own_phone_off(
    company: Company, given: Undecided, calling: Calling
) -> None:
    own, mate = calling(given.crew), calling(company.person(Role.CREW))
    assert len(own.ok("GET", "/conflicts")["items"]) == 2
    assert mate.ok("GET", "/conflicts")["items"] == mate.ok("GET", "/devices")["items"] == []
    conflict = own.ok("GET", "/conflicts")["items"][0]["id"]
    assert mate("GET", f"/conflicts/{conflict}").status_code == 404
    assert mate("POST", f"/conflicts/{conflict}/moves/use", {}).status_code == 404
    assert mate("POST", f"/devices/{given.phone}/moves/revoke", {}).status_code == 404
    assert own("GET", "/quarantine").status_code == 403
    assert own.ok("POST", f"/devices/{given.phone}/moves/revoke", {})["revoked_at"]


@pytest.mark.parametrize("role", [Role.CLIENT, Role.PROPERTY_MANAGER])
def test_customers_are_turned_down_everywhere(
    company: Company, given: Undecided, calling: Calling, role: Role
) -> None:
    office = calling(company.office)
    conflict = office.ok("GET", "/conflicts")["items"][0]["id"]
    work = office.ok("GET", "/quarantine")["items"][0]["id"]
    call = calling(company.once(role))
    for method, path in (
        ("GET", "/conflicts"), ("GET", f"/conflicts/{conflict}"), ("POST", f"/conflicts/{conflict}/moves/use"),
        ("GET", "/quarantine"), ("GET", f"/quarantine/{work}"), ("POST", f"/quarantine/{work}/moves/take_in"),
        ("GET", "/devices"), ("GET", f"/devices/{given.phone}"), ("POST", f"/devices/{given.phone}/moves/revoke"),
    ):  # fmt: skip
        assert call(method, path, {} if method == "POST" else None).status_code in (403, 404), (method, path)


def test_another_company_finds_nothing_of_it(
    company: Company, other: Company, given: Undecided, calling: Calling
) -> None:
    office, stranger = calling(company.office), calling(other.admin)
    for noun, move in (("conflicts", "use"), ("quarantine", "take_in"), ("devices", "revoke")):
        row = office.ok("GET", f"/{noun}")["items"][0]["id"]
        assert stranger.ok("GET", f"/{noun}")["items"] == []
        assert stranger("GET", f"/{noun}/{row}").status_code == 404
        assert stranger("POST", f"/{noun}/{row}/moves/{move}", {}).status_code == 404


@pytest.mark.parametrize(
    ("path", "field"),
    [("/conflicts?colour=red", "colour"), ("/quarantine?sort=kind", "sort"), ("/devices?q=ana", "q"), ("/conflicts?row_id=x", "row_id")],
)  # fmt: skip
def test_what_a_list_does_not_know_is_refused_at_its_name(
    company: Company, calling: Calling, path: str, field: str
) -> None:
    answer = calling(company.office)("GET", path)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
