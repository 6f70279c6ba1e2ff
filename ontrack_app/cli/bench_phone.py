"""`ontrack bench phone`: how long until a crew member sees the day, in a real Chromium: the first visit on a slow line and a
slow processor, later starts without any signal, and a photo that was just taken."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from models.ids import now
from ontrack_app.cli.bench_files import taken
from ontrack_app.cli.bench_line import SlowLine
from ontrack_app.cli.bench_start import begun, ended
from ontrack_app.cli.bench_tools import conditions, figures, free_port, percentile, tell
from ontrack_app.cli.people import credential, member_of
from ontrack_app.db import begin
from ontrack_app.embedded.database import embedded_urls
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.embedded.postgres import Cluster
from ontrack_app.schemas.clients import ClientBody, PropertyBody
from ontrack_app.schemas.common import Address
from ontrack_app.schemas.jobs import JobBody, VisitBody
from ontrack_app.services import clients, jobs, properties, visits
from ontrack_app.settings import use_database

SLUG, CREW = "bench-roofing", "crew@bench-roofing.example"
STREET = "12 Basement St"
SLOW_BYTES_PER_S = 1_600_000 / 8
SLOW_DELAY_S = 0.075  # a round trip of 150 ms
SLOWER = 4
READY_WITHIN_S = 300.0
WITHIN_MS = 60_000
FLOOR = f"data:text/html,<p>{STREET}</p>"
IS_SEEN = "street => document.body !== null && document.body.innerText.includes(street)"
GIVEN = "document.addEventListener('change', () => { window.givenAt = performance.now(); }, true)"
STANDS = """count => {
  const drawn = [...document.querySelectorAll(".ot-crew-photos img")].filter(one => one.complete && one.naturalWidth > 0);
  return drawn.length >= count && performance.now() - window.givenAt;
}"""
WORKS = "navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@dataclass(frozen=True)
class Site:
    """A running OnTrack behind a line, and the directory that is gone with it."""

    server: subprocess.Popen[bytes]
    line: SlowLine
    directory: Path

    @property
    def base_url(self) -> str:
        """Where browsers reach it."""
        return f"http://localhost:{self.line.port}"


@click.command("phone")
@click.option("--times", default=5, show_default=True, type=click.IntRange(1), help="Starts of each kind.")
@click.option("--chromium", default="", help="The browser; left out, the installed one.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on the last line.")
def command(*, times: int, chromium: str, as_json: bool) -> None:
    """Crews' phones: the first visit on a slow line, and today's visits without a signal."""
    path = chromium or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        raise click.ClickException("There is no Chromium here. Install it, or say --chromium PATH.")
    try:
        driver: Any = import_module("playwright.sync_api")
    except ImportError:
        raise click.ClickException("Playwright is not installed; make setup brings it.") from None
    with running() as site, driver.sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            first = [first_visit(site, browser) for _ in range(times)]
            phone = installed(site, browser)
            floor = [seen(phone.new_page(), FLOOR) for _ in range(times)]
            ended(site.server)
            offline = [seen(phone.new_page(), f"{site.base_url}/crew/") for _ in range(times)]
            slow = [seen(slowed(phone), f"{site.base_url}/crew/") for _ in range(times)]
            pictures = photographed(phone.new_page(), site, taken(site.directory), times)
        finally:
            browser.close()
    words = (
        f"First visit at 1.6 Mbit/s on a processor {SLOWER} times slower: {percentile(first, 50):.0f} ms. "
        f"Today without a signal: {percentile(offline, 50):.0f} ms, {percentile(slow, 50):.0f} ms on the slower processor. "
        f"A photo of 12 megapixels is seen after {percentile(pictures, 50):.0f} ms."
    )
    result = {
        "name": "phone",
        **figures(offline, floor),
        "slower_processor_p50_ms": round(percentile(slow, 50)),
        "first_visit_p50_ms": round(percentile(first, 50)),
        "first_visit_worst_ms": round(max(first)),
        "photo_seen_p50_ms": round(percentile(pictures, 50)),
        "photo_seen_worst_ms": round(max(pictures)),
        "conditions": conditions(
            "390 by 844", "first visit through a line of 1.6 Mbit/s and 150 ms, workers included",
            "without a signal: the server is stopped", "the browser itself is started before",
        ),
    }  # fmt: skip
    tell(words, result, as_json=as_json)


@contextmanager
def running() -> Iterator[Site]:
    """All of OnTrack on a directory of its own, with a crew member who has visits today."""
    with tempfile.TemporaryDirectory(prefix="ontrack-bench-") as directory:
        Path(directory).chmod(0o755)
        data_dir, port = Path(directory) / "data", free_port()
        line = SlowLine(port)
        address = {"ONTRACK_BASE_URL": f"http://localhost:{line.port}"}
        _, server = begun(data_dir, READY_WITHIN_S, port=port, more=address)
        try:
            _people(data_dir)
            yield Site(server, line, Path(directory))
        finally:
            ended(server)
            line.close()


def first_visit(site: Site, browser: Any) -> float:
    """Milliseconds from the address to the first visit of today, for a phone that was never here."""
    phone = signed_in(site, browser)
    site.line.bytes_per_s, site.line.delay_s = SLOW_BYTES_PER_S, SLOW_DELAY_S
    try:
        return seen(slowed(phone), f"{site.base_url}/crew/")
    finally:
        site.line.bytes_per_s, site.line.delay_s = None, 0.0
        phone.close()


def installed(site: Site, browser: Any) -> Any:
    """A phone that holds the app and the day."""
    phone = signed_in(site, browser)
    page = phone.new_page()
    seen(page, f"{site.base_url}/crew/")
    page.evaluate(WORKS)
    page.reload()
    page.get_by_text(STREET).first.wait_for(timeout=WITHIN_MS)
    return phone


def signed_in(site: Site, browser: Any) -> Any:
    """A new phone of the crew member."""
    phone = browser.new_context(**PHONE)
    phone.request.get(f"{site.base_url}/dev/sign-in/{CREW}", max_redirects=0)
    return phone


def slowed(phone: Any) -> Any:
    """A new page whose processor is slower."""
    page = phone.new_page()
    phone.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def seen(page: Any, address: str) -> float:
    """Milliseconds until the page at an address shows the street of the first visit; closes the page."""
    began = time.perf_counter()
    page.goto(address, wait_until="commit", timeout=WITHIN_MS)
    # Asked in every frame: a locator asks every half second only, which would be counted in.
    page.wait_for_function(IS_SEEN, arg=STREET, polling="raf", timeout=WITHIN_MS)
    return (time.perf_counter() - began) * 1000


def photographed(page: Any, site: Site, photo: Path, times: int) -> list[float]:
    """Milliseconds from the moment in which the camera gives a photo until its small picture stands on the visit's page."""
    seen(page, f"{site.base_url}/crew/")
    page.locator("a[href*='/crew/visit?']").first.click()
    camera = page.get_by_label("Take a photo", exact=True)
    camera.wait_for(state="attached", timeout=WITHIN_MS)
    page.evaluate(GIVEN)
    spent: list[float] = []
    for at in range(times):
        camera.set_input_files(photo)
        spent.append(
            page.wait_for_function(STANDS, arg=at + 1, polling="raf", timeout=WITHIN_MS).json_value()
        )
    page.close()
    return spent


def _people(data_dir: Path) -> None:
    environment = os.environ | {"ONTRACK_DATA_DIR": str(data_dir), "DATABASE_URL": ""}
    for words in (
        ("tenants", "create", "--name", "Bench Roofing", "--admin-email", "admin@bench-roofing.example"),
        ("members", "add", CREW, "--role", "crew", "--tenant", SLUG),
    ):
        ran = subprocess.run(
            [sys.executable, "-m", "ontrack_app.cli", *words],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if ran.returncode != 0:
            raise CannotStart(ran.stderr[-600:])
    use_database(embedded_urls(Cluster(data_dir)))
    with begin(credential(SLUG)) as work:
        client = clients.create(work, ClientBody(name="Ana Owner"))
        crew = member_of(work, CREW)
        for at in range(6):
            street = STREET if at == 0 else f"{at} Elm St"
            place = PropertyBody(client_id=client.id, address=Address(street=street, city="Elgin"))
            home = properties.create(work, place)
            job = jobs.create(work, JobBody(client_id=client.id, property_id=home.id, title=f"Repair {at}"))
            start = now() + timedelta(hours=at)
            times = {"planned_start": start, "planned_end": start + timedelta(minutes=50)}
            visits.create(
                work, VisitBody(job_id=job.id, title=f"Visit {at}", assignee_ids=[crew.id], **times)
            )
