"""As the other tenant, by every route and id: nothing seen, nothing changed. Watermarked rows, generated from the routes."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import text

from models.access import Role
from models.tables import TABLES
from ontrack_app.api.app import NOUNS, build
from tests.factories.companies import Company
from tests.factories.http import Caller

MARK = "Watermark-7f3a"
USD = {"amount_cents": 100, "currency": "USD"}
LINE = {"description": MARK, "unit_price": USD}


@pytest.fixture
def rows(calling, company: Company) -> dict[str, str]:
    """One row of every noun in the first company."""
    call = calling(company.admin)
    lead = call.ok(
        "POST", "/leads", {"name": MARK, "need": MARK, "email": "w@x.example", "address": {"street": MARK}}
    )
    lead = call.ok("POST", f"/leads/{lead['id']}/moves/win", {})
    estimate = call.ok(
        "POST", "/estimates", {"client_id": lead["client_id"], "expires_on": "2099-01-01", "lines": [LINE]}
    )
    call.ok("POST", f"/estimates/{estimate['id']}/moves/send", {})
    signed = {"signature": {"kind": "typed", "name": MARK}, "evidence": MARK}
    call.ok("POST", f"/estimates/{estimate['id']}/moves/approve", signed)
    job = call.ok("POST", f"/estimates/{estimate['id']}/moves/convert", {})["job_id"]
    visit = call.ok("POST", "/visits", {"job_id": job, "title": MARK})
    invoice = call.ok("POST", "/invoices", {"job_id": job})
    call.ok("POST", f"/invoices/{invoice['id']}/moves/issue", {})
    payment = call.ok(
        "POST",
        "/payments",
        {"method": "cash", "amount": USD, "allocations": [{"invoice_id": invoice["id"], "amount": USD}]},
    )
    contact = call.ok("GET", f"/contacts?client_id={lead['client_id']}")["items"][0]["id"]
    item = call.ok("POST", "/price-items", {"name": MARK, "unit_price": USD})["id"]
    return {
        "leads": lead["id"], "clients": lead["client_id"], "contacts": contact, "properties": lead["property_id"],
        "price_items": item, "tax_codes": call.ok("GET", "/tax-codes")["items"][0]["id"], "estimates": estimate["id"],
        "jobs": job, "visits": visit["id"], "invoices": invoice["id"], "payments": payment["id"],
        "members": str(company.admin.member_id),
    }  # fmt: skip


def all_routes() -> Iterator[tuple[str, str]]:
    for path, methods in build().openapi()["paths"].items():
        for method in methods:
            yield method.upper(), path


def fingerprint(company: Company) -> dict[str, str]:
    """What is stored of a company, by table."""
    with company.work() as work:
        return {
            table.name: work.session.execute(text(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table.name} t")).scalar_one()
            for table in TABLES
            if table.name != "idempotency_keys"
        }  # fmt: skip


def noun_of(path: str) -> str:
    return path.removeprefix("/api/v1/").split("/")[0].replace("-", "_")


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OFFICE, Role.CREW, Role.CLIENT])
def test_no_route_shows_or_changes_another_tenants_row(calling, company: Company, other: Company, rows: dict[str, str], role: Role) -> None:  # fmt: skip
    before = fingerprint(company)
    stranger: Caller = calling(other.once(role))
    for method, path in all_routes():
        noun = noun_of(path)
        if noun not in rows:
            continue
        answer = stranger(
            method, path.removeprefix("/api/v1").replace("{row_id}", rows[noun]), _body(method, path)
        )
        assert MARK not in answer.text, (method, path)
        if "{row_id}" in path:
            assert answer.status_code in (403, 404, 422), (method, path, answer.status_code)
    assert fingerprint(company) == before


def test_another_tenants_id_in_a_body_is_no_row(
    calling, company: Company, other: Company, rows: dict[str, str]
) -> None:
    call = calling(other.admin)
    mine = call.ok("POST", "/clients", {"name": "Mine"})["id"]
    before = fingerprint(company)
    attempts = [
        ("/contacts", {"client_id": rows["clients"], "name": "x"}),
        ("/properties", {"client_id": rows["clients"], "address": {"street": "x"}}),
        ("/properties", {"client_id": mine, "parent_id": rows["properties"], "address": {"street": "x"}}),
        ("/leads", {"name": "x", "need": "x", "assignee_id": rows["members"]}),
        ("/estimates", {"client_id": rows["clients"]}),
        ("/estimates", {"client_id": mine, "property_id": rows["properties"]}),
        ("/estimates", {"client_id": mine, "lead_id": rows["leads"]}),
        ("/estimates", {"client_id": mine, "contact_id": rows["contacts"]}),
        ("/estimates", {"client_id": mine, "lines": [{"price_item_id": rows["price_items"]}]}),
        ("/jobs", {"client_id": rows["clients"], "title": "x"}),
        ("/jobs", {"client_id": mine, "property_id": rows["properties"], "title": "x"}),
        ("/visits", {"job_id": rows["jobs"]}),
        ("/invoices", {"job_id": rows["jobs"]}),
        ("/payments", {"method": "cash", "amount": USD, "client_id": rows["clients"]}),
        (
            "/payments",
            {
                "method": "cash",
                "amount": USD,
                "allocations": [{"invoice_id": rows["invoices"], "amount": USD}],
            },
        ),
    ]
    for path, body in attempts:
        answer = call("POST", path, body)
        assert answer.status_code == 422, (path, body, answer.status_code, answer.text[:200])
        assert MARK not in answer.text
    job = call.ok("POST", "/jobs", {"client_id": mine, "title": "x"})["id"]
    assert call("POST", "/visits", {"job_id": job, "assignee_ids": [rows["members"]]}).status_code == 422
    assert fingerprint(company) == before


def test_lists_filters_and_search_stay_inside(
    calling, company: Company, other: Company, rows: dict[str, str]
) -> None:
    call = calling(other.admin)
    for noun in NOUNS:
        path = noun.path
        for query in (
            "",
            *([f"?q={MARK}"] if noun.fields.having("searchable") else []),
            *(
                f"?{f.name}={rows['clients']}"
                for f in noun.fields.having("filterable")
                if f.name.endswith("_id")
            ),
        ):
            answer = call("GET", path + query)
            assert answer.status_code == 200, (path, query, answer.text[:200])
            assert MARK not in answer.text
            assert not any(row_id in answer.text for row_id in rows.values()), (path, query)


def test_the_same_slug_number_or_email_elsewhere_is_no_oracle(
    calling, company: Company, other: Company, rows: dict[str, str]
) -> None:
    """Numbers, codes and source references of one tenant never collide with another's."""
    call = calling(other.admin)
    assert call("POST", "/tax-codes", {"code": "NEW", "label": "x", "rate": "1"}).status_code == 201
    assert (
        calling(company.admin)("POST", "/tax-codes", {"code": "NEW", "label": "x", "rate": "1"}).status_code
        == 201
    )
    mine = call.ok("POST", "/leads", {"name": "x", "need": "x", "email": "w@x.example"})
    won = call.ok("POST", f"/leads/{mine['id']}/moves/win", {})
    assert won["client_id"] != rows["clients"]
    estimate = call.ok("POST", "/estimates", {"client_id": won["client_id"], "lines": [LINE]})
    assert estimate["number"].endswith("00001")
    assert UUID(estimate["id"])


def _body(method: str, path: str) -> dict[str, object] | None:
    if method not in ("POST", "PATCH") or path.count("/") < 4:
        return None
    return {}
