"""The audit trail and the API keys in the settings, as a tab has them: their addresses, their pages, and no secret in state."""

import json

import psycopg
import pytest
from sqlalchemy import text

from models.access import Role
from ontrack_app.schemas.leads import LeadBody
from ontrack_app.services import keys, leads
from ontrack_app.services.listing import Query
from ontrack_app.settings import settings
from state.audit import AuditState
from state.keys import KeysState
from tests.factories.companies import Company
from tests.state.tabs import Open
from tests.web.browsers import Browser, hidden

TRAIL, KEYS = "/settings/audit", "/settings/keys"


def test_the_newest_comes_first_and_pages_follow_the_numbers(company: Company, tab: Open) -> None:
    admin = company.admin
    with company.office.work() as work:
        for at in range(30):
            leads.create(work, LeadBody(name=f"Lead {at}", need="x"))
    screen = tab(admin, TRAIL)
    screen.send(AuditState.load)
    state = screen.state(AuditState)
    assert state.status == "full" and len(state.rows) == 25 and state.rows[0].text == "took the lead in"
    assert state.numbers.export_href == "/auth/audit/export?tab=done"
    newest = int(state.numbers.newer)
    screen.send(AuditState.next_page)
    assert screen.went_to == [f"{TRAIL}?before={state.rows[-1].n}"]
    screen.path = screen.went_to[-1]
    screen.send(AuditState.load)
    older = screen.state(AuditState)
    assert int(older.rows[0].n) == newest - 25
    screen.send(AuditState.previous_page)
    assert screen.went_to[-1] == f"{TRAIL}?after={older.rows[0].n}"


def test_another_filter_begins_at_the_newest_again(company: Company, tab: Open) -> None:
    screen = tab(company.admin, f"{TRAIL}?before=3")
    screen.send(AuditState.load)
    screen.send(AuditState.filter_by, name="noun", value="leads")
    assert screen.went_to == [f"{TRAIL}?noun=leads"]


def test_a_bad_address_is_said_and_changes_nothing(company: Company, tab: Open) -> None:
    screen = tab(company.admin, f"{TRAIL}?hash=1")
    screen.send(AuditState.load)
    assert screen.state(AuditState).status == "error" and "no filter" in screen.state(AuditState).trouble
    assert screen.failures == []


@pytest.mark.parametrize("role", [Role.OFFICE, Role.CREW, Role.CLIENT])
def test_others_see_neither(company: Company, tab: Open, role: Role) -> None:
    screen = tab(company.once(role), TRAIL)
    for handler in (AuditState.load, KeysState.load):
        screen.send(handler)
        assert "may not" in screen.toasts[-1].text
    screen.send(KeysState.revoke, key_id=str(company.id))
    assert screen.state(AuditState).rows == [] and screen.state(KeysState).rows == []


def browser_of(company: Company) -> Browser:
    browser = Browser()
    browser.cookies.set(f"ontrack_{settings().port}", company.admin.cookie)
    return browser


def make(company: Company, **changes: str) -> tuple[int, str]:
    """Makes a key as an admin's browser does; the status and the page."""
    browser = browser_of(company)
    form = hidden(browser.open(f"/auth/keys/new?member={company.office.member_id}"))
    answer = browser.send(
        "/auth/keys/new", {**form, "name": "Website", "days": "30", "right-leads:read": "1", **changes}
    )
    assert answer.headers["cache-control"] == "no-store"
    return answer.status_code, answer.text


def secret_in(page: str) -> str:
    return page.partition('value="otk_')[2].partition('"')[0]


def test_a_key_is_made_on_a_page_that_nothing_keeps_and_works_within_its_scopes(company: Company, calling, tab: Open) -> None:  # fmt: skip
    status, page = make(company)
    secret = f"otk_{secret_in(page)}"
    assert status == 200 and len(secret) > 40 and "See leads" in page
    call = calling(company.office)
    assert call("GET", "/leads", Authorization=f"Bearer {secret}").status_code == 200
    assert call("GET", "/clients", Authorization=f"Bearer {secret}").status_code == 403
    screen = tab(company.admin, KEYS)
    screen.send(KeysState.load)
    row = next(row for row in screen.state(KeysState).rows if row.name == "Website")
    assert row.scopes == "See leads" and row.used != "Never" and row.live
    assert secret not in json.dumps(screen.deltas, default=str)
    with company.work() as work:
        kept = work.session.execute(text("SELECT string_agg(e::text, ' ') FROM audit_entries e")).scalar_one()
    assert secret not in kept and "Website" in kept
    screen.send(KeysState.revoke, key_id=row.id)
    assert screen.toasts[-1].text.startswith("Key revoked")
    assert call("GET", "/leads", Authorization=f"Bearer {secret}").status_code == 401
    screen.path = f"{KEYS}?tab=ended"
    screen.send(KeysState.load)
    assert [one.state.word for one in screen.state(KeysState).rows if one.name == "Website"] == ["Revoked"]
    screen.send(KeysState.revoke, key_id=row.id)
    assert screen.toasts[-1].text == "This key was revoked before."


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "Say in a few words"),
        ({"days": "4000"}, "between a day and a year"),
        ({"days": "soon"}, "between a day and a year"),
        ({"right-leads:read": "1", "right-keys:manage": "1"}, "Choose at least one right"),
        ({"right-nothing:at_all": "1"}, "Choose at least one right"),
    ],
)
def test_a_key_that_may_not_be_is_refused_in_words(
    company: Company, changes: dict[str, str], words: str
) -> None:
    status, page = make(company, **changes)
    assert status == 422 and words in page and not secret_in(page)


def test_making_a_key_asks_again_who_it_is(company: Company, database) -> None:
    browser = browser_of(company)
    form = hidden(browser.open(f"/auth/keys/new?member={company.office.member_id}"))
    with company.work() as work:
        before = len(keys.list_page(work, Query(limit=200)).items)
    age(company, database)
    asked = browser.open("/auth/keys/new")
    sent = browser.send("/auth/keys/new", {**form, "name": "x", "days": "30", "right-leads:read": "1"})
    for answer in (asked, sent):
        assert answer.status_code == 303 and answer.headers["location"].startswith("/auth/confirm?next=")
    with company.work() as work:
        assert len(keys.list_page(work, Query(limit=200)).items) == before


def age(company: Company, database) -> None:
    """Makes the proof of the admin's session six minutes old."""
    with psycopg.connect(database.owner.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE auth.sessions SET proven_at = now() - interval '6 minutes' WHERE hash = %s", [company.admin.session.hash])  # fmt: skip


def test_the_browsers_export_is_a_form_with_the_sessions_token(company: Company, database) -> None:
    browser = browser_of(company)
    page = browser.open("/auth/audit/export?noun=members")
    assert "Members" in page.text
    answer = browser.send("/auth/audit/export", hidden(page))
    assert answer.headers["content-disposition"] == 'attachment; filename="audit-trail.csv"'
    assert answer.text.startswith("\ufeffNumber,When") and "added a member" in answer.text
    assert browser.send("/auth/audit/export", {"noun": "members"}).status_code == 403
    assert browser.send("/auth/audit/export", hidden(page), origin="https://evil.example").status_code == 403
    age(company, database)
    again = browser.open("/auth/audit/export?noun=members")
    assert again.headers["location"] == "/auth/confirm?next=/auth/audit/export%3Fnoun%3Dmembers"


def test_over_rest_keys_are_listed_and_revoked_and_never_made(
    company: Company, other: Company, calling
) -> None:
    call = calling(company.admin)
    listed = call.ok("GET", "/api-keys?limit=1")
    assert len(listed["items"]) == 1 and "hash" not in json.dumps(listed)
    company.office  # noqa: B018 - makes a second person with a key
    further = call.ok("GET", f"/api-keys?limit=1&cursor={call.ok('GET', '/api-keys?limit=1')['next_cursor']}")
    assert further["items"][0]["id"] == listed["items"][0]["id"]
    assert call("POST", "/api-keys", {}).status_code == 405
    theirs = calling(other.admin).ok("GET", "/api-keys")["items"][0]["id"]
    assert call("DELETE", f"/api-keys/{theirs}").status_code == 404
    assert calling(company.office)("GET", "/api-keys").status_code == 403
    mine = next(
        one
        for one in call.ok("GET", "/api-keys")["items"]
        if one["member_id"] == str(company.office.member_id)
    )
    assert call("DELETE", f"/api-keys/{mine['id']}").status_code == 204
    assert calling(company.office)("GET", "/leads").status_code == 401
