"""The only home of what the walks share: everybody's browsers, the mails they get, and what is checked on each page."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

if TYPE_CHECKING:
    from tests.e2e.conftest import Site

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# What is half faded in has another contrast than when it stands; what goes round for ever is not waited for.
STILL = """() => Promise.allSettled(document.getAnimations()
  .filter(one => one.effect?.getComputedTiming().endTime !== Infinity).map(one => one.finished))"""
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}


class Story:
    """The browsers of everybody in the story."""

    def __init__(self, site: "Site", chromium: Browser) -> None:
        self.site, self.chromium = site, chromium
        self.contexts: list[BrowserContext] = []

    def tab(self, role: str = "", **kind: object) -> Page:
        """A tab of a browser of its own; signed in as the company's person of a role."""
        context = self.chromium.new_context(
            base_url=self.site.base_url, timezone_id="America/Chicago", **kind
        )
        context.set_default_timeout(30_000)
        self.contexts.append(context)
        if role:
            self.site.sign_in(context, role)
        return context.new_page()

    def mail(self, to: str, subject: str, seen: int = 0) -> dict[str, Any]:
        """The newest mail to somebody about something, once there are more than were seen before."""
        page = self.tab()
        for _ in range(60):
            found = [
                mail
                for mail in page.request.get("/dev/outbox.json").json()
                if mail["to"] == to and subject in mail["subject"]
            ]
            if len(found) > seen:
                return dict(found[0])
            page.wait_for_timeout(500)
        raise AssertionError(f"no mail about {subject}")

    def link(self, to: str, subject: str, part: str, seen: int = 0) -> str:
        """The link of that mail whose address holds a part."""
        return next(str(link) for link in self.mail(to, subject, seen)["links"] if part in link)


def dialog(page: Page) -> Locator:
    """The dialog that is open."""
    return page.get_by_role("dialog").or_(page.get_by_role("alertdialog"))


def check(page: Page) -> None:
    """Nothing serious for axe, and nothing wider than the screen."""
    expect(page).to_have_title(re.compile("."))
    page.evaluate(STILL)
    page.evaluate(AXE)
    found = page.evaluate(
        "async () => (await axe.run()).violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id + ' ' + v.nodes[0].html)"
    )
    assert found == [], (page.url, found)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 1, page.url
