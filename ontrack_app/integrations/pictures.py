"""Pictures are decoded and written anew in a process of their own, which has little memory and little time: what a picture
does to a decoder ends there. Nothing of the old file is in the new one but what is seen."""

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ontrack_app.settings import PROJECT_ROOT

SECONDS = 45  # on the wall; how much of the processor it may have is said in its program
MOST_PIXELS = 50_000_000  # 48-megapixel phones fit; 65,000 x 65,000 does not
PROGRAM = "ontrack_app.integrations.pictures_process"
STOPPED = frozenset(
    {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT}
)  # by somebody else, not by the picture
UNREADABLE = "The picture cannot be read. Take it again, or send it in another format."


class NotAPicture(Exception):
    """A picture that cannot be decoded within the limits; the words say why."""


class Busy(Exception):
    """This machine has no time or memory for it now; the same picture may be read later."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that was written anew."""

    path: Path
    content_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Redrawn:
    """The picture and its thumbnail; `taken` is when the camera says that it was taken (its own clock, no zone) or ''."""

    picture: Drawn
    thumbnail: Drawn
    taken: str


def redraw(source: Path, into: Path, *, keep_place: bool) -> Redrawn:
    """Decodes a picture and writes it and its thumbnail into a directory, turned the right way up. Place, camera and all
    else that is not seen are left out, or kept as EXIF where `keep_place`.

    Raises:
        NotAPicture: it is too large, broken, or too much work. Busy: not now.
    """
    asked = {"source": str(source), "into": str(into), "most_pixels": MOST_PIXELS, "keep": keep_place}
    try:
        done = subprocess.run(  # noqa: S603 - our own program, our own words
            [sys.executable, "-m", PROGRAM],
            input=json.dumps(asked), capture_output=True, text=True, timeout=SECONDS, cwd=PROJECT_ROOT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise Busy("no time to read a picture") from None
    if done.returncode in STOPPED or done.returncode > 0:
        raise Busy(f"the process that reads pictures ended with {done.returncode}")
    said: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 and done.stdout else {"error": ""}
    if "busy" in said:
        raise Busy(said["busy"])
    if "error" in said:
        raise NotAPicture(said["error"] or UNREADABLE)
    return Redrawn(_drawn(said["picture"]), _drawn(said["thumbnail"]), said["taken"])


def _drawn(said: dict[str, Any]) -> Drawn:
    return Drawn(Path(said["path"]), said["type"], int(said["width"]), int(said["height"]))
