"""Pages of the office show what others do as they do it: nobody presses Reload."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import SLUG, Site
from tests.e2e.story import DESK, Story

pytestmark = pytest.mark.browser


def test_the_office_sees_a_visit_move_while_it_looks(story: Story, site: Site) -> None:
    site.field("hire", f"live@{SLUG}.example")
    ids = site.field("make", f"live@{SLUG}.example", "Live")
    desk = story.tab("office", **DESK)
    desk.goto(f"/visits/{ids['visit']}")
    header = desk.locator(".ot-detail-header")
    expect(header.get_by_text("Scheduled", exact=True)).to_be_visible()
    schedule = story.tab("office", **DESK)
    schedule.goto("/visits?tab=coming&q=Live")
    row = schedule.get_by_role("row").filter(has_text="Owner of Live")
    expect(row.get_by_text("Scheduled", exact=True)).to_be_visible()
    site.field("move", ids["visit"], "depart")
    expect(header.get_by_text("On the way", exact=True)).to_be_visible()
    expect(row.get_by_text("On the way", exact=True)).to_be_visible()
    site.field("move", ids["visit"], "arrive")
    expect(header.get_by_text("On site", exact=True)).to_be_visible()
    expect(row.get_by_text("On site", exact=True)).to_be_visible()
