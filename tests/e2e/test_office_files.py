"""The office adds files to a visit over a line that breaks: nothing is sent twice or lost, and each is told what became of it."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SLUG, Site
from tests.e2e.crew import hash_of, png
from tests.e2e.story import DESK, PHONE, Story, check

pytestmark = pytest.mark.browser
PATCHES = b"PATCH /api/sync/v1/uploads"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
DROPPED = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), one => one.charCodeAt(0));
  const moved = new DataTransfer();
  moved.items.add(new File([bytes], name, { type: "image/png" }));
  return moved;
}"""
SEEN = "one => one.complete && one.naturalWidth > 0"


def drop(page: Page, photo: Path) -> None:
    """Drops a file from the desk onto the box, as a mouse would."""
    given = [photo.name, base64.b64encode(photo.read_bytes()).decode()]
    page.locator(".ot-upload-box").dispatch_event(
        "drop", {"dataTransfer": page.evaluate_handle(DROPPED, given)}
    )


def stands(page: Page, name: str) -> None:
    """Waits until a photo is among those of the visit and can be looked at."""
    picture = page.locator(".ot-photo").filter(has_text=name).locator("img")
    expect(picture).to_be_visible()
    picture.scroll_into_view_if_needed()
    page.wait_for_function(SEEN, arg=picture.element_handle())


def test_files_come_once_over_a_line_that_breaks(story: Story, site: Site, tmp_path: Path) -> None:
    site.field("hire", f"files@{SLUG}.example")
    ids = site.field("make", f"files@{SLUG}.example", "Files")
    chosen, dropped = png(tmp_path, 11, edge=1100), png(tmp_path, 13)
    drawing = tmp_path / "drawing.png"  # by its name alone
    drawing.write_text(DRAWING)
    desk = story.tab("office", **DESK)
    desk.goto(f"/visits/{ids['visit']}")
    desk.get_by_text("Add photos or files").click()
    box = desk.locator(".ot-upload-box")
    box.get_by_label("Files").set_input_files([chosen, drawing])
    box.get_by_label("Which moment the photos show").select_option("after")
    site.cable.cut_after("up", 300_000, PATCHES)
    box.get_by_role("button", name="Add").click()
    assert site.cable.wait_until_cut(30)
    expect(box.get_by_text("No connection. It goes on by itself.")).to_be_visible()
    site.cable.mend()
    stands(desk, chosen.name)
    expect(box.get_by_label("Which moment the photos show")).to_have_value("after")
    refused = desk.locator(".ot-photo").filter(has_text=drawing.name)
    expect(refused.get_by_text("Failed", exact=True)).to_be_visible()
    drop(desk, dropped)
    stands(desk, dropped.name)
    expect(box.locator(".ot-upload-lines > li")).to_have_count(0)
    check(desk)
    found = site.field("told", ids["visit"], ids["property"], ids["member"])["files"]
    assert {one["sha256"]: (one["stage"], one["phase"]) for one in found} == {
        hash_of(chosen): ("clean", "after"),
        hash_of(drawing): ("failed", "after"),
        hash_of(dropped): ("clean", "after"),  # as it was chosen before the line broke
    }
    assert len(found) == 3
    phone = story.tab("office", **PHONE)
    phone.goto(f"/visits/{ids['visit']}")
    stands(phone, chosen.name)
    check(phone)
