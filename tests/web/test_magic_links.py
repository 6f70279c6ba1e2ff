"""Sign-in links to the letter: the asking browser needs a button, any other the code of the same mail, and each try counts.

Attempts in parallel are threads with browsers and connections of their own.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import psycopg
import pytest
from sqlalchemy import Engine, create_engine

from models.access import Role
from models.ids import new_id
from ontrack_app import db
from ontrack_app.db import begin
from ontrack_app.services import sign_in
from ontrack_app.sessions import CODE_SIGNS, hash_secret, new_code, new_secret, plain_code
from ontrack_app.settings import DatabaseUrls, Settings, settings
from ontrack_app.web import forms
from tests.factories.companies import Company
from tests.web.browsers import Browser, fresh_ip, hidden
from tests.web.test_sign_in import cookie, is_live, link_to, mails_to

AT_ONCE = 50
Owner = Callable[..., list[tuple[object, ...]]]


@pytest.fixture
def browser(database: object) -> Browser:
    return Browser(ip=fresh_ip())


@pytest.fixture
def owner(database: DatabaseUrls) -> Owner:
    """Asks or changes as the owner of the tables, as no page can: `owner("SELECT …", 1, 2)`."""

    def run(query: str, *values: object) -> list[tuple[object, ...]]:
        address = database.owner.replace("postgresql+psycopg://", "postgresql://")
        with psycopg.connect(address) as connection:
            connection.execute("SET ROLE ontrack_finder")
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    return run


def asked(browser: Browser, email: str, next_path: str = "") -> httpx.Response:
    page = browser.open("/auth/sign-in", params={"next": next_path})
    answer = browser.send("/auth/sign-in", {**hidden(page), "email": email})
    assert answer.status_code == 200
    return answer


def code_to(email: str) -> str:
    found = re.search(r"^Code: (\S+)$", mails_to(email)[0], re.MULTILINE)
    assert found
    return found.group(1)


def wrong(code: str) -> str:
    """A code of the right shape that is another one."""
    return code[:-1] + next(sign for sign in CODE_SIGNS if sign != code[-1])


def type_code(browser: Browser, page: httpx.Response, code: str, **more: str) -> httpx.Response:
    return browser.send("/auth/code", {**hidden(page), "code": code, **more})


def test_the_mail_carries_a_link_of_256_bits_and_a_code_and_only_hashes_are_stored(
    browser: Browser, company: Company, owner: Owner
) -> None:
    email = company.office.email
    asked(browser, email)
    secret, code = link_to(email).rpartition("/")[2], code_to(email)
    assert len(secret) >= 43
    assert re.fullmatch(r"[2-9A-Z]{4}-[2-9A-Z]{4}", code)
    ((row,),) = owner("SELECT row_to_json(l)::text FROM auth.links l WHERE email = %s", email)
    given = browser.cookies.get(forms.browser_cookie(settings())) or ""
    for raw in (secret, code, plain_code(code), given):
        assert raw not in str(row)
    assert hash_secret(secret) in str(row)
    ((minutes,),) = owner(
        "SELECT extract(epoch FROM expires_at - created_at) / 60 FROM auth.links WHERE email = %s", email
    )
    assert minutes == sign_in.LINK_MINUTES == 10


def test_the_cookie_of_the_asking_browser_is_its_own(browser: Browser) -> None:
    given = browser.open("/auth/sign-in").headers["set-cookie"]
    assert given.startswith(f"ontrack_form_{settings().port}=")
    assert "HttpOnly" in given and "Path=/" in given and "Domain" not in given
    secure = Settings(env="development", base_url_setting="https://ontrack.example")
    assert forms.browser_cookie(secure).startswith("__Host-")


def test_another_browser_gets_no_button_and_its_post_does_nothing(browser: Browser, company: Company) -> None:
    email = company.office.email
    asked(browser, email)
    link = link_to(email)
    scanner = Browser(ip=fresh_ip())
    for method in ("GET", "HEAD", "GET"):
        assert scanner.open(link, method).status_code == 200
    page = scanner.open(link)
    assert 'name="code"' in page.text
    answer = scanner.send(link, hidden(page))
    assert (answer.status_code, cookie(scanner)) == (422, "")
    assert "Type the code" in answer.text
    answer = browser.send(link, hidden(browser.open(link)))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_stolen_form_does_not_help_another_browser(browser: Browser, company: Company) -> None:
    email = company.office.email
    asked(browser, email)
    link = link_to(email)
    form = hidden(browser.open(link))
    thief = Browser(ip=fresh_ip())
    assert thief.send(link, form).status_code == 403
    assert cookie(thief) == ""


@pytest.mark.parametrize(
    "typed", [str, str.lower, lambda code: code.replace("-", ""), lambda code: f" {code[:4]} {code[5:]} "]
)
def test_another_browser_signs_in_with_the_code(
    browser: Browser, company: Company, owner: Owner, typed: Callable[[str], str]
) -> None:
    email = company.office.email
    asked(browser, email, "/leads")
    other = Browser(ip=fresh_ip())
    link = link_to(email)
    answer = other.send(link, {**hidden(other.open(link)), "code": typed(code_to(email))})
    assert (answer.status_code, answer.headers["location"]) == (303, "/leads")
    assert is_live(cookie(other))
    assert owner("SELECT how FROM auth.sessions WHERE hash = %s", hash_secret(cookie(other))) == [("code",)]
    assert browser.open(link).status_code == 410


def test_the_asking_browser_signs_in_with_the_code_alone(
    browser: Browser, company: Company, owner: Owner
) -> None:
    email = company.once(Role.CREW).email
    page = asked(browser, email)
    answer = type_code(browser, page, code_to(email).lower())
    assert (answer.status_code, answer.headers["location"]) == (303, "/crew/")
    assert is_live(cookie(browser))
    assert owner("SELECT how FROM auth.sessions WHERE hash = %s", hash_secret(cookie(browser))) == [("code",)]
    again = type_code(browser, page, code_to(email))
    assert again.status_code == 410
    assert browser.open(link_to(email)).status_code == 410


def test_the_code_alone_is_nothing_in_another_browser(browser: Browser, company: Company) -> None:
    email = company.office.email
    asked(browser, email)
    code = code_to(email)
    other = Browser(ip=fresh_ip())
    answer = type_code(other, other.open("/auth/sign-in"), code, email=email)
    assert (answer.status_code, cookie(other)) == (410, "")
    assert type_code(browser, browser.open("/auth/sign-in"), code, email=email).status_code == 303


@pytest.mark.parametrize("at_the_link", [True, False])
def test_five_wrong_codes_end_the_link(
    browser: Browser, company: Company, owner: Owner, at_the_link: bool
) -> None:
    email = company.office.email
    page = asked(browser, email)
    link, code = link_to(email), code_to(email)
    other = Browser(ip=fresh_ip())

    def attempt(typed: str) -> httpx.Response:
        if at_the_link:
            return other.send(link, {**hidden(other.open(link)), "code": typed})
        return type_code(browser, page, typed)

    for _ in range(4):
        answer = attempt(wrong(code))
        assert answer.status_code == 422
        assert "This is not the code" in answer.text
    assert attempt(wrong(code)).status_code == 410
    assert attempt(code).status_code == 410
    assert browser.open(link).status_code == 410
    assert (cookie(browser), cookie(other)) == ("", "")
    words = owner(
        "SELECT detail FROM auth.security_events WHERE email = %s AND word = 'link.wrong_code'", email
    )
    assert len(words) == 5


@pytest.mark.parametrize(
    "typed", ["", "   ", "1234", "IIII-OOOO", "K7QX-2MPD-9", "'; --", "Ⅷ" * 8, "x" * 5000]
)
def test_what_can_be_no_code_costs_no_try(
    browser: Browser, company: Company, owner: Owner, typed: str
) -> None:
    email = company.office.email
    page = asked(browser, email)
    other = Browser(ip=fresh_ip())
    link = link_to(email)
    for _ in range(3):
        assert type_code(browser, page, typed).status_code == 422
        assert other.send(link, {**hidden(other.open(link)), "code": typed}).status_code == 422
    assert owner("SELECT wrong FROM auth.links WHERE email = %s", email) == [(0,)]
    assert type_code(browser, page, code_to(email)).status_code == 303


def test_codes_can_be_tried_only_so_often_from_one_network(browser: Browser, company: Company) -> None:
    email = company.office.email
    page = asked(browser, email)
    for _ in range(sign_in.MOST_CODES_PER_IP):
        assert type_code(browser, page, "no code").status_code == 422
    answer = type_code(browser, page, code_to(email))
    assert (answer.status_code, cookie(browser)) == (429, "")
    link = link_to(email)
    assert browser.send(link, hidden(browser.open(link))).status_code == 303


def bare(answer: httpx.Response, email: str) -> tuple[int, str, list[tuple[str, str]]]:
    """An answer without what is meant to differ: the address, the form's token, and so the length."""
    words = answer.text.replace(hidden(answer)["form_token"], "TOKEN").replace(email, "ADDRESS")
    kept = [(name, value) for name, value in answer.headers.multi_items() if name != "content-length"]
    return answer.status_code, words, kept


def test_known_and_unknown_addresses_are_answered_alike_to_the_last_byte(company: Company) -> None:
    answers = []
    for email in (company.office.email, f"nobody-{new_id().hex[-6:]}@nowhere.example"):
        browser = Browser(ip=fresh_ip())
        page = asked(browser, email)
        found = [bare(page, email), bare(type_code(browser, page, "no code"), email)]
        tries = [type_code(browser, page, "K7QX-2MPD") for _ in range(6)]
        found += [bare(each, email) for each in tries[:4]]
        found += [(each.status_code, each.text, []) for each in tries[4:]]
        answers.append(found)
    assert answers[0] == answers[1]
    assert [status for status, *_ in answers[0]] == [200, 422, 422, 422, 422, 422, 410, 410]
    assert 'name="code"' in answers[0][0][1]


def test_a_company_gets_only_so_many_mails_and_nobody_is_told(
    company: Company, other: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "MOST_PER_TENANT", 2)
    people = [company.person(Role.OFFICE) for _ in range(3)]
    answers = {person.email: asked(Browser(ip=fresh_ip()), person.email) for person in people}
    assert [len(mails_to(person.email)) for person in people] == [1, 1, 0]
    shown = {bare(answer, email)[1] for email, answer in answers.items()}
    assert len(shown) == 1
    asked(Browser(ip=fresh_ip()), other.office.email)
    assert len(mails_to(other.office.email)) == 1


@pytest.fixture(scope="module")
def wide(database: DatabaseUrls) -> Iterator[Engine]:
    """As many connections as there are attempts, so that all of them are under way at once."""
    db.engine(
        database.app
    ).dispose()  # the server has room for one wide pool, not for the usual one beside it
    engine = create_engine(database.app, pool_size=AT_ONCE, max_overflow=0)
    yield engine
    engine.dispose()


@pytest.fixture
def wide_pool(wide: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every transaction of this test comes from the wide pool."""
    monkeypatch.setattr(db, "engine", lambda _url: wide)


def at_once(attempt: Callable[[int], object]) -> list[object]:
    """What comes of many attempts that begin together, each in a thread of its own."""
    gate = Barrier(AT_ONCE)

    def run(number: int) -> object:
        gate.wait(30)
        return attempt(number)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(run, range(AT_ONCE)))


@pytest.mark.parametrize("how", ["button", "code at the link", "code alone"])
def test_of_fifty_threads_exactly_one_gets_in(
    browser: Browser, company: Company, wide_pool: None, owner: Owner, how: str
) -> None:
    email = company.office.email
    page = asked(browser, email)
    link, code = link_to(email), code_to(email)
    here = browser if how != "code at the link" else Browser(ip=fresh_ip())
    path, form = (
        ("/auth/code", {**hidden(page), "code": code})
        if how == "code alone"
        else (link, hidden(here.open(link)))
    )
    if how == "code at the link":
        form["code"] = code

    def attempt(number: int) -> object:
        one = Browser(ip=f"2001:db8:{number:x}::1")
        one.cookies = httpx.Cookies(here.cookies)
        return one.send(path, form).status_code

    found = at_once(attempt)
    assert sorted(map(str, found)) == ["303", *["410"] * (AT_ONCE - 1)]
    ((opened,),) = owner(
        "SELECT count(*) FROM auth.sessions s JOIN auth.users u ON u.id = s.user_id WHERE u.email = %s AND how IN ('link', 'code')",
        email,
    )
    assert opened == 1


def test_of_fifty_that_are_asked_for_at_once_one_works(
    company: Company, wide_pool: None, owner: Owner
) -> None:
    email = company.office.email

    def attempt(number: int) -> object:
        with begin(None) as doorway:
            asking = sign_in.Asking(email, browser=f"browser {number}")
            sign_in.ask_for_link(doorway, asking, "http://localhost")
        return None

    at_once(attempt)
    found = owner(
        "SELECT count(*), count(*) FILTER (WHERE used_at IS NULL) FROM auth.links WHERE email = %s", email
    )
    assert found == [(AT_ONCE, 1)]


def test_a_link_of_the_command_line_works_in_any_browser(
    browser: Browser, company: Company, owner: Owner
) -> None:
    secret = new_secret()
    with begin(None) as doorway:
        given = {"email": company.office.email, "hash": hash_secret(secret)}
        doorway.value("SELECT auth.add_link(:email, :hash, NULL, '/', interval '10 minutes')", **given)
    page = browser.open(f"/auth/link/{secret}")
    assert 'name="code"' not in page.text
    assert browser.send(f"/auth/link/{secret}", hidden(page)).status_code == 303
    assert owner("SELECT how FROM auth.sessions WHERE hash = %s", hash_secret(cookie(browser))) == [("link",)]


def test_codes_are_random_and_none_can_be_misread() -> None:
    made = {new_code() for _ in range(2000)}
    assert len(made) == 2000
    assert not set("".join(made)) & set("01ILOU")
