"""The crew's app as a phone meets it: started without a signal, after a battery was pulled, renewed, and taken back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from ontrack_app.embedded import crew_app, twins
from ontrack_app.settings import PROJECT_ROOT
from ontrack_app.web.areas import Area
from tests.e2e.conftest import Site
from tests.e2e.phone import INSTALLED, Phone, until
from tests.e2e.test_doors import routes

pytestmark = pytest.mark.browser
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      found.push([name, new URL(request.url).pathname, answer.status, answer.redirected]);
    }
  }
  return found;
}"""
UPDATE = "navigator.serviceWorker.getRegistration('/crew/').then(found => found.update()).then(() => true, () => false)"
WAITING = "navigator.serviceWorker.getRegistration('/crew/').then(found => Boolean(found.waiting))"


@pytest.fixture
def phone(tools: Playwright, site: Site, tmp_path: Path) -> Iterator[Phone]:
    """A signed-in crew member's phone; the cable is whole before and after."""
    site.cable.mend()
    found = Phone(tools, site, tmp_path / "phone")
    found.sign_in()
    yield found
    found.close()
    site.cable.mend()


@pytest.fixture
def publishing(site: Site, tmp_path: Path) -> Iterator[Path]:
    """The front end that is served, to be changed as a newer build would; put back afterwards."""
    kept = tmp_path / "kept"
    shutil.copytree(site.client / "crew", kept)
    yield site.client
    shutil.rmtree(site.client / "crew")
    shutil.copytree(kept, site.client / "crew")


def publish_anew(client: Path, *, is_on: bool = True) -> None:
    """The same build with a mark on today's page, as `publish` would leave it."""
    page = client / "crew" / "index.html"
    twins.rewrite(page, page.read_text(encoding="utf-8").replace("<html", "<html data-build=newer", 1))
    twins.rewrite(
        client / crew_app.WORKER, (PROJECT_ROOT / "assets" / crew_app.WORKER).read_text(encoding="utf-8")
    )
    crew_app.write(client, is_on=is_on)


def is_newer(page: Page) -> bool:
    """Whether the page is the one that was published anew."""
    return page.locator("html[data-build=newer]").count() == 1


def is_drawn(page: Page) -> None:
    """The page's own code has run: React has taken over what was prerendered."""
    expect(page.locator("#page")).to_be_visible()
    until(page, "Object.keys(document.querySelector('#page')).some(key => key.startsWith('__reactFiber'))")


def test_every_crew_page_is_loaded_hard_without_a_signal(phone: Phone, site: Site) -> None:
    page = phone.installed()
    site.cable.cut()
    for route in routes(Area.CREW):
        for address in (route, f"{route}/?id=0192f0c1-0000-7000-8000-000000000000"):
            answer = page.goto(address)
            assert answer is not None and answer.status == 200 and answer.from_service_worker, address
            page.reload()
            is_drawn(page)
            assert page.evaluate("window.stopped") == [], address
            assert (
                page.evaluate("document.fonts.load('16px \"Inter Variable\"').then(found => found.length)")
                > 0
            )
    # The policy came out of the cache with the page: a script that is not the page's own does not run.
    page.evaluate(
        "const s = document.createElement('script'); s.textContent = 'window.smuggled = 1'; document.body.append(s)"
    )
    assert page.evaluate("window.smuggled") is None
    assert len(page.evaluate("window.stopped")) == 1


def test_an_unknown_crew_address_without_a_signal_leads_to_today(phone: Phone, site: Site) -> None:
    page = phone.installed()
    site.cable.cut()
    page.goto("/crew/of-an-older-link")
    assert page.url == f"{site.base_url}/crew/"
    is_drawn(page)


def test_a_killed_browser_starts_again_without_a_signal(phone: Phone, site: Site) -> None:
    phone.installed()
    site.cable.cut()
    phone.kill()
    phone.start()
    page = phone.page()
    page.goto("/crew")
    is_drawn(page)


def test_a_newer_version_waits_until_it_is_asked_for(phone: Phone, site: Site, publishing: Path) -> None:
    page, second = phone.installed(), phone.installed()
    page.evaluate("addEventListener('ontrack:update', event => { window.told = event.detail.waiting })")
    site.cable.asked.clear()
    publish_anew(publishing)
    assert page.evaluate(UPDATE) is True
    until(page, "window.told === true")
    fetched = {one for one in site.cable.asked if one.startswith(("/assets/", "/fonts/", "/crew/"))}
    assert fetched <= {"/crew/sw.js", *(f"{route}/" for route in routes(Area.CREW))}, "only what changed"
    page.reload()
    assert not is_newer(page)
    for one in (page, second):  # a worker that still answers for a page lets no other take over
        is_drawn(one)
        one.wait_for_load_state("networkidle")
    page.evaluate(
        "navigator.serviceWorker.getRegistration('/crew/').then(f => f.waiting.postMessage('take over'))"
    )
    until(page, "navigator.serviceWorker.getRegistration('/crew/').then(found => !found.waiting)")
    assert {one[0] for one in page.evaluate(KEPT)} != {page.evaluate(KEPT)[0][0]}, (
        "the other tab needs the old one"
    )
    site.cable.cut()
    page.reload()
    assert is_newer(page)
    second.reload()
    assert is_newer(second)
    second.reload()
    until(page, "caches.keys().then(found => found.length === 1)")


def test_an_update_that_is_cut_off_is_taken_up_again(phone: Phone, site: Site, publishing: Path) -> None:
    page = phone.installed()
    chunk = next((publishing / "assets").glob("_crew_*.js"))
    publish_anew(publishing)
    site.cable.cut_after("down", 300, asking=b"GET /crew/ HTTP")
    page.evaluate(UPDATE)
    assert site.cable.wait_until_cut(30)
    until(page, INSTALLED)
    assert page.evaluate(WAITING) is False
    page.reload()
    is_drawn(page)
    assert chunk.exists() and not is_newer(page)
    site.cable.mend()
    assert page.evaluate(UPDATE) is True
    until(page, WAITING)


def test_the_kill_switch_takes_the_app_off_the_phone(phone: Phone, site: Site, publishing: Path) -> None:
    page = phone.installed()
    publish_anew(publishing, is_on=False)
    page.goto("/crew/")
    until(page, "caches.keys().then(found => found.length === 0)")
    until(page, "navigator.serviceWorker.getRegistrations().then(found => found.length === 0)")
    answer = page.goto("/crew/?again")
    assert answer is not None and not answer.from_service_worker


def test_without_a_session_the_app_still_opens_and_keeps_its_version(
    phone: Phone, site: Site, publishing: Path
) -> None:
    page = phone.installed()
    phone.browser.clear_cookies()
    publish_anew(publishing)
    page.evaluate(UPDATE)
    until(page, INSTALLED)
    assert page.evaluate(WAITING) is False
    answer = page.goto("/crew/")
    assert answer is not None and answer.from_service_worker
    assert not is_newer(page)
    kept = page.evaluate(KEPT)
    assert all(status == 200 and not redirected for _, _, status, redirected in kept)
    site.sign_in(phone.browser, "crew")
    assert page.evaluate(UPDATE) is True
    until(page, WAITING)


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/me",
        "/auth/sign-in",
        "/files/nothing",
        "/portal/",
        "/dev/outbox.json",
        "/public.css",
        "/ui.css",
    ],
)
def test_the_worker_answers_for_nothing_else(phone: Phone, address: str) -> None:
    page = phone.installed()
    with page.expect_response(lambda answer: answer.url.endswith(address)) as heard:
        page.evaluate("address => fetch(address).then(() => true)", address)
    assert not heard.value.from_service_worker
    assert address not in {path for _, path, _, _ in page.evaluate(KEPT)}
