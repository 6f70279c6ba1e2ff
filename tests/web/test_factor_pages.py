"""The pages of the second step, in a browser without scripts: where each leads, what it refuses, and what nobody keeps."""

import re
from html import unescape

import pytest

from models.access import Role
from ontrack_app.db import SessionCredential, begin
from ontrack_app.services import factor_rules
from ontrack_app.sessions import cookie_name, hash_secret
from ontrack_app.settings import settings
from ontrack_app.web.forms import form_token
from tests.factories.companies import Company, Person
from tests.factories.factors import App, enrol, events, make_stale, signed_in_by_mail, sql
from tests.web.browsers import Browser, fresh_ip, hidden
from tests.web.test_sign_in import cookie, is_live

CODES = re.compile(r"<li>([a-z0-9]{5}-[a-z0-9]{5})</li>")
SEED = re.compile(r'id="typed-key">([A-Z2-7 ]+)<')


def carrying(secret: str) -> Browser:
    """A browser with this session."""
    browser = Browser(ip=fresh_ip())
    browser.cookies.set(cookie_name(settings()), secret, domain="localhost.local")
    return browser


def token(browser: Browser) -> dict[str, str]:
    return {"form_token": form_token(hash_secret(cookie(browser)))}


@pytest.fixture
def person(company: Company) -> Person:
    return company.office


@pytest.fixture
def app(person: Person) -> App:
    return enrol(person)


def require(company: Company, role: Role) -> None:
    with begin(company.system) as work:
        factor_rules.require_factor(work, role, True)


def where(answer: object) -> str:
    assert answer.status_code == 303, answer.text  # type: ignore[attr-defined]
    return str(answer.headers["location"])  # type: ignore[attr-defined]


def test_the_mail_is_the_first_step_and_the_app_the_second(person: Person, app: App) -> None:
    browser = carrying(signed_in_by_mail(person))
    assert where(browser.open("/auth/sign-in?next=/leads")) == "/auth/factor?next=/leads"
    page = browser.open("/auth/factor?next=/leads")
    assert page.status_code == 200 and "one-time-code" in page.text and person.email in page.text
    wrong = browser.send("/auth/factor", {**hidden(page), "code": "000000x"})
    assert wrong.status_code == 422 and "is not right" in wrong.text
    before = cookie(browser)
    assert where(browser.send("/auth/factor", {**hidden(wrong), "code": app.code()})) == "/leads"
    assert cookie(browser) != before and is_live(cookie(browser)) and not is_live(before)
    assert where(browser.open("/auth/factor?next=/leads")) == "/leads"


def test_a_pending_browser_reaches_nothing_else(person: Person, app: App) -> None:
    browser = carrying(signed_in_by_mail(person))
    assert where(browser.open("/auth/account")).startswith("/auth/sign-in")
    assert where(browser.open("/auth/factor/set-up")) == "/auth/factor"
    assert where(browser.open("/auth/confirm?next=/leads")) == "/auth/factor?next=/leads"
    for path in ("/auth/factor/set-up", "/auth/confirm/mail"):
        assert where(browser.send(path, token(browser))).startswith("/auth/factor")
    for path in ("/auth/factor/codes", "/auth/factor/remove", "/auth/switch"):
        answer = browser.send(path, token(browser))
        assert answer.status_code in (303, 401, 403), path
        assert not CODES.findall(answer.text)
    assert not is_live(cookie(browser))


def test_a_recovery_code_is_the_other_way_in(person: Person, app: App) -> None:
    browser = carrying(signed_in_by_mail(person))
    page = browser.open("/auth/factor?with=recovery")
    assert "Recovery code" in page.text
    assert where(browser.send("/auth/factor", {**hidden(page), "code": app.codes[0]})) == "/"
    assert is_live(cookie(browser))
    for number, code in enumerate(app.codes[1:8], 2):
        again = carrying(signed_in_by_mail(person))
        page = again.open("/auth/factor?next=/jobs&with=recovery")
        answer = again.send("/auth/factor", {**hidden(page), "code": code})
        assert answer.status_code == (200 if number >= 7 else 303)
    assert "2 recovery codes left" in answer.text and 'href="/jobs"' in answer.text and is_live(cookie(again))


def test_signing_out_is_possible_before_the_second_step(person: Person, app: App) -> None:
    browser = carrying(signed_in_by_mail(person))
    secret = cookie(browser)
    assert where(browser.send("/auth/sign-out", hidden(browser.open("/auth/factor")))) == "/auth/sign-in"
    assert cookie(browser) == ""
    assert where(carrying(secret).open("/auth/factor")).startswith("/auth/sign-in")


def test_after_ten_minutes_it_begins_with_the_mail_again(person: Person, app: App) -> None:
    browser = carrying(signed_in_by_mail(person))
    page = browser.open("/auth/factor?next=/leads")
    sql("UPDATE auth.sessions SET ends_at = now() WHERE hash = %s", hash_secret(cookie(browser)))
    assert (
        where(browser.send("/auth/factor", {**hidden(page), "code": app.code()}))
        == "/auth/factor?next=/leads"
    )
    assert where(browser.open("/auth/factor?next=/leads")) == "/auth/sign-in?next=/leads"
    assert browser.open("/auth/sign-in").status_code == 200


def test_guessing_ends_after_eight(person: Person, app: App) -> None:
    browser = carrying(signed_in_by_mail(person))
    form = hidden(browser.open("/auth/factor"))
    found = [
        browser.send("/auth/factor", {**form, "code": f"{number:06}"}).status_code for number in range(8)
    ]
    assert set(found) <= {422, 303}
    late = browser.send("/auth/factor", {**form, "code": app.code()})
    assert late.status_code == 429 and "quarter of an hour" in late.text
    assert not is_live(cookie(browser))
    assert "factor.limited" in events(person.email)


def test_of_many_posts_at_once_one_gets_in(person: Person, app: App) -> None:
    browser = carrying(signed_in_by_mail(person))
    form = hidden(browser.open("/auth/factor"))
    answers = browser.send_at_once("/auth/factor", {**form, "code": app.code()}, times=8)
    let_in = [answer for answer in answers if cookie_name(settings()) in answer.headers.get("set-cookie", "")]
    assert len(let_in) == 1


@pytest.mark.parametrize("path", ["/auth/factor", "/auth/factor/set-up", "/auth/factor/turn-on", "/auth/factor/codes",
                                  "/auth/factor/remove", "/auth/confirm", "/auth/confirm/mail"])  # fmt: skip
def test_a_form_of_another_site_or_session_does_nothing(person: Person, app: App, path: str) -> None:
    browser = carrying(person.cookie)
    assert (
        browser.send(path, {**token(browser), "code": app.code()}, origin="https://evil.example").status_code
        == 403
    )
    form = {"form_token": form_token("another"), "code": app.code()}
    assert browser.send(path, form).status_code == 403
    assert is_live(person.cookie)


def set_up(browser: Browser, wanted: str = "") -> tuple[App, object]:
    """Presses the button, scans, and types the first code."""
    page = browser.open("/auth/factor/set-up", params={"next": wanted})
    shown = browser.send("/auth/factor/set-up", hidden(page))
    seed = SEED.search(shown.text)
    assert seed and "<svg" in shown.text and shown.headers["cache-control"] == "no-store"
    app = App(seed[1].replace(" ", ""))
    assert f"secret={app.seed}" in unescape(shown.text)
    wrong = browser.send("/auth/factor/turn-on", {**hidden(shown), "code": "000000x"})
    assert wrong.status_code == 422 and app.seed in wrong.text.replace(" ", "")
    for _ in range(3):  # a step may begin between the code and its check
        done = browser.send("/auth/factor/turn-on", {**hidden(wrong), "code": app.code(-1)})
        if done.status_code == 200:
            break
    app.codes = CODES.findall(done.text)
    return app, done


def test_somebody_turns_it_on_in_their_account(person: Person) -> None:
    browser = carrying(person.cookie)
    assert "Turn on two-step sign-in" in browser.open("/auth/account").text
    app, done = set_up(browser, "/auth/account")
    assert done.status_code == 200 and len(app.codes) == 10
    assert done.headers["cache-control"] == "no-store" and 'href="/auth/account"' in done.text
    account = browser.open("/auth/account").text
    assert "10 of 10 recovery codes" in account
    assert app.seed not in account and app.codes[0] not in account
    again = carrying(signed_in_by_mail(person))
    page = again.open("/auth/factor")
    assert where(again.send("/auth/factor", {**hidden(page), "code": app.codes[3]})) == "/"


def test_opening_the_page_changes_nothing(person: Person) -> None:
    browser = carrying(person.cookie)
    for _ in range(2):
        assert browser.open("/auth/factor/set-up").status_code == 200
    assert sql("SELECT 1 FROM auth.factors WHERE user_id = %s", person.user_id) == []


def test_a_company_that_asks_for_it_leads_through_setting_up(company: Company, person: Person) -> None:
    require(company, Role.OFFICE)
    browser = carrying(signed_in_by_mail(person))
    assert where(browser.open("/auth/sign-in?next=/jobs")) == "/auth/factor/set-up?next=/jobs"
    assert where(browser.open("/auth/factor?next=/jobs")) == "/auth/factor/set-up?next=/jobs"
    assert "Your company asks for it" in browser.open("/auth/factor/set-up").text
    _, done = set_up(browser, "/jobs")
    assert 'href="/jobs"' in done.text and is_live(cookie(browser))
    account = browser.open("/auth/account").text
    assert "asks for it from everybody with your role" in account and "Turn off" not in account
    answer = browser.send("/auth/factor/remove", token(browser))
    assert answer.status_code == 409 and is_live(cookie(browser))


def test_a_session_that_is_held_later_proves_itself_by_mail_first(company: Company, person: Person) -> None:
    make_stale(person.cookie, minutes=60)
    require(company, Role.OFFICE)
    browser = carrying(person.cookie)
    place = where(browser.open("/auth/factor/set-up?next=/jobs"))
    assert place.startswith("/auth/confirm?next=/auth/factor/set-up")
    page = browser.open(place)
    form = {**hidden(browser.send("/auth/confirm/mail", hidden(page))), "code": mailed(person)}
    assert where(browser.send("/auth/confirm", form)) == "/auth/factor/set-up?next=/jobs"
    assert not is_live(cookie(browser))
    _, done = set_up(browser, "/jobs")
    assert done.status_code == 200 and is_live(cookie(browser))


def mailed(person: Person) -> str:
    (body,), *_ = sql(
        "SELECT body_text FROM auth.mails WHERE recipient = %s ORDER BY id DESC LIMIT 1", person.email
    )
    return str(body).split("Code: ")[1].split("\n", maxsplit=1)[0]


def is_fresh(browser: Browser) -> bool:
    with begin(SessionCredential(hash_secret(cookie(browser)))) as work:
        try:
            work.actor.require_fresh(work.at)
        except Exception:  # noqa: BLE001 - whatever it is, it is no
            return False
    return True


def test_confirming_by_the_app(person: Person, app: App) -> None:
    make_stale(person.cookie)
    browser = carrying(person.cookie)
    page = browser.open("/auth/confirm?next=/settings/roles")
    assert "mail" not in page.text.split("<h1")[1].split("<form")[0]
    assert browser.send("/auth/confirm", {**hidden(page), "code": "000000x"}).status_code == 422
    assert not is_fresh(browser)
    assert where(browser.send("/auth/confirm", {**hidden(page), "code": app.code()})) == "/settings/roles"
    assert is_fresh(browser) and cookie(browser) != person.cookie and not is_live(person.cookie)


def test_who_has_the_app_gets_no_code_by_mail(person: Person, app: App) -> None:
    browser = carrying(person.cookie)
    answer = browser.send("/auth/confirm/mail", token(browser))
    assert answer.status_code == 409
    assert sql("SELECT 1 FROM auth.mails WHERE recipient = %s", person.email) == []


def test_confirming_by_mail_where_there_is_no_app(person: Person) -> None:
    make_stale(person.cookie)
    browser = carrying(person.cookie)
    page = browser.open("/auth/confirm?next=/settings/roles")
    assert person.email in page.text and "Mail is not set up" in page.text
    shown = browser.send("/auth/confirm/mail", hidden(page))
    assert shown.status_code == 200 and "one-time-code" in shown.text
    code = mailed(person)
    assert code.replace(" ", "") not in shown.text.replace(" ", "")
    assert browser.send("/auth/confirm", {**hidden(shown), "code": "000000x"}).status_code == 422
    assert where(browser.send("/auth/confirm", {**hidden(shown), "code": code})) == "/settings/roles"
    assert is_fresh(browser)


def test_codes_by_mail_can_be_asked_for_only_so_often(person: Person) -> None:
    browser = carrying(person.cookie)
    form = hidden(browser.open("/auth/confirm"))
    found = [browser.send("/auth/confirm/mail", form).status_code for _ in range(7)]
    assert found == [200] * 5 + [429] * 2


@pytest.mark.parametrize("wanted", ["https://evil.example", "//evil.example", "/auth/sign-out", "/api/v1/me", "/\\evil", "/dev/outbox",
                                    "/auth/factor/set-up/../x", "/auth/factor/set-up?next=//evil.example"])  # fmt: skip
def test_confirming_leads_to_pages_of_ours_alone(person: Person, app: App, wanted: str) -> None:
    browser = carrying(person.cookie)
    page = browser.open("/auth/confirm", params={"next": wanted})
    place = where(browser.send("/auth/confirm", {**hidden(page), "next": wanted, "code": app.code()}))
    if place.startswith("/auth/factor/set-up?"):
        assert hidden(browser.open(place)).get("next") == ""
    else:
        assert place == "/"


@pytest.mark.parametrize("path", ["/auth/factor/codes", "/auth/factor/remove"])
def test_what_changes_the_factor_asks_for_a_fresh_proof(person: Person, app: App, path: str) -> None:
    make_stale(person.cookie)
    browser = carrying(person.cookie)
    assert where(browser.send(path, token(browser))) == "/auth/confirm?next=/auth/account"
    assert sql("SELECT count(*) FROM auth.recovery_codes WHERE user_id = %s", person.user_id) == [(10,)]
    assert where(browser.open("/auth/factor/set-up")) == "/auth/confirm?next=/auth/factor/set-up"


def test_new_recovery_codes_and_turning_it_off(person: Person, app: App) -> None:
    browser = carrying(person.cookie)
    made = browser.send("/auth/factor/codes", token(browser))
    codes = CODES.findall(made.text)
    assert (
        len(codes) == 10 and not set(codes) & set(app.codes) and made.headers["cache-control"] == "no-store"
    )
    before = cookie(browser)
    assert where(browser.send("/auth/factor/remove", token(browser))) == "/auth/account?done=factor_off"
    assert cookie(browser) != before and not is_live(before)
    assert "Turn on two-step sign-in" in browser.open("/auth/account?done=factor_off").text


def test_the_session_of_a_documents_link_has_none_of_it(company: Company) -> None:
    sql("INSERT INTO auth.sessions (hash, tenant_id, scope, how, document_noun, document_id, idle, ends_at) "
        "VALUES (%s, %s, 'document', 'document', 'estimates', uuidv7(), '1 hour', now() + interval '1 hour')",
        hash_secret(company.slug), company.id)  # fmt: skip
    browser = carrying(company.slug)
    for path in ("/auth/factor", "/auth/factor/set-up", "/auth/confirm"):
        assert where(browser.open(path)).startswith("/auth/sign-in")
