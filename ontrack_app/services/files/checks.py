"""What becomes of a file that has arrived: put together, looked at, ready or not taken. The slow work is done outside, between
these functions; each of them may run twice and then changes nothing."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, text
from sqlmodel import col

from models.files import FILE_MACHINE, NOT_TAKEN, File, FilePart, FileVariant
from models.tenants import Tenant
from ontrack_app.errors import NotFound
from ontrack_app.integrations.files.protocol import key_of
from ontrack_app.services.files.cards import KEPT_AFTER
from ontrack_app.work import Work

FIRST_WAIT, LONGEST_WAIT = 5.0, 1800.0  # seconds
PART = "part-"
MOST_RESTARTS = 3
OTHER_BYTES = "{times} times other bytes came than were said, so the copy that was sent is damaged. Send it as a new file."


LYING = timedelta(minutes=15)
FORGOTTEN = text("""
  SELECT f.id, f.stored_at FROM files f WHERE f.stage = 'scanning' AND f.updated_at < :since AND NOT EXISTS (
    SELECT 1 FROM outbox_messages m WHERE m.function IN ('files.take_in', 'files.examine') AND m.state IN ('waiting', 'leased')
    AND m.arguments->>'file_id' = f.id::text)
""")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stored piece of an upload."""

    key: str
    size: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file whose pieces are to be put together under `key`."""

    pieces: tuple[Piece, ...]
    key: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that is to be looked at."""

    tenant_id: UUID
    key: str
    kind: str
    sha256: str
    keeps_place: bool


@dataclass(frozen=True, slots=True)
class Waits:
    """It cannot be done now, and is tried again later; the words say what is waited for."""

    words: str


@dataclass(frozen=True, slots=True)
class NotTaken:
    """It is not taken, with words for the sender; `by` names who looked, `is_harmful` says that harm was found in it."""

    words: str
    by: str = ""
    is_harmful: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """One thing that is stored and may be served."""

    name: str
    key: str
    content_type: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """It is ready: what it is, what is served of it, and when the camera says that it was taken (its clock, no zone)."""

    by: str
    content_type: str
    made: tuple[Made, ...]
    taken: str = field(default="")


@dataclass(frozen=True, slots=True)
class Sweeping:
    """Which keys of a file to keep; `parts_only` while something may still be made of it."""

    tenant_id: UUID
    keep: frozenset[str]
    parts_only: bool


def arrived(work: Work, file_id: UUID) -> Arrived | None:
    """What there is to put together; None where it was done, or is not to be done."""
    file = work.find(File, file_id)
    if file is None or file.stage != "scanning" or file.stored_at is not None:
        return None
    parts = work.all(work.of(FilePart).where(col(FilePart.file_id) == file_id).order_by(col(FilePart.start)))
    pieces = tuple(Piece(part.key, part.size) for part in parts)
    return Arrived(pieces, original_key(file), file.size, file.sha256)


def put_together(work: Work, file_id: UUID, outcome: bool | Waits | None) -> None:
    """Writes down that the file is whole, or, where its bytes are not those that were said, asks for all of them again.
    None: there was nothing to do."""
    if outcome is None:
        return
    file = work.lock(File, file_id)
    if file.stage != "scanning" or file.stored_at is not None:
        return
    if isinstance(outcome, Waits):
        work.later("files.take_in", file_id=file_id, due_at=_wait(work, file, outcome.words))
        return
    work.session.execute(delete(FilePart).where(col(FilePart.file_id) == file_id))
    if not outcome:
        _restart(work, file)
        return
    file.stored_at, file.tries, file.note = work.at, 0, ""
    work.changed(file)
    work.later("files.examine", file_id=file_id)
    work.later("files.sweep", file_id=file_id)


def _restart(work: Work, file: File) -> None:
    """Asks for all bytes again, and after some times no more: a sender whose copy is not what it said would go on for ever."""
    file.received, file.restarts = 0, file.restarts + 1
    if file.restarts >= MOST_RESTARTS:
        file.note = OTHER_BYTES.format(times=file.restarts)
        work.advance(file, FILE_MACHINE, "fail", reason=file.note)
        work.later("files.sweep", file_id=file.id)
        return
    file.note = "The bytes that came are not the ones that were sent. They are to be sent again."
    work.advance(file, FILE_MACHINE, "restart", reason=file.note)


def waiting(work: Work, file_id: UUID) -> Waiting | None:
    """What there is to look at; None where it was done, or is not to be done."""
    file = work.find(File, file_id)
    if file is None or file.stage != "scanning" or file.stored_at is None:
        return None
    keeps = work.find_tenant(Tenant).keeps_photo_place
    return Waiting(file.tenant_id, original_key(file), file.kind, file.sha256, keeps)


def examined(work: Work, file_id: UUID, outcome: Accepted | NotTaken | Waits) -> None:
    """Makes a file ready, keeps it from everybody, or lets it wait for another look."""
    file = work.lock(File, file_id)
    if file.stage != "scanning" or file.stored_at is None:
        return
    if isinstance(outcome, Waits):
        work.later("files.examine", file_id=file_id, due_at=_wait(work, file, outcome.words))
        return
    file.checked_by = outcome.by
    if isinstance(outcome, NotTaken):
        file.note = outcome.words
        work.advance(file, FILE_MACHINE, "condemn" if outcome.is_harmful else "fail", reason=outcome.words)
        work.later("files.sweep", file_id=file_id, due_at=work.at + KEPT_AFTER)
        return
    _accept(work, file, outcome)
    work.later("files.sweep", file_id=file_id)


def sweeping(work: Work, file_id: UUID) -> Sweeping | None:
    """What may be forgotten of a file now; None where nothing may."""
    try:
        file = work.get(File, file_id)
    except NotFound:
        return Sweeping(work.actor.tenant_id, frozenset(), False)
    if file.stage == "uploading" or (file.stage == "scanning" and file.stored_at is None):
        return None
    over = work.at - KEPT_AFTER
    if (file.archived_at or work.at) > over and file.stage not in NOT_TAKEN:
        served = work.all(work.of(FileVariant).where(col(FileVariant.file_id) == file_id))
        keys = frozenset(row.key for row in served) or frozenset({original_key(file)})
        return Sweeping(file.tenant_id, keys, file.stage == "scanning")
    is_kept = file.stage in NOT_TAKEN and file.stored_at is not None and file.updated_at > over
    return Sweeping(file.tenant_id, frozenset({original_key(file)} if is_kept else ()), False)


def take_up(work: Work) -> None:
    """Promises again what nobody promises any more: a file whose check was given up after many kills or a fault of ours is
    checked once that is mended; a chore of the clock."""
    for row in work.session.execute(FORGOTTEN, {"since": work.at - LYING}).all():
        if row.stored_at is None:
            work.later("files.take_in", file_id=row.id)
        else:
            work.later("files.examine", file_id=row.id)


def original_key(file: File) -> str:
    """Where the bytes are as they came."""
    return key_of(file.tenant_id, file.id, "original")


def _accept(work: Work, file: File, outcome: Accepted) -> None:
    for made in outcome.made:
        facts = {name: getattr(made, name) for name in Made.__slots__}
        work.add(FileVariant(tenant_id=file.tenant_id, file_id=file.id, **facts))
    main = outcome.made[0]
    file.content_type, file.width, file.height = outcome.content_type, main.width, main.height
    file.taken_at = file.taken_at or _taken(work, outcome.taken)
    file.note, file.tries = "", 0
    work.advance(file, FILE_MACHINE, "accept")


def _taken(work: Work, said: str) -> datetime | None:
    """The camera's words as a time, in the company's zone: a camera knows no zone."""
    try:
        return datetime.strptime(said, "%Y:%m:%d %H:%M:%S").replace(tzinfo=work.actor.tenant.zone)
    except ValueError:
        return None


def _wait(work: Work, file: File, words: str) -> datetime:
    """When there is another try, later and later, for as long as it takes: nobody's photo is given up because a service is
    away."""
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(file.tries, 20))
    file.tries += 1
    file.note = words
    work.changed(file)
    seconds = longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreading load, no secret
    return work.at + timedelta(seconds=seconds)
