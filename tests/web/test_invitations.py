"""Where an invitation's link lands: nothing by itself, one membership by the button, under a session that owes what it should."""

import pytest

from models.access import Role
from ontrack_app.db import SessionCredential, begin
from ontrack_app.services import members
from ontrack_app.services.listing import Query
from ontrack_app.sessions import hash_secret
from tests.factories.companies import Company
from tests.services.test_invitations import invite, secret_for
from tests.web.browsers import Browser, fresh_ip, hidden
from tests.web.test_sign_in import cookie, is_live, signed_in


@pytest.fixture
def browser(database: object) -> Browser:
    return Browser(ip=fresh_ip())


def asked(company: Company, role: str = "office", **more: object) -> tuple[str, str]:
    """A fresh invitation: its address and the path of its link."""
    email = f"{role}.{company.slug}@mail.example"
    invite(company, email, role, **more)
    return email, f"/auth/invitation/{secret_for(email)}"


def emails(company: Company) -> list[str]:
    with company.work() as work:
        return [card.email for card in members.list_page(work, Query(limit=200)).items]


def test_opening_it_says_who_asks_for_what_and_does_nothing(browser: Browser, company: Company) -> None:
    email, link = asked(company)
    for method in ("GET", "HEAD", "GET"):
        answer = browser.open(link, method)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    for words in (email, company.slug.capitalize(), "Office", company.admin.email.split("@")[0].capitalize()):
        assert words in answer.text
    assert cookie(browser) == ""
    assert email not in emails(company)


@pytest.mark.parametrize(
    "role, home", [("admin", "/"), ("office", "/"), ("crew", "/crew/"), ("client", "/portal/")]
)
def test_the_button_joins_and_leads_to_the_roles_own_place(
    browser: Browser, company: Company, role: str, home: str
) -> None:
    more = {"client_id": company.client().id} if role == "client" else {}
    email, link = asked(company, role, **more)
    answer = browser.send(link, hidden(browser.open(link)))
    assert (answer.status_code, answer.headers["location"]) == (303, home)
    with begin(SessionCredential(hash_secret(cookie(browser)))) as work:
        assert (work.actor.tenant_id, work.actor.email, work.actor.role.value) == (company.id, email, role)
    gone = Browser(ip=fresh_ip()).open(link)
    assert gone.status_code == 410
    assert "Sign in" in gone.text


@pytest.mark.parametrize("origin, token", [(None, True), ("https://evil.example", True), ("ours", False)])
def test_a_post_from_elsewhere_joins_nobody(
    browser: Browser, company: Company, origin: str | None, token: bool
) -> None:
    email, link = asked(company)
    answer = browser.send(link, hidden(browser.open(link)) if token else {}, origin=origin)
    assert answer.status_code == 403
    assert cookie(browser) == ""
    assert email not in emails(company)


def test_of_many_presses_at_once_one_joins(browser: Browser, company: Company) -> None:
    email, link = asked(company)
    answers = browser.send_at_once(link, hidden(browser.open(link)), times=20)
    assert sorted(answer.status_code for answer in answers) == [303, *[410] * 19]
    assert emails(company).count(email) == 1


def test_who_works_elsewhere_keeps_that_place(browser: Browser, company: Company, other: Company) -> None:
    person = other.person(Role.ADMIN)
    invite(company, person.email, "crew")
    link = f"/auth/invitation/{secret_for(person.email)}"
    assert browser.send(link, hidden(browser.open(link))).headers["location"] == "/crew/"
    with begin(SessionCredential(hash_secret(cookie(browser)))) as work:
        assert (work.actor.tenant_id, work.actor.role) == (company.id, Role.CREW)
        assert work.actor.user_id == person.user_id
    with begin(person.session) as work:
        assert (work.actor.tenant_id, work.actor.role) == (other.id, Role.ADMIN)


def test_another_session_is_named_before_it_is_replaced(company: Company) -> None:
    _, link = asked(company)
    browser = signed_in(company.office)
    page = browser.open(link)
    assert "The button replaces that sign-in" in page.text
    browser.send(link, hidden(page))
    assert not is_live(company.office.cookie)
    assert cookie(browser) != company.office.cookie


def test_a_second_step_is_asked_before_anything_opens(browser: Browser, company: Company) -> None:
    """Of a role that needs one: the session exists and enters nothing until a factor is set up."""
    with company.work() as work:
        work.session.connection().exec_driver_sql("UPDATE tenants SET factor_roles = '{office}'")
    _, link = asked(company)
    answer = browser.send(link, hidden(browser.open(link)))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/auth/factor/set-up")
    assert cookie(browser)
    assert not is_live(cookie(browser))


@pytest.mark.parametrize("secret", ["x", "a" * 43, "a" * 500, "..%2f..", "%00", "a b"])
def test_what_is_no_invitation_is_gone(browser: Browser, secret: str) -> None:
    assert browser.open(f"/auth/invitation/{secret}").status_code in (404, 410)
