"""Files in the background: put together, looked at, written anew, and what is no longer needed forgotten.

Each function has a slow part that holds no transaction; what it stores is under keys made of its content, so that running
twice leaves the same. A scanner or a store that is away, or a machine that is busy, lets the file wait: it is not served
meanwhile, and nothing of it is lost.
"""

import contextlib
import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from models.access import Permission
from ontrack_app.background.queue import background
from ontrack_app.integrations import pictures
from ontrack_app.integrations.files import store
from ontrack_app.integrations.files.protocol import PIECE, NotStored, StoreAway, key_of
from ontrack_app.integrations.pictures import Busy, Drawn, NotAPicture
from ontrack_app.integrations.scanner import ScannerAway, Verdict
from ontrack_app.integrations.scanners import scanner
from ontrack_app.integrations.sniffing import PDF, NotAllowed, kind_of
from ontrack_app.services.files import checks
from ontrack_app.services.files.checks import Accepted, Arrived, Made, NotTaken, Waiting, Waits
from ontrack_app.work import Work

Run = Callable[..., Any]
NEEDS = frozenset({Permission.FILES_WRITE})
STORE_WORDS = "The place where files are kept does not answer. It is tried again by itself."
SCANNER_WORDS = "The virus scanner does not answer. The file is looked at as soon as it does."
BUSY_WORDS = "The file waits for its turn."
ROOM_WORDS = "The server has no room to look at the file just now. It is tried again by itself."
MUST_BE_PICTURES = {"photo": "a photo", "signature": "a signature"}


def _assemble(run: Run, file_id: UUID) -> bool | Waits | None:
    found: Arrived | None = run(checks.arrived, file_id)
    if found is None:
        return None
    try:
        return _joined(found)
    except NotStored:
        return False
    except StoreAway as away:
        return Waits(f"{STORE_WORDS} ({away})")
    except OSError as full:
        return Waits(f"{ROOM_WORDS} ({full.strerror})")


def _joined(found: Arrived) -> bool:
    """Only the bytes that were said ever come under the key of the whole."""
    digest, size = hashlib.sha256(), 0
    with tempfile.TemporaryFile(prefix="ontrack-") as whole:
        for piece in found.pieces:
            for some in store().read(piece.key, 0, piece.size):
                whole.write(some)
                digest.update(some)
                size += len(some)
        if (size, digest.hexdigest()) != (found.size, found.sha256):
            return False
        whole.seek(0)
        store().put(found.key, iter(lambda: whole.read(PIECE), b""))
    return True


@background("files.take_in", needs=NEEDS, slow=_assemble)
def take_in(work: Work, outcome: bool | Waits | None, file_id: UUID) -> None:
    """Puts the pieces of an upload together and compares the hash of the whole with the one that was said."""
    checks.put_together(work, file_id, outcome)


def _look_at(run: Run, file_id: UUID) -> Accepted | NotTaken | Waits | None:
    found: Waiting | None = run(checks.waiting, file_id)
    if found is None:
        return None
    try:
        with tempfile.TemporaryDirectory(prefix=f"ontrack-{found.tenant_id}-") as home:
            return _judge(found, file_id, Path(home))
    except (StoreAway, NotStored) as away:
        return Waits(f"{STORE_WORDS} ({type(away).__name__}: {away})")
    except ScannerAway as away:
        return Waits(f"{SCANNER_WORDS} ({away})")
    except Busy as busy:
        return Waits(f"{BUSY_WORDS} ({busy})")
    except OSError as full:
        return Waits(f"{ROOM_WORDS} ({full.strerror})")


def _judge(found: Waiting, file_id: UUID, home: Path) -> Accepted | NotTaken:
    """In this order: scan, see what it is, decode and write anew."""
    path = home / "original"
    _fetch(found, path)
    verdict = scanner().scan(path)
    if verdict.found != "clean":
        return NotTaken(verdict.words, verdict.by, verdict.found == "harmful")
    try:
        kind = kind_of(path)
        if kind == PDF:
            return _document(found, verdict, path)
        drawn = pictures.redraw(path, home, keep_place=found.keeps_place)
    except (NotAllowed, NotAPicture) as words:
        return NotTaken(str(words), verdict.by)
    made = (
        _keep(found, file_id, "picture", drawn.picture),
        _keep(found, file_id, "thumbnail", drawn.thumbnail),
    )
    return Accepted(verdict.by, made[0].content_type, made, drawn.taken)


def _document(found: Waiting, verdict: Verdict, path: Path) -> Accepted | NotTaken:
    if found.kind in MUST_BE_PICTURES:
        return NotTaken(f"This is a PDF, and {MUST_BE_PICTURES[found.kind]} is a picture.", verdict.by)
    made = Made("original", found.key, PDF, path.stat().st_size, found.sha256)
    return Accepted(verdict.by, PDF, (made,))


def _fetch(found: Waiting, path: Path) -> None:
    digest = hashlib.sha256()
    with path.open("wb") as out:
        for piece in store().read(found.key):
            out.write(piece)
            digest.update(piece)
    if digest.hexdigest() != found.sha256:
        raise StoreAway("it gives back other bytes than were put there")


def _keep(found: Waiting, file_id: UUID, name: str, drawn: Drawn) -> Made:
    with drawn.path.open("rb") as source:
        digest = hashlib.file_digest(source, "sha256").hexdigest()
        key = key_of(found.tenant_id, file_id, f"{name}-{digest[:32]}")
        source.seek(0)
        stored = store().put(key, iter(lambda: source.read(PIECE), b""))
    return Made(name, key, drawn.content_type, stored.size, stored.sha256, drawn.width, drawn.height)


@background("files.examine", needs=NEEDS, slow=_look_at)
def examine(work: Work, outcome: Accepted | NotTaken | Waits | None, file_id: UUID) -> None:
    """Looks at a file that has arrived: it becomes ready, is not taken, with words why, or waits for another look."""
    if outcome is not None:
        checks.examined(work, file_id, outcome)


def _sweep(run: Run, file_id: UUID) -> None:
    found = run(checks.sweeping, file_id)
    if found is None:
        return
    for key in store().keys(found.tenant_id, file_id):
        is_part = key.rpartition("/")[2].startswith(checks.PART)
        if key not in found.keep and (is_part or not found.parts_only):
            with contextlib.suppress(NotStored):
                store().delete(key)


@background("files.sweep", needs=NEEDS, slow=_sweep)
def sweep(work: Work, _: None, file_id: UUID) -> None:
    """Forgets the bytes of a file that nobody needs any more: pieces, the original of a picture, what was not taken."""
