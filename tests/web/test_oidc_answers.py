"""What comes back from a provider counts once, in the browser and within the time in which it was asked for; all else is told in words."""

import pytest

from ontrack_app.services import identities
from ontrack_app.sessions import hash_secret
from tests.factories.companies import Company
from tests.web.browsers import Browser, fresh_ip
from tests.web.oidc_providers import Real
from tests.web.oidc_walks import (
    BACK,
    as_owner,
    asked,
    come_back,
    connect,
    events,
    last_event,
    leaves,
    press,
    press_connect,
    signed_in,
    token,
    who,
)

pytestmark = pytest.mark.usefixtures("offered")


def test_an_answer_counts_once_and_its_code_too(real: Real, company: Company, name: str) -> None:
    connect(real, company.office, name)
    browser = Browser(ip=fresh_ip())
    back = real.sign_in(press(browser, "acme"), name, BACK)
    cookies = dict(browser.cookies)
    answers = browser.open_at_once(back.removeprefix("http://localhost:8000"), times=8)
    assert sorted(each.status_code for each in answers) == [303, *[410] * 7]
    again = Browser(ip=fresh_ip())
    for key, value in cookies.items():
        again.cookies.set(key, value, domain="localhost.local")
    assert come_back(again, back).status_code == 410
    fresh = asked(press(again, "acme"))["state"]
    answer = again.open("/auth/oidc/acme/callback", params={**asked(back), "state": fresh})
    assert (answer.status_code, who(again)) == (403, "")


def test_an_answer_in_another_browser_is_refused_and_used_up(real: Real, company: Company, name: str) -> None:
    connect(real, company.office, name)
    mine, theirs = Browser(ip=fresh_ip()), Browser(ip=fresh_ip())
    back = real.sign_in(press(mine, "acme"), name, BACK)
    begun = last_event()
    assert come_back(theirs, back).status_code == 410
    assert come_back(mine, back).status_code == 410
    assert (who(mine), who(theirs)) == ("", "")
    assert [detail for _, _, detail in events(begun)] == ["acme: another browser", "acme: unknown state"]


def test_an_answer_after_ten_minutes_is_too_late(real: Real, company: Company, name: str) -> None:
    connect(real, company.office, name)
    browser = Browser(ip=fresh_ip())
    back = real.sign_in(press(browser, "acme"), name, BACK)
    as_owner(
        "UPDATE auth.oidc_flows SET expires_at = now() WHERE hash = %s", hash_secret(asked(back)["state"])
    )
    assert (come_back(browser, back).status_code, who(browser)) == (410, "")


def test_an_answer_at_another_providers_address_is_refused(real: Real, company: Company, name: str) -> None:
    connect(real, company.office, name)
    browser = Browser(ip=fresh_ip())
    back = real.sign_in(press(browser, "acme"), name, BACK)
    assert come_back(browser, back.replace("/acme/", "/second/")).status_code == 410
    browser = Browser(ip=fresh_ip())
    state = asked(press(browser, "second"))["state"]
    stolen = {**asked(real.sign_in(press(Browser(ip=fresh_ip()), "acme"), name, BACK)), "state": state}
    assert (browser.open("/auth/oidc/second/callback", params=stolen).status_code, who(browser)) == (403, "")


@pytest.mark.parametrize("issuer", ["http://localhost:1", "", None])
def test_an_answer_must_say_whose_it_is(real: Real, company: Company, name: str, issuer: str | None) -> None:
    connect(real, company.office, name)
    browser = Browser(ip=fresh_ip())
    sent = asked(real.sign_in(press(browser, "acme"), name, BACK))
    assert sent.pop("iss") == real.issuer
    answer = browser.open(
        "/auth/oidc/acme/callback", params=sent if issuer is None else {**sent, "iss": issuer}
    )
    assert (answer.status_code, who(browser)) == (403, "")


def test_who_stops_at_the_provider_reads_so(real: Real, company: Company) -> None:
    browser = Browser(ip=fresh_ip())
    answer = come_back(browser, real.refuse(press(browser, "acme"), BACK))
    assert answer.status_code == 403 and "nothing has changed" in answer.text
    assert answer.headers["referrer-policy"] == "no-referrer"
    person = signed_in(company.office, fresh_ip())
    answer = come_back(person, real.refuse(leaves(press_connect(person, "acme")), BACK))
    assert answer.status_code == 403 and "Back to your account" in answer.text


def test_a_provider_that_is_down_is_told_in_words(company: Company) -> None:
    browser = Browser(ip=fresh_ip())
    page = browser.open("/auth/sign-in").text
    value = page.split('action="/auth/oidc/silent"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
    for _ in range(2):
        answer = browser.send("/auth/oidc/silent", {"form_token": value})
        assert answer.status_code == 502 and "gives no answer just now" in answer.text


def test_starting_and_answering_have_limits() -> None:
    browser = Browser(ip=fresh_ip())
    form = {"form_token": token(browser)}
    for _ in range(identities.MOST_STARTS):
        assert browser.send("/auth/oidc/acme", form).status_code == 200
    assert browser.send("/auth/oidc/acme", form).status_code == 429
    for _ in range(identities.MOST_ANSWERS):
        assert browser.open("/auth/oidc/acme/callback?state=x").status_code == 410
    assert browser.open("/auth/oidc/acme/callback?state=x").status_code == 429
