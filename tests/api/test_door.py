"""The HTTP door: who may come in, what a second try answers, what a refusal looks like."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from models.access import Role
from models.ids import now
from ontrack_app.sessions import cookie_name, hash_secret
from ontrack_app.settings import settings
from tests.factories.companies import Company

LEAD = {"name": "Ana", "need": "Roof leaks"}


def test_without_a_key_or_cookie_nothing_is_said(http, company: Company) -> None:
    for path in ("/leads", "/me", f"/invoices/{uuid4()}"):
        answer = http.get(f"/api/v1{path}")
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["title"] == "Sign in first"


def test_an_unknown_expired_or_revoked_key_is_refused(http, company: Company) -> None:
    person = company.office
    assert http.get("/api/v1/me", headers=person.bearer).status_code == 200
    assert http.get("/api/v1/me", headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert http.get("/api/v1/me", headers={"Authorization": "Basic eDp5"}).status_code == 401
    with company.work() as work:
        ended = {
            "hash": hash_secret("old"),
            "person": person.user_id,
            "scopes": None,
            "ends": now() - timedelta(seconds=1),
        }
        work.session.execute(
            text("SELECT auth.add_key(:hash, :person, CAST(:scopes AS text[]), :ends)"), ended
        )
    assert http.get("/api/v1/me", headers={"Authorization": "Bearer old"}).status_code == 401


def test_scopes_narrow_a_key(http, company: Company) -> None:
    with company.work() as work:
        given = {
            "hash": hash_secret("narrow"),
            "person": company.office.user_id,
            "scopes": ["leads:read"],
            "ends": now() + timedelta(days=1),
        }
        work.session.execute(
            text("SELECT auth.add_key(:hash, :person, CAST(:scopes AS text[]), :ends)"), given
        )
    bearer = {"Authorization": "Bearer narrow"}
    assert http.get("/api/v1/leads", headers=bearer).status_code == 200
    refused = http.post("/api/v1/leads", json=LEAD, headers=bearer)
    assert refused.status_code == 403
    assert "API key may not change leads" in refused.json()["detail"]
    assert http.get("/api/v1/clients", headers=bearer).status_code == 403


def test_a_change_by_cookie_needs_our_header(http, company: Company) -> None:
    cookies = {"Cookie": f"{cookie_name(settings())}={company.office.cookie}"}
    assert http.get("/api/v1/leads", headers=cookies).status_code == 200
    assert http.post("/api/v1/leads", json=LEAD, headers=cookies).status_code == 403
    assert (
        http.post("/api/v1/leads", json=LEAD, headers=cookies | {"X-OnTrack-Request": "1"}).status_code == 201
    )


def test_the_same_key_and_body_answer_with_the_first_result(calling, company: Company) -> None:
    call = calling(company.office)
    first = call("POST", "/leads", LEAD, Idempotency_Key="a")
    again = call("POST", "/leads", LEAD, Idempotency_Key="a")
    other = call("POST", "/leads", LEAD | {"name": "Bea"}, Idempotency_Key="a")
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert first.json() == again.json()
    assert len(call.ok("GET", "/leads")["items"]) == 1


def test_a_refusal_stores_nothing_under_its_key(calling, company: Company) -> None:
    call = calling(company.office)
    assert call("POST", "/leads", {"name": "Ana"}, Idempotency_Key="b").status_code == 422
    assert call("POST", "/leads", LEAD, Idempotency_Key="b").status_code == 201


def test_keys_of_different_people_and_paths_are_apart(calling, company: Company) -> None:
    office, admin = calling(company.office), calling(company.admin)
    ids = {
        office.ok("POST", "/leads", LEAD, Idempotency_Key="c")["id"],
        admin.ok("POST", "/leads", LEAD, Idempotency_Key="c")["id"],
        office.ok("POST", "/clients", {"name": "Ana"}, Idempotency_Key="c")["id"],
    }
    assert len(ids) == 3


def test_concurrent_twins_make_one(calling, company: Company) -> None:
    call, start = calling(company.office), threading.Barrier(8)

    def once(_: int) -> str:
        start.wait()
        return call.ok("POST", "/leads", LEAD, Idempotency_Key="twins")["id"]

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(once, range(8)))) == 1


def test_words_for_bad_input(calling, company: Company) -> None:
    call = calling(company.office)
    cases = [
        ({"name": "A", "need": "x", "stage": "won"}, "stage", "no such field"),
        ({"name": "", "need": "x"}, "name", "cannot be empty"),
        ({"name": "A", "need": "x", "email": "nope"}, "email", "shape"),
        (
            {"name": "A", "need": "x", "value": {"amount_cents": 2**63, "currency": "USD"}},
            "value.amount_cents",
            "Not more",
        ),
        (
            {"name": "A", "need": "x", "value": {"amount_cents": 1.5, "currency": "USD"}},
            "value.amount_cents",
            "",
        ),
        ({"name": "A", "need": "x", "value": {"amount_cents": -5, "currency": "USD"}}, "value", "below zero"),
        ({"name": "A\x00", "need": "x"}, "name", ""),
        ({"name": "A", "need": "x", "assignee_id": str(uuid4())}, "assignee_id", "no member"),
    ]
    for body, field, words in cases:
        answer = call("POST", "/leads", body)
        assert answer.status_code == 422, body
        errors = {error["field"]: error["message"] for error in answer.json()["errors"]}
        assert words in errors[field], (body, errors)
    assert call.ok("GET", "/leads")["items"] == []


def test_lists_refuse_what_they_do_not_know(calling, company: Company) -> None:
    call = calling(company.office)
    for query in (
        "limit=0",
        "limit=201",
        "limit=x",
        "sort=secret",
        "colour=red",
        "cursor=nonsense",
        "assignee_id=x",
        "q=%00",
    ):
        assert call("GET", f"/leads?{query}").status_code == 422, query
    assert call("GET", "/leads?limit=200&sort=-value&stage=new,won&q=roof").status_code == 200


def test_unknown_addresses_methods_and_ids(calling, company: Company) -> None:
    call = calling(company.office)
    assert call("GET", "/nonsense").status_code == 404
    assert call("PUT", "/leads", LEAD).status_code == 405
    assert call("DELETE", f"/invoices/{uuid4()}").status_code == 405
    assert call("GET", f"/leads/{uuid4()}").status_code == 404
    assert call("GET", "/leads/nonsense").status_code == 422
    lead = call.ok("POST", "/leads", LEAD)
    assert call("POST", f"/leads/{lead['id']}/moves/fly", {}).status_code == 404


def test_versions_guard_against_overwriting(calling, company: Company) -> None:
    call = calling(company.office)
    lead = call.ok("POST", "/leads", LEAD)
    assert call("PATCH", f"/leads/{lead['id']}", {"need": "One"}, If_Match='"1"').status_code == 200
    assert call("PATCH", f"/leads/{lead['id']}", {"need": "Two"}, If_Match="1").status_code == 412
    assert call("PATCH", f"/leads/{lead['id']}", {"need": "Two"}, If_Match="x").status_code == 422
    assert call("PATCH", f"/leads/{lead['id']}", {"need": "Three"}).json()["version"] == 3


def test_delete_archives_where_the_role_may(calling, company: Company) -> None:
    lead = calling(company.office).ok("POST", "/leads", LEAD)
    assert calling(company.office)("DELETE", f"/leads/{lead['id']}").status_code == 403
    assert calling(company.admin)("DELETE", f"/leads/{lead['id']}").status_code == 204
    assert calling(company.office).ok("GET", "/leads")["items"] == []
    assert calling(company.office).ok("GET", f"/leads/{lead['id']}")["archived_at"]


def test_me_says_who_which_tenant_which_rights(calling, company: Company) -> None:
    me = calling(company.once(Role.CREW)).ok("GET", "/me")
    assert (me["role"], me["tenant"]["slug"]) == ("crew", company.slug)
    assert "visits:perform" in me["permissions"]
    assert not any("invoices" in right or "estimates" in right for right in me["permissions"])


def test_an_empty_sort_is_no_sort(calling, company: Company) -> None:
    assert calling(company.office)("GET", "/leads?sort=").status_code == 422


@pytest.mark.parametrize("key", ["", " ", "two words", "clé", "a\tb", "a\n", "\x7f", "k" * 201])
def test_an_idempotency_key_is_what_the_document_says(key: str, http, company: Company) -> None:
    headers = {**company.office.bearer, "Idempotency-Key": key.encode("latin-1")}
    answer = http.post("/api/v1/leads", json=LEAD, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert http.get("/api/v1/leads", headers=company.office.bearer).json()["items"] == []
    longest = {**company.office.bearer, "Idempotency-Key": "!~" * 100}
    assert http.post("/api/v1/leads", json=LEAD, headers=longest).status_code == 201
