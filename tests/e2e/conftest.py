"""One running OnTrack for all walks, on a data directory of its own, and one Chromium."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from infra.chromium import find
from ontrack_app.settings import PROJECT_ROOT
from tests.e2e.beside import Beside
from tests.e2e.cable import Cable
from tests.e2e.crew import WITHIN_MS
from tests.e2e.story import Story

START_S, STOP_S = 600, 60
expect.set_options(timeout=WITHIN_MS)  # a machine that is busy with other tests shows the same, later
SLUG = "walk-roofing"
# Keeps what the content security policy stopped, where a walk can read it.
WATCH = "window.stopped = []; document.addEventListener('securitypolicyviolation', e => window.stopped.push(e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sample))"


@dataclass(frozen=True)
class Site:
    """A running OnTrack, reached by a cable that can be cut."""

    base_url: str
    environment: dict[str, str]
    cable: Cable
    beside: Beside

    @property
    def client(self) -> Path:
        """The published front end that it serves."""
        return Path(self.environment["ONTRACK_DATA_DIR"]) / "site" / "build" / "client"

    def field(self, what: str, *words: str) -> Any:
        """Asks tests/e2e/field.py, in the walk company's name."""
        return self.beside.ask(what, *words)

    def sign_in(self, context: BrowserContext, role: str) -> None:
        """Signs a browser in as the walk company's person of a role."""
        answer = context.request.get(f"{self.base_url}/dev/sign-in/{role}@{SLUG}.example", max_redirects=0)
        assert answer.status in (302, 303), answer.status


def ontrack(environment: dict[str, str], *words: str) -> str:
    """Runs the command line, and gives what it wrote."""
    command = [sys.executable, "-m", "ontrack_app.cli", *words]
    done = subprocess.run(
        command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(
    process: subprocess.Popen[bytes], base_url: str, log: Path, *, path: str = "/readyz"
) -> None:
    """Asks `path` until it answers 200; ends with the program's last words where it does not."""
    end = time.monotonic() + START_S
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            if httpx.get(base_url + path, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)  # a program that is not there yet can only be asked again
    raise AssertionError(log.read_text()[-3000:])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home, port = tmp_path_factory.mktemp("walks"), free_port()
    home.chmod(0o755)
    cable = Cable(port)
    environment = {**os.environ, "PORT": str(port), "ONTRACK_DATA_DIR": str(home / "data")}  # noqa: TID251 - starts a process
    for name in ("DATABASE_URL", "REDIS_URL", "ONTRACK_ENV"):
        environment.pop(name, None)
    base_url = environment["ONTRACK_BASE_URL"] = f"http://localhost:{cable.port}"
    log = home / "log"
    with log.open("wb") as words:
        command = [sys.executable, "-m", "ontrack_app.cli", "up", "--no-demo"]
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, stdout=words, stderr=words)
    try:
        wait_until_ready(process, base_url, log)
        ontrack(
            environment,
            "tenants",
            "create",
            "--name",
            "Walk Roofing",
            "--admin-email",
            f"admin@{SLUG}.example",
        )
        for role in ("office", "crew"):
            ontrack(environment, "members", "add", f"{role}@{SLUG}.example", "--role", role, "--tenant", SLUG)
        with closing(Beside(SLUG, environment, home / "beside.log")) as beside:
            yield Site(base_url, environment, cable, beside)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(STOP_S)
        cable.close()


@pytest.fixture(scope="session")
def tools() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="session")
def chromium(tools: Playwright) -> Iterator[Browser]:
    browser = tools.chromium.launch(executable_path=find(), args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A browser without cookies, whose pages remember what the content security policy stopped."""
    found = chromium.new_context(viewport={"width": 1440, "height": 900})
    found.add_init_script(WATCH)
    yield found
    found.close()


@pytest.fixture
def story(site: Site, chromium: Browser) -> Iterator[Story]:
    """The browsers of everybody in a story, closed at its end."""
    found = Story(site, chromium)
    yield found
    for context in found.contexts:
        context.close()
