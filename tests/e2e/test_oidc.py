"""A walk to a provider and back in Chromium: the content security policy lets it go, and the cookies come back with it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from playwright.sync_api import TimeoutError as TooSlow

from ontrack_app.sessions import cookie_name
from ontrack_app.settings import PROJECT_ROOT, DatabaseUrls, Settings
from tests.e2e.conftest import free_port, wait_until_ready
from tests.e2e.crew import WITHIN_MS
from tests.factories.companies import Company
from tests.web.oidc_providers import CLIENT_ID, CLIENT_SECRET, WELL_KNOWN, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def place(database: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a web process that knows one provider."""
    port = free_port()
    address = f"http://localhost:{port}"
    log = tmp_path_factory.mktemp("oidc") / "log"
    with running([f"{address}/auth/oidc/acme/callback"]) as provider, log.open("wb") as words:
        environment = {
            **os.environ,  # noqa: TID251 - starts a process
            "PORT": str(port),
            "ONTRACK_BASE_URL": address,
            "DATABASE_URL": database.app,
            "OIDC_ACME_CLIENT_ID": CLIENT_ID,
            "OIDC_ACME_CLIENT_SECRET": CLIENT_SECRET,
            "OIDC_ACME_METADATA_URL": provider.issuer + WELL_KNOWN,
        }
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "asgi",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
        ]
        command += ["--log-level", "error", "--factory", "tests.e2e.oidc_site:app"]
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, stdout=words, stderr=words)
        try:
            wait_until_ready(process, address, log, path="/auth/sign-in")
            yield address
        finally:
            process.terminate()
            process.wait(30)


def at_the_provider(page: Page, name: str) -> None:
    """Signs in there and agrees."""
    try:
        page.wait_for_url("**/interaction/**", timeout=2 * WITHIN_MS, wait_until="domcontentloaded")
    except TooSlow:
        pytest.fail(f"stands at {page.url}: {page.content()[:2000]}")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", "x")
    page.click("button[type=submit]")
    page.get_by_text("Authorize").wait_for()
    page.click("button[type=submit]")


def test_connecting_and_signing_in(place: str, context: BrowserContext, company: Company) -> None:
    mine = {
        "name": cookie_name(Settings(PORT=place.rpartition(":")[2])),
        "value": company.office.cookie,
        "url": place,
    }  # type: ignore[call-arg]
    context.add_cookies([mine])
    context.route(
        re.compile("^https:"), lambda route: route.abort()
    )  # the provider's pages ask for fonts from elsewhere
    page = context.new_page()
    refused: list[str] = []
    page.on(
        "console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None
    )
    page.goto(f"{place}/auth/account")
    page.get_by_role("button", name="Connect Acme", exact=True).click()
    at_the_provider(page, "ann")
    page.wait_for_url(f"{place}/auth/account?done=connected")
    expect(page.get_by_text("ann@elsewhere.example")).to_be_visible()
    context.clear_cookies()
    page.goto(f"{place}/auth/sign-in?next=/auth/account")
    page.get_by_role("button", name="Continue with Acme").click()
    at_the_provider(page, "ann")
    page.wait_for_url(f"{place}/auth/account")
    expect(page.get_by_text(company.office.email)).to_be_visible()
    assert refused == [] and page.evaluate("window.stopped") == []
