"""The doors as a browser meets them: every page under its policy, no page without a session, no session after its end."""

import time

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebSocket, expect
from reflex_base.registry import RegistrationContext

from ontrack_app.ontrack_app import app
from ontrack_app.web.areas import Area, area_of_path
from tests.e2e.conftest import WATCH, Site
from tests.e2e.crew import WITHIN_MS

pytestmark = pytest.mark.browser
LOADED = '"is_hydrated_rx_state_":true'  # the last thing that a page is told when its on_load has run


def routes(area: Area) -> list[str]:
    """The pages of an area that need no id in their address."""
    assert app is not None
    known = [str(given["route"]) for _, given in RegistrationContext.get().decorated_pages]
    return sorted(route for route in known if "[" not in route and area_of_path(route) is area)


def watched(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and what went wrong on it."""
    page, wrong = context.new_page(), []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    return page, wrong


def open_and_wait(page: Page, address: str) -> None:
    """Loads a page until its socket has answered, and hears it from the first frame on, also where it had to be opened anew."""
    frames: list[str] = []

    def hear(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(str(frame)))

    page.on("websocket", hear)
    page.goto(address)
    end = time.monotonic() + WITHIN_MS / 1000
    while not any(LOADED in frame for frame in frames):
        assert time.monotonic() < end, f"{address}: its socket has not answered, {len(frames)} frames"
        page.wait_for_timeout(50)
    page.remove_listener("websocket", hear)


@pytest.mark.parametrize("role", ["office", "crew"])
def test_every_page_works_under_its_policy(site: Site, context: BrowserContext, role: str) -> None:
    site.sign_in(context, role)
    page, wrong = watched(context)
    for route in routes(Area.CREW if role == "crew" else Area.OFFICE):
        open_and_wait(page, site.base_url + route)
        assert page.evaluate("window.stopped") == [], route
        assert wrong == [], route


def test_an_inline_script_and_eval_do_not_run(site: Site, context: BrowserContext) -> None:
    site.sign_in(context, "office")
    page, _ = watched(context)
    open_and_wait(page, site.base_url + "/leads")
    page.evaluate(
        "const s = document.createElement('script'); s.textContent = 'window.smuggled = 1'; document.body.append(s)"
    )
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.smuggled = 2\">')"
    )
    expect(page.locator("img[src=x]")).to_be_attached()
    assert page.evaluate("window.smuggled") is None
    assert len(page.evaluate("window.stopped")) >= 1


def test_a_page_without_a_session_leads_to_sign_in_and_back(site: Site, context: BrowserContext) -> None:
    page = context.new_page()
    page.goto(site.base_url + "/leads?q=roof")
    assert page.url == f"{site.base_url}/auth/sign-in?next=/leads%3Fq%3Droof"
    site.sign_in(context, "crew")
    page.goto(site.base_url + "/leads")
    assert page.url.startswith(f"{site.base_url}/crew/")


def test_a_tab_whose_session_has_ended_leaves_by_itself(site: Site, context: BrowserContext) -> None:
    site.sign_in(context, "office")
    page, _ = watched(context)
    open_and_wait(page, site.base_url + "/leads/new")
    site.sign_in(context, "office")  # another tab signs in anew: the session of this one is replaced
    context.clear_cookies()
    page.wait_for_url(f"{site.base_url}/auth/sign-in?next=/leads/new**", timeout=5000)


def test_a_session_that_is_ended_elsewhere_takes_its_tabs_along(site: Site, chromium: Browser) -> None:
    """Both browsers are the same person's: one signs the other out from the list on their own page."""
    here, there = chromium.new_context(), chromium.new_context()
    for context in (here, there):
        context.add_init_script(WATCH)
        site.sign_in(context, "office")
    tab, _ = watched(there)
    open_and_wait(tab, site.base_url + "/jobs")
    page, wrong = watched(here)
    open_and_wait(page, site.base_url + "/leads")
    page.get_by_role("button", name="Office").click()
    page.get_by_role("link", name="Your account").click()
    expect(page.get_by_text("This one")).to_be_visible()
    page.get_by_role("button", name="Sign out everywhere else").click()
    expect(page.get_by_text("All your other devices are signed out.")).to_be_visible()
    tab.wait_for_url(f"{site.base_url}/auth/sign-in?next=/jobs**", timeout=5000)
    assert wrong == []
    here.close()
    there.close()
