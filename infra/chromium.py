"""Finds the Chromium for the browser walks; `--install` gets it by apt where we are root and there is none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
GET_IT = "apt-get update && apt-get install -y chromium"
PLACES = (".cache/ms-playwright", "Library/Caches/ms-playwright")
MADE = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium")


def find() -> str | None:
    """The path of an installed Chromium or Chrome, or the one that Playwright brought; None where there is none."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    homes = (
        [Path(os.environ["PLAYWRIGHT_BROWSERS_PATH"])] if os.environ.get("PLAYWRIGHT_BROWSERS_PATH") else []
    )
    homes += [Path.home() / place for place in PLACES]
    found = [path for home in homes for pattern in MADE for path in home.glob(pattern)]
    return str(max(found)) if found else None


def install() -> None:
    """Gets Chromium by apt as root; otherwise ends with the one command to run."""
    if find():
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(
            f"The browser walks need Chromium, and there is none. Run this once as root: {GET_IT}",
            file=sys.stderr,
        )
        raise SystemExit(1)
    print("Getting Chromium for the browser walks", file=sys.stderr, flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["/bin/sh", "-c", GET_IT], env=quiet, capture_output=True, text=True, check=False)
    if done.returncode != 0 or find() is None:
        print(done.stderr[-1500:], file=sys.stderr)
        print(f"Chromium could not be installed. Run this, then make test again: {GET_IT}", file=sys.stderr)
        raise SystemExit(1)


if __name__ == "__main__":
    if "--install" in sys.argv:
        install()
    print(find() or "none")
