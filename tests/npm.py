"""The only home of npm packages that tests need: installed as a lock says, once, beside the other things that are built."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from ontrack_app.embedded import node
from ontrack_app.settings import PROJECT_ROOT

PARTS = ("package.json", "package-lock.json")


def environment(**more: str) -> dict[str, str]:
    """What a Node program is started with: our own Node on the path."""
    return {**os.environ, **node.environment(PROJECT_ROOT / ".build" / "node"), **more}  # noqa: TID251 - starts a process


def installed(source: Path, name: str) -> Path:
    """The directory `.build/name` with the packages that the lock in `source` names; another lock makes it anew."""
    place = PROJECT_ROOT / ".build" / name
    place.mkdir(parents=True, exist_ok=True)
    with (place / "hold").open("w") as hold:
        fcntl.flock(hold, fcntl.LOCK_EX)
        lock, stamp = hashlib.sha256((source / PARTS[1]).read_bytes()).hexdigest(), place / "stamp"
        if not stamp.exists() or stamp.read_text() != lock:
            for part in PARTS:
                shutil.copy(source / part, place)
            done = subprocess.run(
                ["npm", "ci", "--ignore-scripts"], cwd=place, env=environment(), capture_output=True, text=True, check=False
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            stamp.write_text(lock)
    return place
