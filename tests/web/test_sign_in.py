"""Signing in by mail: what a GET must not do, what works once, what is not given away, and where it may lead."""

import re

import pytest

from models.access import Role
from models.ids import new_id
from ontrack_app.db import SessionCredential, begin
from ontrack_app.errors import SignedOut
from ontrack_app.services import members, sign_in
from ontrack_app.sessions import cookie_name, hash_secret
from ontrack_app.settings import settings
from ontrack_app.web.forms import form_token
from ontrack_app.web.sign_in import safe_next
from tests.factories.companies import Company, Person
from tests.web.browsers import Browser, fresh_ip, hidden


@pytest.fixture
def browser(database: object) -> Browser:
    return Browser(ip=fresh_ip())


def cookie(browser: Browser) -> str:
    return browser.cookies.get(cookie_name(settings())) or ""


def is_live(secret: str) -> bool:
    try:
        with begin(SessionCredential(hash_secret(secret))):
            return True
    except SignedOut:
        return False


def ask(browser: Browser, email: str, next_path: str = "") -> str:
    """Asks for a link; returns the answer's text without what is meant to differ."""
    page = browser.open("/auth/sign-in", params={"next": next_path})
    answer = browser.send("/auth/sign-in", {**hidden(page), "email": email})
    assert answer.status_code == 200
    words = answer.text.replace(email, "ADDRESS").replace(hidden(answer)["form_token"], "TOKEN")
    return f"{sorted(answer.headers.keys())}\n{answer.headers['cache-control']}\n{words.replace(str(len(answer.text)), '')}"


def mails_to(email: str) -> list[str]:
    with begin(None) as doorway:
        rows = doorway.rows("SELECT recipient, body_text FROM auth.read_mails(500)")
    return [row.body_text for row in rows if row.recipient == email]


def link_to(email: str) -> str:
    found = re.search(r"/auth/link/[\w-]+", mails_to(email)[0])
    assert found
    return found.group()


def press(browser: Browser, link: str) -> str:
    """Opens a link's page and presses its button; returns where that leads."""
    answer = browser.send(link, hidden(browser.open(link)))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_link_signs_in_once_and_leads_where_the_person_wanted(browser: Browser, company: Company) -> None:
    email = company.office.email
    ask(browser, email, "/leads?stage=new")
    link = link_to(email)
    assert press(browser, link) == "/leads?stage=new"
    assert is_live(cookie(browser))
    again = Browser(ip=fresh_ip())
    assert again.open(link).status_code == 410
    assert again.send(link, {}).status_code == 410


@pytest.mark.parametrize("role, home", [(Role.ADMIN, "/"), (Role.CREW, "/crew/"), (Role.CLIENT, "/portal/")])
def test_everybody_starts_in_their_own_place(
    browser: Browser, company: Company, role: Role, home: str
) -> None:
    email = company.once(role).email
    ask(browser, email)
    assert press(browser, link_to(email)) == home


def test_opening_a_link_signs_nobody_in_and_uses_nothing_up(browser: Browser, company: Company) -> None:
    email = company.office.email
    ask(browser, email)
    link = link_to(email)
    scanner = Browser(ip=fresh_ip())
    for method in ("GET", "HEAD", "GET"):
        assert scanner.open(link, method).status_code == 200
    assert cookie(scanner) == ""
    assert scanner.send(link, {}).status_code == 403
    assert scanner.send(link, hidden(scanner.open(link)), origin=None).status_code == 403
    assert cookie(scanner) == ""
    assert press(browser, link) == "/"


def test_of_many_at_once_one_gets_in(browser: Browser, company: Company) -> None:
    email = company.office.email
    ask(browser, email)
    link = link_to(email)
    answers = browser.send_at_once(link, hidden(browser.open(link)), times=8)
    assert sorted(answer.status_code for answer in answers) == [303, *[410] * 7]


def test_only_the_newest_link_works(browser: Browser, company: Company) -> None:
    email = company.office.email
    ask(browser, email)
    older = link_to(email)
    ask(browser, email)
    assert browser.open(older).status_code == 410
    assert browser.open(link_to(email)).status_code == 200


def test_a_link_ends_after_its_time(browser: Browser, company: Company) -> None:
    secret = "a-secret-of-an-old-link-of-this-test-" + new_id().hex
    with begin(None) as doorway:
        values = {"email": company.office.email, "hash": hash_secret(secret)}
        doorway.value("SELECT auth.add_link(:email, :hash, NULL, '', interval '-1 second')", **values)
    assert browser.open(f"/auth/link/{secret}").status_code == 410
    assert browser.send(f"/auth/link/{secret}", {}).status_code == 410


def test_known_and_unknown_addresses_get_the_same_answer(browser: Browser, company: Company) -> None:
    unknown = f"nobody-{new_id().hex[-6:]}@nowhere.example"
    known_answer, unknown_answer = ask(browser, company.office.email), ask(browser, unknown)
    assert re.sub(r"\d+", "0", known_answer) == re.sub(r"\d+", "0", unknown_answer)
    assert len(mails_to(company.office.email)) == 1
    assert mails_to(unknown) == []


def test_the_secret_itself_is_stored_nowhere_but_in_the_mail(browser: Browser, company: Company) -> None:
    email = company.office.email
    ask(browser, email)
    secret = link_to(email).rpartition("/")[2]
    with begin(None) as doorway:
        assert doorway.row("SELECT 1 FROM auth.peek_link(:secret)", secret=secret) is None
        assert doorway.row("SELECT 1 FROM auth.peek_link(:hash)", hash=hash_secret(secret)) is not None


@pytest.mark.parametrize("known", [True, False])
def test_an_address_can_be_asked_for_only_so_often(browser: Browser, company: Company, known: bool) -> None:
    email = company.office.email if known else f"{new_id().hex[-6:]}@nowhere.example"
    for _ in range(sign_in.MOST_PER_ADDRESS):
        ask(browser, email)
    other = Browser(ip=fresh_ip())
    answer = other.send("/auth/sign-in", {**hidden(other.open("/auth/sign-in")), "email": email})
    assert answer.status_code == 429
    assert "Wait a quarter of an hour" in answer.text
    assert email in answer.text


def test_a_network_can_ask_only_so_often(browser: Browser) -> None:
    form = hidden(browser.open("/auth/sign-in"))
    for number in range(sign_in.MOST_PER_IP):
        answer = browser.send(
            "/auth/sign-in", {**form, "email": f"{number}-{new_id().hex[-6:]}@nowhere.example"}
        )
        assert answer.status_code == 200
    assert browser.send("/auth/sign-in", {**form, "email": "one-more@nowhere.example"}).status_code == 429


@pytest.mark.parametrize(
    "email",
    [
        "",
        "nobody",
        "@x.example",
        "a@b",
        "a b@c.example",
        "a@c.example\nBcc: d@e.example",
        "a" * 300 + "@c.example",
    ],
)
def test_what_is_no_address_is_refused_in_words(browser: Browser, email: str) -> None:
    answer = browser.send("/auth/sign-in", {**hidden(browser.open("/auth/sign-in")), "email": email})
    assert answer.status_code == 422
    assert "Type the whole address" in answer.text


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example", "/a\nb",
     "leads", "", "/auth/sign-out", "/api/v1/leads", "/dev/outbox", "/_event", "/./x", "//", "/x//y", "/" + "a" * 3000, " /leads"],
)  # fmt: skip
def test_no_way_out_through_next(browser: Browser, company: Company, target: str) -> None:
    assert safe_next(target) == ""
    email = company.office.email
    page = browser.open("/auth/sign-in")
    browser.send("/auth/sign-in", {**hidden(page), "next": target, "email": email})
    assert press(browser, link_to(email)) == "/"


@pytest.mark.parametrize("target", ["/leads", "/jobs/7?tab=lines#x", "/crew/", "/portal/estimates/7"])
def test_pages_of_ours_are_kept_as_next(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        "http://localhost",
        "http://localhost:1",
        "http://localhost:8000.evil.example",
    ],
)
def test_a_form_of_another_site_does_nothing(browser: Browser, company: Company, origin: str | None) -> None:
    form = hidden(browser.open("/auth/sign-in"))
    answer = browser.send("/auth/sign-in", {**form, "email": company.office.email}, origin=origin)
    assert answer.status_code == 403
    assert mails_to(company.office.email) == []
    browser.cookies.set(cookie_name(settings()), company.office.cookie)
    token = form_token(hash_secret(company.office.cookie))
    for path in ("/auth/sign-out", "/auth/switch"):
        assert (
            browser.send(path, {"form_token": token, "tenant": company.slug}, origin=origin).status_code
            == 403
        )
    assert is_live(company.office.cookie)


@pytest.mark.parametrize("token", ["", "x", "W10.x.y", "missing", "another browser's"])
def test_a_form_without_its_token_is_shown_again_with_what_was_typed(
    browser: Browser, company: Company, token: str
) -> None:
    form = {"email": company.office.email, "form_token": token}
    if token == "missing":
        del form["form_token"]
    if token == "another browser's":
        form["form_token"] = hidden(Browser(ip=fresh_ip()).open("/auth/sign-in"))["form_token"]
    answer = browser.send("/auth/sign-in", form)
    assert answer.status_code == 403
    assert company.office.email in answer.text
    assert mails_to(company.office.email) == []
    assert browser.send("/auth/sign-in", {**hidden(answer), "email": company.office.email}).status_code == 200


def signed_in(person: Person) -> Browser:
    browser = Browser(ip=fresh_ip())
    browser.cookies.set(cookie_name(settings()), person.cookie, domain="localhost.local")
    return browser


def test_the_button_says_that_it_replaces_a_session_and_does(company: Company, other: Company) -> None:
    browser = signed_in(other.office)
    email = company.office.email
    ask(browser, email)
    page = browser.open(link_to(email))
    assert "The button replaces that" in page.text
    assert is_live(other.office.cookie)
    press(browser, link_to(email))
    assert not is_live(other.office.cookie)
    assert is_live(cookie(browser))


def test_signing_out_ends_the_session_for_good(company: Company) -> None:
    browser = signed_in(company.office)
    assert browser.send("/auth/sign-out", {"form_token": form_token("another")}).status_code == 403
    assert is_live(company.office.cookie)
    answer = browser.send("/auth/sign-out", {"form_token": form_token(hash_secret(company.office.cookie))})
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/sign-in")
    assert cookie(browser) == ""
    assert not is_live(company.office.cookie)
    assert browser.open("/auth/sign-out").status_code == 405


def test_changing_company_changes_the_session(company: Company, other: Company) -> None:
    mine = company.office
    with other.work() as work:
        from_here = members.add(work, mine.email, "Same Person", Role.CREW).id
    browser = signed_in(mine)
    token = form_token(hash_secret(mine.cookie))
    assert browser.send("/auth/switch", {"form_token": token, "tenant": "not-mine"}).status_code == 403
    answer = browser.send("/auth/switch", {"form_token": token, "tenant": other.slug})
    assert (answer.status_code, answer.headers["location"]) == (303, "/crew/")
    assert not is_live(mine.cookie)
    with begin(SessionCredential(hash_secret(cookie(browser)))) as work:
        assert (work.actor.tenant.slug, work.actor.member_id) == (other.slug, from_here)


def test_the_cookie_cannot_be_read_by_scripts_and_pages_are_kept_by_nobody(
    browser: Browser, company: Company
) -> None:
    email = company.office.email
    ask(browser, email)
    link = link_to(email)
    answer = browser.send(link, hidden(browser.open(link)))
    given = answer.headers["set-cookie"]
    assert "HttpOnly" in given and "SameSite=lax" in given and "Path=/" in given and "Domain" not in given
    for page in (
        answer,
        browser.open("/auth/sign-in"),
        browser.open("/auth/nothing"),
        browser.open("/auth/link/x"),
    ):
        assert page.headers["cache-control"] == "no-store"
        assert "noindex" in page.headers["x-robots-tag"]
