"""A crew's whole day without a signal: all of a visit on a phone in a basement, the battery pulled, and the office sees it once."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.conftest import SLUG, Site
from tests.e2e.crew import Crew, hash_of, png
from tests.e2e.phone import Phone
from tests.e2e.story import check

pytestmark = pytest.mark.browser
CHECKED_WITHIN_S = 90


@pytest.fixture
def phone(tools: Playwright, site: Site, tmp_path: Path) -> Iterator[Phone]:
    """A signed-in crew member's phone; the cable is whole before and after."""
    site.cable.mend()
    found = Phone(tools, site, tmp_path / "phone")
    yield found
    found.close()
    site.cable.mend()


def test_a_whole_visit_without_a_signal(phone: Phone, site: Site, tmp_path: Path) -> None:
    site.field("hire", f"day@{SLUG}.example")
    ids = site.field("make", f"day@{SLUG}.example", "Basement")
    before, during, after, receipt = (png(tmp_path, red) for red in (40, 90, 200, 250))
    phone.sign_in("day")
    crew = Crew(phone.installed())
    crew.says("all sent")
    expect(crew.page.get_by_text("12 Basement St, Elgin")).to_be_visible()
    site.cable.cut()
    crew.press("On my way")
    crew.says("saved on this phone")
    crew.press("Start")
    expect(crew.page.get_by_text("On site", exact=True).first).to_be_visible()
    crew.page.goto(f"/crew/visit?id={ids['visit']}")
    perform(crew, before, during, after, receipt)
    unsent = crew.line.inner_text()
    phone.kill()
    phone.start()
    crew = Crew(phone.page())
    crew.page.goto("/crew")
    expect(crew.line).to_have_text(unsent, use_inner_text=True)
    expect(crew.page.get_by_text("Done today")).to_be_visible()
    check(crew.page)
    crew.page.goto("/crew/unsent")
    check(crew.page)
    site.cable.mend()
    crew.says("all sent")
    told = settled(site, ids)
    assert_whole(told)
    assert [(one["kind"], one["phase"], one["sha256"]) for one in told["files"]] == [
        ("photo", "before", hash_of(before)), ("photo", "during", hash_of(during)),
        ("receipt", None, hash_of(receipt)), ("photo", "after", hash_of(after)),
    ]  # fmt: skip
    crew.page.goto(f"/crew/visit?id={ids['visit']}")
    expect(crew.page.locator(".ot-crew-photos img")).to_have_count(3)
    crew.page.reload()
    crew.says("all sent")
    assert settled(site, ids) | {"clocks": told["clocks"]} == told


def settled(site: Site, ids: dict[str, str]) -> dict[str, Any]:
    """What the office's tables say once the checks of files have ended."""
    end = time.monotonic() + CHECKED_WITHIN_S
    while time.monotonic() < end:
        told = site.field("told", ids["visit"], ids["property"], ids["member"])
        if all(one["stage"] == "clean" for one in told["files"]):
            return dict(told)
        time.sleep(0.2)  # tables can only be asked again
    raise AssertionError(told["files"])


def perform(crew: Crew, before: Path, during: Path, after: Path, receipt: Path) -> None:
    """All that can be done on a visit."""
    crew.photo("Photo before: take the photo", before)
    crew.press("Magnet over the lawn: done")
    crew.press("Gutter length: done")
    crew.fill("Save answer", value="64")
    crew.press("What the owner said: done")
    crew.fill("Save answer", value="Mind the roses")
    crew.photo("Take a photo", during)
    crew.press("Add material")
    crew.fill("Add material", name="Ridge vent", quantity="2.5", unit="ft")
    crew.press("Add expense")
    crew.fill("Claim expense", receipt, title="Nails", amount="12.50")
    crew.press("Add note")
    crew.fill("Add note", text="Downspout was loose")
    crew.more("Extra work, ask the office")
    crew.fill("Ask the office", text="Second gutter is rotten")
    crew.more("Ask for another visit")
    crew.fill("Ask the office", text="Paint it when dry")
    crew.more("Change how to get in")
    crew.fill("Save note", text="Gate code 4711")
    crew.more("Correct the phone number")
    crew.fill("Save number", text="+1 312 555 0199")
    crew.photo("Photo after: take the photo", after)
    crew.sign()
    check(crew.page)
    crew.press("Pause")
    crew.press("Resume")
    crew.press("Finish")
    expect(crew.page.locator(".ot-crew-clock").get_by_text("Done", exact=True)).to_be_visible()


def assert_whole(told: dict[str, Any]) -> None:
    """The office has all of it, once, in order."""
    assert told["visit"] == [{"stage": "done"}]
    assert [one["word"].removeprefix("visits.") for one in told["moves"]] == ["depart", "arrive", "pause", "resume", "finish"]  # fmt: skip
    assert [(one["label"], one["stage"]) for one in told["steps"]] == [(label, "done") for label in ("Photo before", "Magnet over the lawn", "Gutter length", "What the owner said", "Photo after", "Customer signature")]  # fmt: skip
    assert [one["label"] for one in told["answers"]] == [one["label"] for one in told["steps"]]
    assert told["notes"] == [{"text": "Downspout was loose"}]
    assert [(one["kind"], one["ended"], one["skewed"]) for one in told["hours"]] == [("travel", True, False), ("work", True, False), ("break", True, False), ("work", True, False)]  # fmt: skip
    assert told["materials"] == [{"name": "Ridge vent", "quantity": 2.5, "unit": "ft"}]
    assert [(one["title"], one["claimed_cents"]) for one in told["expenses"]] == [("Nails", 1250)]
    assert [(one["kind"], one["text"]) for one in told["tasks"]] == [("extra_work", "Second gutter is rotten"), ("follow_up", "Paint it when dry")]  # fmt: skip
    assert [one["kind"] for one in told["signatures"]] == ["drawn"]
    assert told["numbers"] == [{"phone": "+1 312 555 0199"}]
    assert told["conflicts"] == [] and told["quarantine"] == []
