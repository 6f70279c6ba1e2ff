"""The only home of a crew member's phone in the walks: a Chromium with a directory of its own, which can be killed and started again."""

import contextlib
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from playwright.sync_api import BrowserContext, Error, Page, Playwright

from infra.chromium import find

if TYPE_CHECKING:
    from tests.e2e.conftest import Site

WITHIN_S = 30
WATCH = "window.stopped = []; document.addEventListener('securitypolicyviolation', e => window.stopped.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))"
WORKER_RUNS = "navigator.serviceWorker.ready.then(() => true)"
INSTALLED = "navigator.serviceWorker.getRegistration('/crew/').then(found => Boolean(found && found.active && !found.installing))"


def until(page: Page, words: str) -> None:
    """Waits until an expression is true in the page; asked anew each time, because a page's policy forbids it to ask itself."""
    end = time.monotonic() + WITHIN_S
    while time.monotonic() < end:
        if page.evaluate(words):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {words}")


class Phone:
    """One phone of one person. What it stores survives `kill` and `start`, as on a phone."""

    def __init__(self, tools: Playwright, site: "Site", home: Path) -> None:
        self.tools, self.site, self.home = tools, site, home
        self.context: BrowserContext | None = None
        self.start()

    def start(self) -> None:
        """Starts the browser anew."""
        self.context = self.tools.chromium.launch_persistent_context(
            str(self.home),
            executable_path=find(),
            args=["--no-sandbox", "--disable-features=DialMediaRouteProvider"],
            base_url=self.site.base_url,
            timezone_id="America/Chicago",
            viewport={"width": 390, "height": 844},
            is_mobile=True,
            has_touch=True,
        )
        self.context.set_default_timeout(20_000)
        self.context.add_init_script(WATCH)

    @property
    def browser(self) -> BrowserContext:
        """The running browser."""
        assert self.context is not None
        return self.context

    def sign_in(self, role: str = "crew") -> None:
        """As the walk company's person of that role. Ends the browser once: only then are cookies surely on its disk."""
        self.site.sign_in(self.browser, role)
        self.browser.close()
        self.start()

    def page(self) -> Page:
        """A new tab."""
        return self.browser.new_page()

    def installed(self, address: str = "/crew/") -> Page:
        """A tab with a crew page, once the worker has everything and answers for it."""
        page = self.page()
        page.goto(address)
        page.evaluate(WORKER_RUNS)
        until(page, "navigator.serviceWorker.controller !== null")
        return page

    def processes(self) -> list[psutil.Process]:
        """The browser's own process: the one that was started with this directory and no role."""
        found = []
        for one in psutil.process_iter():
            with suppress_gone():
                words = one.cmdline()
                if f"--user-data-dir={self.home}" in words and not any(
                    w.startswith("--type=") for w in words
                ):
                    found.append(one)
        return found

    def kill(self) -> None:
        """SIGKILL to the browser and everything that it started, as when a battery is pulled."""
        mains = self.processes()
        assert mains, "no browser to kill"
        everything = [*mains, *(child for main in mains for child in main.children(recursive=True))]
        for one in everything:
            with suppress_gone():
                one.kill()
        psutil.wait_procs(everything, timeout=WITHIN_S)
        with contextlib.suppress(Error):
            self.browser.close()
        self.context = None
        for lock in ("SingletonLock", "SingletonCookie", "SingletonSocket"):
            (self.home / lock).unlink(missing_ok=True)

    def close(self) -> None:
        """The end of it."""
        if self.context is not None:
            self.context.close()
            self.context = None


def suppress_gone() -> contextlib.suppress:
    """Processes end while one looks at them."""
    return contextlib.suppress(psutil.Error)
