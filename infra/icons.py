"""Draws the icons of the crew's app anew from assets/favicon.svg, in the Chromium of the browser walks."""

import re
import sys
from pathlib import Path

import chromium
from playwright.sync_api import sync_playwright

ASSETS = Path(__file__).resolve().parent.parent / "assets"
# Name, pixels, and how much of the edge a phone may cut off: a maskable icon and Apple's fill all of their square.
ICONS = (
    ("icon-192", 192, False),
    ("icon-512", 512, False),
    ("icon-maskable-192", 192, True),
    ("icon-maskable-512", 512, True),
    ("apple-touch-icon", 180, True),
)
SAFE = 0.8  # of a maskable icon's side is sure to be seen


def main() -> int:
    """Writes every icon; returns 0."""
    drawing = (ASSETS / "favicon.svg").read_text(encoding="utf-8")
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=chromium.find(), args=["--no-sandbox"])
        for name, pixels, is_full in ICONS:
            page = browser.new_page(viewport={"width": pixels, "height": pixels})
            page.set_content(_page(drawing, pixels, is_full=is_full))
            page.screenshot(path=ASSETS / "crew" / f"{name}.png", omit_background=not is_full)
            page.close()
        browser.close()
    return 0


def _page(drawing: str, pixels: int, *, is_full: bool) -> str:
    colour = re.findall(r'<rect[^>]*fill="(#[0-9a-f]+)"', drawing)[0]
    side = pixels * (SAFE if is_full else 1)
    ground = colour if is_full else "transparent"
    style = f"margin:0;height:100vh;display:grid;place-items:center;background:{ground}"
    return f'<body style="{style}">{drawing.replace("<svg", f"<svg width={side} height={side}", 1)}</body>'


if __name__ == "__main__":
    sys.exit(main())
