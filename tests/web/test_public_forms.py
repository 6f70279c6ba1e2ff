"""The request form: one lead for one request, words for what is missing, and little joy for programs."""

from typing import Any

import pytest
from sqlmodel import col

from models.ids import new_id
from models.leads import Lead
from models.tenants import Tenant
from ontrack_app.services import public_forms
from ontrack_app.web import forms
from tests.factories.companies import Company
from tests.web.browsers import Browser, fresh_ip, hidden

TYPED = {
    "need": "Shingles are in the yard.\nA stain on the ceiling <script>", "urgency": "high", "name": "Odalys Brightwater-Nguyen",
    "phone": "630 555-0142", "email": "Odalys@Home.example", "street": "1920 Washington Street", "city": "Naperville",
    "region": "Illinois", "postal_code": "60565", "website": "",
}  # fmt: skip


@pytest.fixture
def browser(database: object) -> Browser:
    return Browser(ip=fresh_ip())


def leads_of(company: Company) -> list[Lead]:
    with company.work() as work:
        return work.all(work.of(Lead).order_by(col(Lead.created_at)))


def fill(browser: Browser, company: Company, **typed: str) -> Any:
    path = f"/f/{company.slug}"
    return browser.send(path, {**hidden(browser.open(path)), **TYPED, **typed})


def test_a_request_becomes_one_lead(browser: Browser, company: Company, other: Company) -> None:
    answer = fill(browser, company)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/f/{company.slug}/thanks")
    assert browser.open(answer.headers["location"]).status_code == 200
    (lead,) = leads_of(company)
    assert (lead.name, lead.email, lead.source, lead.stage) == (
        TYPED["name"],
        "odalys@home.example",
        "Website",
        "new",
    )
    assert (lead.urgency, lead.street, lead.country) == ("high", TYPED["street"], "US")
    assert lead.need == TYPED["need"]
    assert leads_of(other) == []


def test_the_same_page_sent_twice_is_one_lead_also_at_once(browser: Browser, company: Company) -> None:
    path = f"/f/{company.slug}"
    form = {**hidden(browser.open(path)), **TYPED}
    answers = browser.send_at_once(path, form, times=5)
    assert [answer.status_code for answer in answers] == [303] * 5
    assert len(leads_of(company)) == 1
    assert browser.send(path, {**form, "need": "And the gutter."}).status_code == 303
    assert len(leads_of(company)) == 2


@pytest.mark.parametrize(
    "typed, words",
    [
        ({"need": " "}, "Say in a few words"),
        ({"name": ""}, "Type your name"),
        ({"phone": "", "email": ""}, "Type a phone number or an e-mail"),
        ({"phone": "630 555-01"}, "2 digits are missing"),
        ({"phone": "630 555-014"}, "One digit is missing"),
        ({"phone": "+44 20"}, "Type the whole number"),
        ({"email": "odalys@"}, "Type the whole address"),
        ({"need": "x" * 5000}, "at most 4,000 characters"),
        ({"name": "x" * 300}, "at most 200 characters"),
        ({"city": "Naper\x07ville"}, "Type it again"),
        ({"urgency": "yesterday"}, "Type it again"),
    ],
)
def test_what_is_missing_is_said_by_the_field_and_nothing_typed_is_lost(
    browser: Browser, company: Company, typed: dict[str, str], words: str
) -> None:
    answer = fill(browser, company, **typed)
    assert answer.status_code == 422
    assert words in answer.text
    for name in ("street", "postal_code"):
        assert TYPED[name] in answer.text
    assert "<script>" not in answer.text
    assert leads_of(company) == []
    again = {**hidden(answer), **TYPED}
    assert browser.send(f"/f/{company.slug}", again).status_code == 303


def test_who_fills_the_trap_gets_the_same_thanks_and_no_lead(browser: Browser, company: Company) -> None:
    answer = fill(browser, company, website="https://buy.example")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/f/{company.slug}/thanks")
    assert leads_of(company) == []


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example"])
def test_another_site_cannot_send_it(browser: Browser, company: Company, origin: str | None) -> None:
    path = f"/f/{company.slug}"
    assert browser.send(path, {**hidden(browser.open(path)), **TYPED}, origin=origin).status_code == 403
    assert leads_of(company) == []


def test_without_its_token_it_is_shown_again(browser: Browser, company: Company, other: Company) -> None:
    path = f"/f/{company.slug}"
    for token in ("", "x", hidden(browser.open(f"/f/{other.slug}"))["form_token"]):
        answer = browser.send(path, {**TYPED, "form_token": token})
        assert answer.status_code == 403
        assert TYPED["street"] in answer.text
    assert leads_of(company) == []
    assert browser.send(path, {**TYPED, **hidden(answer)}).status_code == 303


def test_a_machine_is_stopped_soon_a_person_later(
    browser: Browser, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(public_forms.MOST_QUICK):
        assert fill(browser, company).status_code == 303
    answer = fill(browser, company)
    assert answer.status_code == 429
    assert TYPED["street"] in answer.text
    assert fill(Browser(ip=fresh_ip()), company).status_code == 303
    monkeypatch.setattr(forms, "came_back", lambda *_: forms.Form(age=30.0, mark=new_id().hex))
    person = Browser(ip=fresh_ip())
    codes = [fill(person, company).status_code for _ in range(public_forms.MOST_PER_IP + 1)]
    assert codes == [303] * public_forms.MOST_PER_IP + [429]


@pytest.mark.parametrize("slug", ["nobody-here", "x", "%2e%2e", "a" * 300, "Ünicode"])
def test_there_is_no_form_of_nobody(browser: Browser, slug: str) -> None:
    assert browser.open(f"/f/{slug}").status_code == 404
    assert browser.send(f"/f/{slug}", TYPED).status_code == 404
    assert browser.open(f"/f/{slug}/thanks").status_code == 404


def test_a_company_that_is_suspended_has_no_form(browser: Browser, company: Company) -> None:
    with company.work() as work:
        work.find_tenant(Tenant).stage = "suspended"
    assert browser.open(f"/f/{company.slug}").status_code == 404


def test_what_is_no_form_is_no_request(browser: Browser, company: Company) -> None:
    path = f"/f/{company.slug}"
    page = browser.open(path)
    for body, kind in (
        (b"\xff\xfe=%", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"a=1&" * 500, "application/x-www-form-urlencoded"),
    ):
        headers = {"origin": browser.origin, "content-type": kind}
        assert browser.open(path, "POST", content=body, headers=headers).status_code == 403
    assert page.status_code == 200
    assert leads_of(company) == []
