"""Photographs a running OnTrack that has its demo, into docs/images: `make screenshots PORT=…`. Starts and changes nothing.

Each picture is signed in by /dev/sign-in as a person of the demo; which record it shows is asked of the API, so that the
same demo gives the same pictures.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import chromium
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
MOST_BYTES = 200_000
DESK = {"viewport": {"width": 1440, "height": 820}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
LOADED = "() => !document.querySelector('.ot-bars') && document.querySelector('h1')?.innerText.trim()"


@dataclass(frozen=True)
class Shot:
    """One picture: whose screen, which address, and the list of the API whose first row fills `{id}`."""

    name: str
    person: str
    path: str
    first_of: str = ""
    phone: bool = False


SHOTS = (
    Shot("home", "office@summit-roofing.example", "/"),
    Shot("leads", "office@summit-roofing.example", "/leads"),
    Shot("estimate", "office@rivard-plomberie.example", "/estimates/{id}", "estimates?stage=draft&limit=1&sort=-total"),
    Shot("job", "office@summit-roofing.example", "/jobs/{id}", "jobs?stage=open&limit=1&sort=created_at"),
    Shot("invoice", "office@rivard-plomberie.example", "/invoices/{id}", "invoices?stage=issued&limit=1&sort=-total"),
    Shot("approve", "client@summit-roofing.example", "/portal/estimates/{id}", "estimates?stage=sent&limit=1", phone=True),
)  # fmt: skip


def main(base_url: str) -> int:
    """Takes every picture; returns 1 where one could not be taken or is too heavy."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    failed = 0
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        for shot in SHOTS:
            words = take(browser, base_url, shot)
            failed += bool(words)
            print(f"{shot.name}: {words or 'taken'}")
        browser.close()
    return 1 if failed else 0


def take(browser: Browser, base_url: str, shot: Shot) -> str:
    """Takes one picture; returns what was wrong with it, in words, or nothing."""
    context = browser.new_context(**(PHONE if shot.phone else DESK), color_scheme="light")
    try:
        signed_in = context.request.get(f"{base_url}/dev/sign-in/{shot.person}", max_redirects=0)
        if signed_in.status not in (302, 303):
            return f"nobody could be signed in as {shot.person} ({signed_in.status}); is the demo loaded?"
        path = address(context, base_url, shot)
        if path is None:
            return f"there is no row in /api/v1/{shot.first_of}"
        page = context.new_page()
        page.goto(f"{base_url}{path}", wait_until="load")
        return picture(page, IMAGES / f"{shot.name}.png")
    finally:
        context.close()


def address(context: BrowserContext, base_url: str, shot: Shot) -> str | None:
    """The path to photograph; None where there is no record for it."""
    if not shot.first_of:
        return shot.path
    answer = context.request.get(f"{base_url}/api/v1/{shot.first_of}")
    rows = answer.json().get("items", [])
    return shot.path.format(id=rows[0]["id"]) if rows else None


def picture(page: Page, file: Path) -> str:
    """Writes the page as it stands once it has loaded."""
    page.wait_for_function(LOADED, timeout=20_000)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=str(file), animations="disabled", caret="hide")
    size = file.stat().st_size
    return f"{size // 1000} KB is more than {MOST_BYTES // 1000} KB" if size > MOST_BYTES else ""


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1].rstrip("/")))
