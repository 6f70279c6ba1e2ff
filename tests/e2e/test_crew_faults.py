"""What breaks on a phone, in a real browser: batteries, cables at each stage, two tabs, full storage, wrong clocks, lost rights."""

import json
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright, expect

from ontrack_app.settings import PROJECT_ROOT
from tests.e2e.conftest import SLUG, Site
from tests.e2e.crew import Crew, hash_of, png
from tests.e2e.phone import Phone
from tests.e2e.test_crew_day import settled

pytestmark = pytest.mark.browser
SEED = 20261123
TWO_YEARS_MS = 2 * 365 * 24 * 3_600_000
OLD_OUTBOX = PROJECT_ROOT / "tests" / "data" / "outbox_schema_1.json"
# The phone's clock is wrong by so much; what measures time without a calendar goes on as it was.
WRONG_CLOCK = """{ const Right = Date, off = OFF;
  window.Date = class extends Right {
    constructor(...given) { if (given.length) super(...given); else super(Right.now() + off); }
    static now() { return Right.now() + off; }
  }; }"""
STORES = """async () => {
  const name = (await indexedDB.databases()).map(one => one.name).find(one => one.startsWith('ontrack-crew-'));
  if (!name) return {};
  const db = await new Promise(done => { const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result); });
  const found = {};
  for (const store of db.objectStoreNames) {
    found[store] = await new Promise(done => { const asked = db.transaction(store).objectStore(store).getAll(); asked.onsuccess = () => done(asked.result); });
  }
  db.close();
  return Object.fromEntries(Object.entries(found).map(([store, rows]) => [store, rows.map(one => one.seq ?? one.name ?? one.id ?? '')]));
}"""
PUT_OLD = """async mutations => {
  const name = (await indexedDB.databases()).map(one => one.name).find(one => one.startsWith('ontrack-crew-'));
  const db = await new Promise(done => { const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result); });
  await new Promise(done => {
    const open = db.transaction(['meta', 'outbox'], 'readwrite');
    for (const one of mutations) open.objectStore('outbox').put(one);
    open.objectStore('meta').put({ name: 'next_seq', value: mutations.length + 1 });
    open.oncomplete = done;
  });
  db.close();
}"""


class Ground:
    """A crew member of this test alone, with a visit, a phone, and what the office is told in the end."""

    def __init__(self, site: Site, tools: Playwright, home: Path, name: str) -> None:
        self.site, self.name = site, name
        site.field("hire", f"{name}@{SLUG}.example")
        self.ids = site.field("make", f"{name}@{SLUG}.example", name.capitalize())
        self.phone = Phone(tools, site, home / "phone")

    @property
    def visit(self) -> str:
        """The address of the visit's page."""
        return f"/crew/visit?id={self.ids['visit']}"

    def opened(self) -> Crew:
        """The phone signed in, with the visit on it and open."""
        self.phone.sign_in(self.name)
        crew = Crew(self.phone.installed())
        crew.says("all sent")
        crew.page.goto(self.visit)
        expect(crew.page.get_by_role("button", name="Add note")).to_be_visible()
        return crew

    def told(self) -> dict[str, Any]:
        """What the office's tables say."""
        return dict(settled(self.site, self.ids))

    def notes(self) -> list[str]:
        """The notes that the office has."""
        return [one["text"] for one in self.told()["notes"]]


@pytest.fixture
def ground(tools: Playwright, site: Site, tmp_path: Path) -> Iterator[Callable[[str], Ground]]:
    """Makes grounds; the cable is whole before and after."""
    site.cable.mend()
    made: list[Ground] = []

    def make(name: str) -> Ground:
        made.append(Ground(site, tools, tmp_path, name))
        return made[-1]

    yield make
    site.cable.mend()
    for one in made:
        one.phone.close()


def note(crew: Crew, text: str) -> None:
    """Writes a note on the visit that is open; returns once it is saved on the phone."""
    crew.press("Add note")
    crew.fill("Add note", text=text)


def test_a_browser_killed_at_any_moment(ground: Callable[[str], Ground], site: Site) -> None:
    here = ground("killed")
    crew = here.opened()
    dice = random.Random(SEED)
    print(f"seed {SEED}")  # noqa: T201 - shown where it fails
    kept: list[str] = []
    for turn in range(5):
        for count in range(dice.randint(1, 3)):
            text = f"Turn {turn}, note {count}"
            note(crew, text)
            kept.append(text)
        crew.press("Add note")
        crew.sheet.locator("[name=text]").fill(f"Turn {turn}, cut off")
        crew.sheet.get_by_role("button", name="Add note", exact=True).click(no_wait_after=True)
        crew.page.wait_for_timeout(dice.random() * 120)  # anywhere in the saving and sending
        here.phone.kill()
        if turn in (0, 2):  # the first one before much of a browser is on its disk
            site.cable.cut()
        here.phone.start()
        crew = Crew(here.phone.page())
        crew.page.goto(here.visit)
        for text in kept:
            expect(crew.page.get_by_text(text, exact=True)).to_be_visible()
        site.cable.mend()
    crew.page.reload()
    crew.says("all sent")
    notes = here.notes()
    assert [text for text in notes if "cut off" not in text] == kept
    assert len(set(notes)) == len(notes), "nothing twice"


CUTS = (
    ("up", 0, b"POST /api/sync/v1/hello"), ("down", 40, b"POST /api/sync/v1/hello"),
    ("up", 60, b"POST /api/sync/v1/push"), ("down", 0, b"POST /api/sync/v1/push"), ("down", 90, b"POST /api/sync/v1/push"),
    ("down", 0, b"GET /api/sync/v1/pull"), ("down", 120, b"GET /api/sync/v1/pull"),
    ("down", 0, b"POST /api/sync/v1/uploads"), ("up", 20_000, b"PATCH /api/sync/v1/uploads"), ("down", 0, b"PATCH /api/sync/v1/uploads"),
    ("down", 0, b"HEAD /api/sync/v1/uploads"),
)  # fmt: skip


def test_the_cable_cut_at_each_stage(ground: Callable[[str], Ground], site: Site, tmp_path: Path) -> None:
    here = ground("cut")
    crew = here.opened()
    photos = [png(tmp_path, 20 + turn, edge=160) for turn in range(len(CUTS))]
    for turn, (way, count, asking) in enumerate(CUTS):
        site.cable.cut_after(way, count, asking=asking)
        note(crew, f"Note {turn}")
        crew.photo("Take a photo", photos[turn])
        assert site.cable.wait_until_cut(30), (way, count, asking)
        crew.says("saved on this phone")
        site.cable.mend()
        crew.page.evaluate("dispatchEvent(new Event('online'))")
        crew.says("all sent")
    told = here.told()
    assert [one["text"] for one in told["notes"]] == [f"Note {turn}" for turn in range(len(CUTS))]
    assert sorted(one["sha256"] for one in told["files"]) == sorted(hash_of(photo) for photo in photos)


def test_two_tabs_on_one_store(ground: Callable[[str], Ground], site: Site) -> None:
    here = ground("tabs")
    first = here.opened()
    second = Crew(here.phone.page())
    second.page.goto(here.visit)
    site.cable.cut()
    for turn in range(3):
        note(first, f"First {turn}")
        note(second, f"Second {turn}")
    expect(first.page.get_by_text("Second 2", exact=True)).to_be_visible()
    expect(second.page.get_by_text("First 2", exact=True)).to_be_visible()
    stores = first.page.evaluate(STORES)
    assert stores["outbox"] == [1, 2, 3, 4, 5, 6], "numbers without a hole"
    site.cable.mend()
    first.page.evaluate("dispatchEvent(new Event('online'))")
    first.says("all sent")
    second.says("all sent")
    assert sorted(here.notes()) == sorted(
        f"{name} {turn}" for name in ("First", "Second") for turn in range(3)
    )


def test_a_full_phone_says_so_and_loses_nothing(
    ground: Callable[[str], Ground], site: Site, tmp_path: Path
) -> None:
    here = ground("full")
    crew = here.opened()
    site.cable.cut()
    note(crew, "Before it was full")
    here.phone.close()  # a browser looks at what is left when it opens its stores
    here.phone.start()
    crew = Crew(here.phone.page())
    devtools = here.phone.browser.new_cdp_session(crew.page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": site.base_url, "quotaSize": 1024})
    crew.page.goto(here.visit)
    expect(crew.page.get_by_text("Before it was full")).to_be_visible()
    photo = png(tmp_path, 77, edge=900)
    crew.page.get_by_label("Take a photo", exact=True).set_input_files(photo)
    expect(
        crew.page.get_by_role("status").get_by_text(re.compile("full, so it was not saved"))
    ).to_be_visible()
    assert crew.page.locator(".ot-crew-photos img").count() == 0
    stores = crew.page.evaluate(STORES)
    assert (stores["files"], stores["blobs"], stores["outbox"]) == ([], [], [1])
    devtools.detach()
    here.phone.close()
    here.phone.start()
    crew = Crew(here.phone.page())
    crew.page.goto(here.visit)
    crew.photo("Take a photo", photo)
    site.cable.mend()
    crew.says("all sent")
    told = here.told()
    assert ([one["text"] for one in told["notes"]], [one["sha256"] for one in told["files"]]) == (["Before it was full"], [hash_of(photo)])  # fmt: skip


@pytest.mark.parametrize("off", [TWO_YEARS_MS, -TWO_YEARS_MS], ids=["ahead", "behind"])
def test_a_clock_that_is_two_years_off(off: int, ground: Callable[[str], Ground], site: Site) -> None:
    here = ground(f"clock{'ahead' if off > 0 else 'behind'}")
    here.phone.browser.add_init_script(WRONG_CLOCK.replace("OFF", str(off)))
    here.phone.sign_in(here.name)
    here.phone.browser.add_init_script(WRONG_CLOCK.replace("OFF", str(off)))
    crew = Crew(here.phone.installed())
    crew.says("all sent")
    expect(crew.page.get_by_text(re.compile(f"12 {here.name.capitalize()} St"))).to_be_visible()
    site.cable.cut()
    crew.press("On my way")
    crew.press("Start")
    expect(crew.page.get_by_text("On site", exact=True).first).to_be_visible()
    crew.page.goto("/crew/time")
    expect(crew.page.get_by_text(re.compile("The clock of this phone is"))).to_be_visible()
    site.cable.mend()
    crew.says("all sent")
    told = here.told()
    assert [(one["kind"], one["skewed"]) for one in told["hours"]] == [("travel", True), ("work", True)]
    assert told["visit"] == [{"stage": "on_site"}]
    assert all(abs(one["late_s"]) < 120 for one in told["clocks"]), told["clocks"]


def test_a_session_that_ends_while_offline(ground: Callable[[str], Ground], site: Site) -> None:
    here = ground("session")
    crew = here.opened()
    site.cable.cut()
    note(crew, "Written in the basement")
    site.field("sign_off", here.ids["member"])
    site.cable.mend()
    crew.page.evaluate("dispatchEvent(new Event('online'))")
    crew.says("Signed out")
    expect(
        crew.page.get_by_text("Your work is kept on this phone and sent after you sign in.")
    ).to_be_visible()
    note(crew, "Written while signed out")
    assert here.notes() == []
    site.sign_in(here.phone.browser, here.name)
    crew.page.reload()
    crew.says("all sent")
    assert here.notes() == ["Written in the basement", "Written while signed out"]


def test_rights_that_change_while_offline(ground: Callable[[str], Ground], site: Site) -> None:
    here = ground("rights")
    crew = here.opened()
    site.cable.cut()
    note(crew, "As one of the crew")
    site.field("take_away", here.ids["visit"])
    site.field("promote", here.ids["member"])
    site.cable.mend()
    site.sign_in(here.phone.browser, here.name)
    crew.page.goto("/crew/unsent")
    crew.says("all sent|attention")
    told = here.told()
    arrived = [one["text"] for one in told["notes"]] == ["As one of the crew"]
    waits = told["quarantine"] == [{"kind": "note.add", "decision": None}]
    assert arrived != waits, told


def test_a_revoked_phone_brings_its_twenty_and_holds_nothing(
    ground: Callable[[str], Ground], site: Site
) -> None:
    here = ground("revoked")
    crew = here.opened()
    site.cable.cut()
    for turn in range(20):
        note(crew, f"Note {turn}")
    assert site.field("revoke", here.ids["member"])["phones"] != []
    site.cable.mend()
    crew.page.evaluate("dispatchEvent(new Event('online'))")
    expect(crew.page.get_by_text("This phone was emptied")).to_be_visible()
    told = here.told()
    assert told["quarantine"] == [{"kind": "note.add", "decision": None}] * 20
    assert told["notes"] == []
    stores = crew.page.evaluate(STORES)
    assert [one for name, rows in stores.items() if name != "meta" for one in rows] == []


def test_a_newer_app_sends_an_older_ones_outbox(ground: Callable[[str], Ground], site: Site) -> None:
    here = ground("older")
    crew = here.opened()
    words = OLD_OUTBOX.read_text().replace("VISIT", here.ids["visit"]).replace("ITEM", here.ids["step"])
    old = [
        one | {"schema": 1, "tz": "America/Chicago"}
        for one in json.loads(words)["mutations"]
        if one["kind"] in OLD_KINDS
    ]
    for number, one in enumerate(old, start=1):
        one["seq"] = number
    site.cable.cut()
    crew.page.evaluate(PUT_OLD, old)
    crew.page.reload()
    crew.says(f"{len(old)} saved on this phone")
    site.cable.mend()
    crew.page.evaluate("dispatchEvent(new Event('online'))")
    crew.says("all sent|attention")
    told = here.told()
    assert told["visit"] == [{"stage": "on_site"}]
    assert [one["text"] for one in told["notes"]] == ["Two shingles more than planned"]


OLD_KINDS = ("visit.depart", "visit.arrive", "note.add")
