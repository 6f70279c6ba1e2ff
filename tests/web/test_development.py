"""Pages of development: they work there, and production does not have them."""

from urllib.parse import quote

import pytest

from models.access import Role
from ontrack_app.settings import Settings
from ontrack_app.web.routes import routes
from tests.factories.companies import Company
from tests.web.browsers import Browser, fresh_ip
from tests.web.test_sign_in import ask, cookie, is_live

PRODUCTION = Settings.model_construct(
    env="production", base_url_setting="https://app.contractor.example", port=8000
)
PATHS = (
    "/dev/sign-in",
    "/dev/sign-in/a@b.example",
    "/dev/outbox",
    "/dev/outbox.json",
    "/dev/",
    "/dev/x",
    "/sandbox/pay/1",
)


@pytest.fixture
def browser(database: object) -> Browser:
    return Browser(ip=fresh_ip())


def test_one_click_signs_in_as_anybody(browser: Browser, company: Company) -> None:
    office, crew = company.once(Role.OFFICE), company.once(Role.CREW)
    page = browser.open("/dev/sign-in")
    for person in (office, crew):
        assert f"/dev/sign-in/{quote(person.email)}?tenant={company.slug}" in page.text
    answer = browser.open(f"/dev/sign-in/{quote(crew.email)}?tenant={company.slug}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/crew/")
    first = cookie(browser)
    answer = browser.open(f"/dev/sign-in/{office.email}?tenant={company.slug}&next=/leads")
    assert (answer.status_code, answer.headers["location"]) == (303, "/leads")
    assert is_live(cookie(browser)) and not is_live(first)


@pytest.mark.parametrize("next_path", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_no_way_out(browser: Browser, company: Company, next_path: str) -> None:
    answer = browser.open(f"/dev/sign-in/{company.office.email}", params={"next": next_path})
    assert answer.headers["location"] == "/"


def test_nobody_else_is_known(browser: Browser, company: Company, other: Company) -> None:
    assert browser.open("/dev/sign-in/nobody@nowhere.example").status_code == 404
    assert browser.open(f"/dev/sign-in/{company.office.email}?tenant={other.slug}").status_code == 404


def test_the_outbox_shows_mails_with_their_links(browser: Browser, company: Company) -> None:
    ask(browser, company.office.email)
    found = [mail for mail in browser.open("/dev/outbox.json").json() if mail["to"] == company.office.email]
    assert set(found[0]) == {"to", "subject", "text", "html", "links", "at"}
    (link,) = found[0]["links"]
    assert link in found[0]["text"] and link in found[0]["html"]
    page = browser.open("/dev/outbox").text
    assert f'href="{link}"' in page and found[0]["subject"] in page


@pytest.mark.parametrize("path", PATHS)
def test_production_has_none_of_it(database: object, path: str) -> None:
    browser = Browser(ip=fresh_ip(), given=PRODUCTION)
    for method in ("GET", "POST"):
        assert browser.open(path, method).status_code in (404, 405)
    assert browser.open(path).status_code == 404
    assert cookie(browser) == ""


def test_production_does_not_register_it() -> None:
    paths = {getattr(route, "path", "") for route in routes(PRODUCTION)}
    assert {path for path in paths if path.startswith(("/dev/", "/sandbox/", "/webhooks/sandbox"))} == {
        "/dev/{rest:path}",
        "/sandbox/{rest:path}",
    }
