"""A person's own page: who sees it, what it shows, and that ending a session ends one's own and nobody else's."""

import pytest

from models.access import Role
from models.ids import new_id
from ontrack_app.db import begin
from ontrack_app.services.browsers import device
from ontrack_app.sessions import hash_secret, new_secret
from ontrack_app.web.forms import form_token
from tests.factories.companies import Company, Person
from tests.web.browsers import Browser, fresh_ip
from tests.web.test_sign_in import cookie, is_live, signed_in

ACCOUNT = "/auth/account"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
OPEN = "SELECT auth.open_session(:email, :slug, :hash, :ip, :agent)"


@pytest.fixture
def browser(database: object) -> Browser:
    return Browser(ip=fresh_ip())


def another_session(
    company: Company, person: Person, *, ip: str = "198.51.100.7", agent: str = CHROME
) -> str:
    secret = new_secret()
    with begin(None) as doorway:
        given = {"email": person.email, "slug": company.slug, "hash": hash_secret(secret), "ip": ip}
        assert doorway.value(OPEN, agent=agent, **given)
    return secret


def session_id(secret: str) -> str:
    with begin(None) as doorway:
        rows = doorway.rows("SELECT id, here FROM auth.my_sessions(:hash)", hash=hash_secret(secret))
    return str(next(row.id for row in rows if row.here))


def token(person: Person) -> dict[str, str]:
    return {"form_token": form_token(person.session.hash)}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.OFFICE, Role.CREW, Role.CLIENT, Role.PROPERTY_MANAGER])
def test_everybody_with_an_account_has_a_page(company: Company, role: Role) -> None:
    person = company.once(role)
    page = signed_in(person).open(ACCOUNT)
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert person.email in page.text
    assert role.label in page.text


def test_without_a_session_it_leads_to_sign_in_and_back(browser: Browser) -> None:
    answer = browser.open(ACCOUNT)
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/sign-in?next=/auth/account")
    assert 'name="next" value="/auth/account"' in browser.open(answer.headers["location"]).text


def test_it_lists_every_session_of_the_person_and_says_which_one_this_is(company: Company) -> None:
    person = company.office
    another_session(company, person)
    another_session(company, company.admin, ip="203.0.113.99")
    page = signed_in(person).open(ACCOUNT).text
    assert page.count("This one") == 1
    assert "Chrome on Windows" in page
    assert "198.51.100.7" in page
    assert "203.0.113.99" not in page
    assert "with one click, in development" in page


def test_one_is_ended_from_the_list(company: Company) -> None:
    person = company.office
    other = another_session(company, person)
    browser = signed_in(person)
    answer = browser.send(f"{ACCOUNT}/sessions/end", {**token(person), "session": session_id(other)})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ACCOUNT}?done=session_ended")
    assert not is_live(other)
    assert is_live(person.cookie)
    assert "That device is signed out" in browser.open(answer.headers["location"]).text


def test_ending_the_present_one_signs_out(company: Company) -> None:
    person = company.office
    browser = signed_in(person)
    answer = browser.send(f"{ACCOUNT}/sessions/end", {**token(person), "session": session_id(person.cookie)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/auth/sign-in")
    assert cookie(browser) == ""
    assert not is_live(person.cookie)


def test_all_others_are_ended_at_once(company: Company) -> None:
    person = company.office
    others = [another_session(company, person) for _ in range(3)]
    theirs = another_session(company, company.admin)
    answer = signed_in(person).send(f"{ACCOUNT}/sessions/end-others", token(person))
    assert answer.headers["location"] == f"{ACCOUNT}?done=sessions_ended"
    assert [is_live(one) for one in others] == [False, False, False]
    assert is_live(person.cookie)
    assert is_live(theirs)


@pytest.mark.parametrize("whose", ["a colleague's", "another company's", "nobody's", "no id"])
def test_a_session_of_somebody_else_is_not_found_and_stays(
    company: Company, other: Company, whose: str
) -> None:
    victim = {"a colleague's": company.admin, "another company's": other.office}.get(whose)
    wanted = session_id(victim.cookie) if victim else {"nobody's": str(new_id()), "no id": "1 OR 1=1"}[whose]
    person = company.office
    answer = signed_in(person).send(f"{ACCOUNT}/sessions/end", {**token(person), "session": wanted})
    assert answer.status_code == 404
    assert victim is None or is_live(victim.cookie)


@pytest.mark.parametrize("path", [f"{ACCOUNT}/sessions/end", f"{ACCOUNT}/sessions/end-others"])
def test_a_form_of_another_session_or_site_ends_nothing(company: Company, path: str) -> None:
    person = company.office
    other = another_session(company, person)
    form = {"session": session_id(other)}
    browser = signed_in(person)
    assert browser.send(path, {**token(company.admin), **form}).status_code == 403
    assert browser.send(path, form).status_code == 403
    assert browser.send(path, {**token(person), **form}, origin="https://evil.example").status_code == 403
    assert is_live(other)


def test_without_a_live_session_nothing_is_ended(company: Company) -> None:
    person = company.office
    other = another_session(company, person)
    browser = signed_in(person)
    with begin(None) as doorway:
        doorway.value("SELECT auth.end_session(:hash)", hash=person.session.hash)
    answer = browser.send(f"{ACCOUNT}/sessions/end", {**token(person), "session": session_id(other)})
    assert answer.status_code == 401
    assert is_live(other)


@pytest.mark.parametrize(
    ("words", "agent"),
    [
        ("Chrome on Windows", CHROME),
        ("Edge on Windows", CHROME + " Edg/131.0.0.0"),
        ("Safari on iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"),
        ("Chrome on iPhone", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0 Mobile/15E148 Safari/604.1"),
        ("Safari on Mac", "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15"),
        ("Firefox on Linux", "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"),
        ("Samsung Internet on Android", "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36"),
        ("Unknown device", "curl/8.5.0"),
        ("Unknown device", ""),
    ],
)  # fmt: skip
def test_a_device_has_short_words(words: str, agent: str) -> None:
    assert device(agent) == words


def test_what_a_browser_says_of_itself_is_no_html(company: Company) -> None:
    person = company.office
    another_session(company, person, ip="<b>ip</b>", agent="<script>alert(1)</script> Windows")
    page = signed_in(person).open(ACCOUNT).text
    assert "<script>" not in page
    assert "<b>ip" not in page
