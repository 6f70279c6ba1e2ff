"""The only home of a crew member's hands in the walks: what is pressed and filled in on the crew's pages."""

import hashlib
import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

WITHIN_MS = 30_000


def png(place: Path, red: int, edge: int = 320) -> Path:
    """A picture of one colour with noise that depends on it alone; the same again each time."""
    rows = b"".join(
        b"\0" + bytes(value for x in range(edge) for value in (red, (x * 7 + y * red) % 256, y % 256))
        for y in range(edge)
    )
    head = struct.pack(">IIBBBBB", edge, edge, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    body = b"".join(struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts)  # fmt: skip
    found = place / f"photo-{red}.png"
    found.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return found


def hash_of(path: Path) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass
class Crew:
    """Somebody of a crew at one page of the app."""

    page: Page

    @property
    def line(self) -> Locator:
        """The line that is never silent."""
        return self.page.locator(".ot-crew-line")

    @property
    def sheet(self) -> Locator:
        """The sheet that is open."""
        return self.page.get_by_role("dialog")

    def says(self, words: str) -> None:
        """Waits until the line says this."""
        expect(self.line).to_contain_text(re.compile(words))

    def press(self, name: str) -> None:
        """Presses a button."""
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def fill(self, verb: str, *photos: Path, **values: str) -> None:
        """Fills in the sheet that is open, and keeps it."""
        for name, value in values.items():
            field = self.sheet.locator(f"[name={name}]")
            if field.evaluate("one => one.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        for photo in photos:
            self.sheet.locator("input[type=file]").set_input_files(photo)
        self.sheet.get_by_role("button", name=verb, exact=True).click()
        expect(self.sheet).to_have_count(0)

    def photo(self, label: str, *photos: Path) -> None:
        """Takes photos with the camera of that name."""
        camera = self.page.get_by_label(label, exact=True).first
        camera.wait_for(state="attached")
        before = self.page.locator(".ot-crew-photos > li").count()
        camera.set_input_files(photos)
        expect(self.page.locator(".ot-crew-photos > li")).to_have_count(before + len(photos))

    def more(self, item: str) -> None:
        """Opens a sheet from the visit's menu."""
        self.page.get_by_role("button", name="More", exact=True).click()
        self.page.get_by_role("menuitem", name=item).click()

    def sign(self) -> None:
        """The customer signs with a finger."""
        self.page.locator(".ot-crew-pad").click()
        box = self.sheet.locator("canvas").bounding_box()
        assert box is not None
        mouse = self.page.mouse
        mouse.move(box["x"] + 30, box["y"] + 40)
        mouse.down()
        for step in range(1, 12):
            mouse.move(box["x"] + 30 + 12 * step, box["y"] + 40 + (step % 3) * 12)
        mouse.up()
        self.fill("Sign")
