"""Where a document's link lands: nothing opens by itself, the button opens that document only, and closed links say so."""

import re
from datetime import timedelta

import pytest
from sqlmodel import col

from models.contacts import Contact
from models.estimates import Estimate
from models.ids import new_id, now
from ontrack_app.db import SessionCredential, begin
from ontrack_app.errors import Forbidden
from ontrack_app.services import document_links, leads, mails
from ontrack_app.services.listing import Query
from ontrack_app.sessions import cookie_name, hash_secret
from ontrack_app.settings import settings
from tests.factories.companies import Company
from tests.web.browsers import Browser, fresh_ip, hidden
from tests.web.test_sign_in import cookie, is_live, mails_to, signed_in


@pytest.fixture
def browser(database: object) -> Browser:
    return Browser(ip=fresh_ip())


def sent_estimate(company: Company) -> tuple[Estimate, Contact]:
    client = company.client("Ana Gagnon")
    with company.work() as work:
        contact: Contact = work.first(work.of(Contact).where(col(Contact.client_id) == client.id))
        estimate = Estimate(
            tenant_id=company.id, id=new_id(), number=f"EST-{new_id().hex[-6:]}", title="New <b>roof</b>", stage="sent",
            client_id=client.id, contact_id=contact.id, currency=company.currency, total_cents=330048,
        )  # fmt: skip
        work.add(estimate)
    return estimate, contact


def link_to(company: Company, estimate: Estimate, contact: Contact, *, days: float = 3) -> str:
    with company.work() as work:
        link = document_links.add(work, estimate, contact, now() + timedelta(days=days))
    return link.removeprefix(settings().base_url)


def test_the_page_says_what_it_opens_and_opens_nothing(browser: Browser, company: Company) -> None:
    estimate, contact = sent_estimate(company)
    link = link_to(company, estimate, contact)
    for method in ("GET", "HEAD", "GET"):
        answer = browser.open(link, method)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    for words in (estimate.number, company.slug.capitalize(), "Ana Gagnon", "New &lt;b&gt;roof"):
        assert words in answer.text
    assert cookie(browser) == ""


def test_the_button_opens_that_document_in_any_browser_as_often_as_wanted(
    browser: Browser, company: Company
) -> None:
    estimate, contact = sent_estimate(company)
    link = link_to(company, estimate, contact)
    for visitor in (browser, Browser(ip=fresh_ip())):
        answer = visitor.send(link, hidden(visitor.open(link)))
        assert (answer.status_code, answer.headers["location"]) == (303, f"/portal/estimates/{estimate.id}")
        with begin(SessionCredential(hash_secret(cookie(visitor)))) as work:
            assert (work.actor.scope, work.actor.document_id) == ("document", estimate.id)
            with pytest.raises(Forbidden):
                leads.list_page(work, Query())


@pytest.mark.parametrize("origin, token", [(None, True), ("https://evil.example", True), ("ours", False)])
def test_a_post_from_elsewhere_opens_nothing(
    browser: Browser, company: Company, origin: str | None, token: bool
) -> None:
    link = link_to(company, *sent_estimate(company))
    answer = browser.send(link, hidden(browser.open(link)) if token else {}, origin=origin)
    assert answer.status_code == 403
    assert cookie(browser) == ""


@pytest.mark.parametrize("how", ["over", "revoked"])
def test_a_closed_link_says_whom_to_ask(browser: Browser, company: Company, how: str) -> None:
    estimate, contact = sent_estimate(company)
    link = link_to(company, estimate, contact, days=-1 if how == "over" else 3)
    if how == "revoked":
        with company.work() as work:
            document_links.revoke(work, estimate)
    for answer in (browser.open(link), browser.send(link, {})):
        assert answer.status_code == 410
        assert company.slug.capitalize() in answer.text
        assert estimate.number not in answer.text


def test_revoking_ends_the_session_that_came_in_by_the_link(browser: Browser, company: Company) -> None:
    estimate, contact = sent_estimate(company)
    link = link_to(company, estimate, contact)
    browser.send(link, hidden(browser.open(link)))
    assert is_live(cookie(browser))
    with company.work() as work:
        document_links.revoke(work, estimate)
    assert not is_live(cookie(browser))


@pytest.mark.parametrize("secret", ["x", "a" * 43, "a" * 500, "..%2f..", "%00", "a b"])
def test_what_is_no_link_is_gone(browser: Browser, secret: str) -> None:
    assert browser.open(f"/portal/link/{secret}").status_code in (404, 410)


def test_another_session_is_named_before_it_is_replaced(company: Company) -> None:
    estimate, contact = sent_estimate(company)
    link = link_to(company, estimate, contact)
    browser = signed_in(company.office)
    page = browser.open(link)
    assert "The button replaces that sign-in" in page.text
    browser.send(link, hidden(page))
    assert not is_live(company.office.cookie)
    assert browser.cookies.get(cookie_name(settings())) != company.office.cookie
    assert "The button replaces" not in browser.open(link).text


def test_the_mail_holds_the_link_twice_and_everything_escaped(company: Company) -> None:
    estimate, contact = sent_estimate(company)
    with company.work() as work:
        link = document_links.add(work, estimate, contact, now() + timedelta(days=3))
        mails.estimate_sent(work, estimate, contact, link)
    (text,) = mails_to(contact.email)
    assert re.findall(r"https?://\S+", text) == [link]
    assert link.startswith(settings().base_url + "/portal/link/")
    assert "$3,300.48 USD" in text
    with begin(None) as doorway:
        html = next(
            row.body_html
            for row in doorway.rows("SELECT * FROM auth.read_mails(500)")
            if row.recipient == contact.email
        )
    assert link in html and "New &lt;b&gt;roof" in html and "<b>roof" not in html
