"""Signing in with others, by a certified provider over real HTTP: what it opens, for whom, and what it opens for nobody."""

import subprocess
import sys
from urllib.parse import quote

import pytest

from models.access import Role
from models.ids import new_id
from ontrack_app.db import begin
from ontrack_app.schemas.members import MemberPatch
from ontrack_app.services import members
from ontrack_app.sessions import hash_secret
from ontrack_app.settings import PROJECT_ROOT
from ontrack_app.web.forms import form_token
from tests.factories.companies import Company
from tests.web.browsers import Browser, fresh_ip
from tests.web.oidc_providers import CLIENT_SECRET, Real
from tests.web.oidc_walks import (
    ACCOUNT,
    BACK,
    as_owner,
    asked,
    come_back,
    configured,
    connect,
    events,
    last_event,
    leaves,
    press,
    press_connect,
    press_disconnect,
    secret_of,
    session_token,
    sign_in,
    signed_in,
    token,
    who,
)

pytestmark = pytest.mark.usefixtures("offered")
NOT_FRESH = "UPDATE auth.sessions SET proven_at = now() - interval '6 minutes' WHERE hash = %s"


def test_who_connected_an_account_signs_in_with_it(real: Real, company: Company, name: str) -> None:
    begun = last_event()
    page = connect(real, company.office, name).open(ACCOUNT).text
    assert f"{name}@elsewhere.example" in page and "Connected since" in page
    browser, status, place = sign_in(real, name, "/leads?stage=new")
    assert (status, place, who(browser)) == (303, "/leads?stage=new", company.office.email)
    found = as_owner(
        "SELECT how, pending FROM auth.sessions WHERE hash = %s", hash_secret(secret_of(browser))
    )
    assert found == [("oidc", "")]
    assert "last used" in browser.open(ACCOUNT).text
    email = company.office.email
    assert events(begun) == [("oidc.linked", email, "acme"), ("oidc.signed_in", email, "acme")]


def test_what_the_provider_is_asked(real: Real) -> None:
    browser = Browser(ip=fresh_ip())
    address = press(browser, "acme")
    sent = asked(address)
    assert address.startswith(f"{real.issuer}/auth?")
    assert (sent["redirect_uri"], sent["response_type"]) == (BACK + "acme/callback", "code")
    assert (sent["code_challenge_method"], sent["scope"]) == ("S256", "openid email")
    assert all(len(sent[secret]) >= 43 for secret in ("state", "nonce", "code_challenge"))
    assert as_owner("SELECT 1 FROM auth.oidc_flows WHERE hash = %s", sent["state"]) == []
    assert len(as_owner("SELECT 1 FROM auth.oidc_flows WHERE hash = %s", hash_secret(sent["state"]))) == 1


def test_the_cookie_of_a_started_sign_in_is_short_and_hidden_from_scripts() -> None:
    browser = Browser(ip=fresh_ip())
    form = {"form_token": token(browser)}
    given = [
        each
        for each in browser.send("/auth/oidc/acme", form).headers.get_list("set-cookie")
        if "oidc" in each
    ]
    assert len(given) == 1
    for word in ("HttpOnly", "SameSite=lax", "Max-Age=600", "Path=/"):
        assert word in given[0]


def test_buttons_are_there_only_for_what_is_configured(company: Company) -> None:
    browser = signed_in(company.office, fresh_ip())
    assert "Continue with Acme" in browser.open("/auth/sign-in").text
    assert "Continue with Google" not in browser.open("/auth/sign-in").text
    with configured():
        assert "Continue with" not in browser.open("/auth/sign-in").text
        assert "Sign in with others" not in browser.open(ACCOUNT).text
        assert browser.send("/auth/oidc/acme", {}).status_code == 404
        assert browser.open("/auth/oidc/acme/callback").status_code == 404


def test_disconnected_means_signed_in_no_more(real: Real, company: Company, name: str) -> None:
    browser = connect(real, company.office, name)
    begun = last_event()
    assert press_disconnect(browser, "acme").headers["location"] == f"{ACCOUNT}?done=disconnected"
    assert press_disconnect(browser, "acme").status_code == 303
    assert "Not connected" in browser.open(ACCOUNT).text
    stranger, status, words = sign_in(real, name)
    assert (status, who(stranger)) == (403, "")
    assert "not connected to anybody here" in words
    assert events(begun) == [("oidc.unlinked", company.office.email, "acme"), ("oidc.refused", "", "acme: connected to nobody")]  # fmt: skip


def test_one_that_is_not_offered_any_more_can_still_be_taken_off(
    real: Real, company: Company, name: str
) -> None:
    browser = connect(real, company.office, name)
    with configured():
        assert "not offered any more" in browser.open(ACCOUNT).text
        assert press_disconnect(browser, "acme").status_code == 303
        assert "Sign in with others" not in browser.open(ACCOUNT).text


@pytest.mark.parametrize("way", ["{}", "unverified.{}"])
def test_an_e_mail_opens_nothing_and_tells_nothing(real: Real, company: Company, way: str) -> None:
    """The words are the same for the address of an admin and for one that nobody has, vouched for or not."""
    known, unknown = company.admin.email, f"nobody-{new_id().hex[-6:]}@nowhere.example"
    answers = [sign_in(real, way.format(email)) for email in (known, unknown)]
    assert [(who(browser), status) for browser, status, _ in answers] == [("", 403), ("", 403)]
    assert answers[0][2] == answers[1][2]


def test_an_unverified_e_mail_is_not_even_a_label(real: Real, company: Company, name: str) -> None:
    browser = connect(real, company.office, f"unverified.{name}@there.example")
    page = browser.open(ACCOUNT).text
    assert "Connected since" in page and "there.example" not in page


def test_a_hijacker_who_was_there_first_gains_nothing(real: Real, company: Company, other: Company) -> None:
    """He connects his own account, which bears the victim's address, and his company adds that address to its people before
    the victim ever comes. Neither gives him more than himself, and the victim is not in his company's hands."""
    victim = f"victim-{new_id().hex[-6:]}@{company.slug}.example"
    with other.work() as work:
        members.add(work, victim, "Planted", Role.OFFICE)
    connect(real, other.office, victim)
    with company.work() as work:
        members.add(work, victim, "Vic", Role.ADMIN)
    browser, status, _ = sign_in(real, victim)
    assert (status, who(browser)) == (303, other.office.email)
    assert (
        as_owner(
            "SELECT 1 FROM auth.identities i JOIN auth.users u ON u.id = i.user_id WHERE u.email = %s", victim
        )
        == []
    )


def test_an_account_is_connected_to_one_person_only(
    real: Real, company: Company, other: Company, name: str
) -> None:
    connect(real, company.office, name)
    browser, begun = signed_in(other.office, fresh_ip()), last_event()
    answer = come_back(browser, real.sign_in(leaves(press_connect(browser, "acme")), name, BACK))
    assert answer.status_code == 409
    assert events(begun) == [("oidc.refused", other.office.email, "acme: cannot be connected")]
    assert "cannot be connected here" in answer.text
    assert company.office.email not in answer.text and company.slug not in answer.text.lower()
    assert "Not connected" in browser.open(ACCOUNT).text
    assert who(sign_in(real, name)[0]) == company.office.email


def test_a_person_has_one_account_of_a_provider(real: Real, company: Company, name: str) -> None:
    browser = connect(real, company.office, name)
    again = real.sign_in(leaves(press_connect(browser, "acme")), name, BACK)
    assert come_back(browser, again).status_code == 303
    another = real.sign_in(leaves(press_connect(browser, "acme")), f"{name}-2", BACK)
    answer = come_back(browser, another)
    assert answer.status_code == 409 and "Disconnect that one first" in answer.text


def test_connecting_and_disconnecting_ask_for_a_fresh_proof(real: Real, company: Company, name: str) -> None:
    browser = connect(real, company.office, name)
    as_owner(NOT_FRESH, hash_secret(company.office.cookie))
    for answer in (press_connect(browser, "second"), press_disconnect(browser, "acme")):
        assert (answer.status_code, answer.headers["location"]) == (303, f"/auth/confirm?next={ACCOUNT}")
    assert who(sign_in(real, name)[0]) == company.office.email


def test_only_the_session_that_began_to_connect_finishes(
    real: Real, company: Company, other: Company, name: str
) -> None:
    browser = signed_in(company.office, fresh_ip())
    back = real.sign_in(leaves(press_connect(browser, "acme")), name, BACK)
    with begin(None) as doorway:
        doorway.value("SELECT auth.end_session(:hash)", hash=hash_secret(company.office.cookie))
    assert come_back(browser, back).status_code == 410
    browser = signed_in(company.admin, fresh_ip())
    back = real.sign_in(leaves(press_connect(browser, "acme")), name, BACK)
    for cookie in browser.cookies.jar:
        if cookie.value == company.admin.cookie:
            cookie.value = other.office.cookie
    assert who(browser) == other.office.email
    assert come_back(browser, back).status_code == 410
    crew = company.once(Role.CREW)
    browser = signed_in(crew, fresh_ip())
    back = real.sign_in(leaves(press_connect(browser, "acme")), name, BACK)
    as_owner("UPDATE auth.sessions SET pending = 'factor' WHERE hash = %s", hash_secret(crew.cookie))
    assert come_back(browser, back).status_code == 410
    assert as_owner("SELECT 1 FROM auth.identities WHERE subject = %s", name) == []


def test_nobody_connects_without_a_session_of_a_person(company: Company) -> None:
    browser = Browser(ip=fresh_ip())
    assert press_connect(browser, "acme").status_code in (401, 403)
    person = signed_in(company.office, fresh_ip())
    forged = {"form_token": form_token("another"), "purpose": "link"}
    assert person.send("/auth/oidc/acme", forged).status_code == 403
    good = {"form_token": session_token(person), "purpose": "link"}
    assert person.send("/auth/oidc/acme", good, origin="https://evil.example").status_code == 403
    as_owner(
        "UPDATE auth.sessions SET pending = 'factor' WHERE hash = %s", hash_secret(company.office.cookie)
    )
    assert press_connect(person, "acme").status_code == 401


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example"])
def test_the_button_works_from_our_page_only(origin: str | None) -> None:
    browser = Browser(ip=fresh_ip())
    good = token(browser)
    assert browser.send("/auth/oidc/acme", {"form_token": good}, origin=origin).status_code == 403
    assert browser.send("/auth/oidc/acme", {"form_token": "x"}).status_code == 403
    assert Browser(ip=fresh_ip()).send("/auth/oidc/acme", {"form_token": good}).status_code == 403
    assert browser.open("/auth/oidc/acme").status_code == 405


def test_who_has_a_second_factor_still_owes_it(real: Real, company: Company, name: str) -> None:
    connect(real, company.office, name)
    as_owner(
        "INSERT INTO auth.factors (user_id, sealed, confirmed_at) VALUES (%s, 'x', now())",
        company.office.user_id,
    )
    browser, status, place = sign_in(real, name, "/leads")
    assert (status, place) == (303, "/auth/factor?next=/leads")
    assert secret_of(browser) and who(browser) == ""


def test_who_has_no_place_any_more_is_told_what_strangers_are(
    real: Real, company: Company, name: str
) -> None:
    connect(real, company.office, name)
    with company.work() as work:
        members.patch(work, company.office.member_id, MemberPatch(active=False))
    browser, status, words = sign_in(real, name)
    assert (status, who(browser), words) == (403, "", sign_in(real, f"{name}-nobody")[2])


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/auth/sign-out",
        "/a\nb",
    ],
)
def test_no_way_out_through_next(real: Real, company: Company, name: str, target: str) -> None:
    connect(real, company.office, name)
    browser, status, place = sign_in(real, name, target)
    assert (status, place, who(browser)) == (303, "/", company.office.email)


def test_signing_in_replaces_the_session_of_the_browser(
    real: Real, company: Company, other: Company, name: str
) -> None:
    connect(real, company.office, name)
    browser = signed_in(other.office, fresh_ip())
    come_back(browser, real.sign_in(press(browser, "acme"), name, BACK))
    assert who(browser) == company.office.email
    assert who(signed_in(other.office, fresh_ip())) == ""


def test_log_and_trail_hold_no_secret(
    real: Real, company: Company, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    begun = last_event()
    connect(real, company.office, name)
    caplog.set_level("DEBUG")
    browser = Browser(ip=fresh_ip())
    for change in ("/acme/", "/second/"):
        back = real.sign_in(press(browser, "acme"), name, BACK)
        sent, caplog_from = asked(back), len(caplog.records)
        come_back(browser, back.replace("/acme/", change))
        ours = [
            each for each in caplog.records[caplog_from:] if each.name != "httpx"
        ]  # the browser of this test
        told = repr([each.getMessage() for each in ours]) + repr(events(begun))
        for secret in (sent["code"], sent["state"], secret_of(browser), quote(CLIENT_SECRET), CLIENT_SECRET):
            assert secret not in told
    assert "another provider" in told and "httpcore" in repr([each.name for each in caplog.records])


def test_authlib_loads_when_somebody_needs_it() -> None:
    code = "import ontrack_app.web.routes, sys; print([m for m in sys.modules if m.startswith(('authlib', 'joserfc'))])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
