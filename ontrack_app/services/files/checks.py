"""What becomes of a file that has arrived: put together, looked at, ready or refused. The slow work is done outside, between
these functions; each of them may run twice and then changes nothing."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import col

from models.files import FILE_MACHINE, File, FilePart, FileVariant
from models.tenants import Tenant
from ontrack_app.errors import NotFound
from ontrack_app.integrations.files.protocol import key_of
from ontrack_app.services.files.cards import KEPT_AFTER
from ontrack_app.work import Work

FIRST_WAIT, LONGEST_WAIT = 5.0, 1800.0  # seconds
PART = "part-"


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
class Refused:
    """It is not taken, with words for the sender; `by` names who looked."""

    words: str
    by: str = ""


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
    if file is None or file.stage != "quarantined" or file.stored_at is not None:
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
    if file.stage != "quarantined" or file.stored_at is not None:
        return
    if isinstance(outcome, Waits):
        work.later("files.take_in", file_id=file_id, due_at=_wait(work, file, outcome.words))
        return
    work.session.execute(delete(FilePart).where(col(FilePart.file_id) == file_id))
    if not outcome:
        file.received = 0
        file.note = "The bytes that came are not the ones that were sent. They are to be sent again."
        work.advance(file, FILE_MACHINE, "restart", reason=file.note)
        return
    file.stored_at, file.tries, file.note = work.at, 0, ""
    work.changed(file)
    work.later("files.examine", file_id=file_id)
    work.later("files.sweep", file_id=file_id)


def waiting(work: Work, file_id: UUID) -> Waiting | None:
    """What there is to look at; None where it was done, or is not to be done."""
    file = work.find(File, file_id)
    if file is None or file.stage != "quarantined" or file.stored_at is None:
        return None
    keeps = work.find_tenant(Tenant).keeps_photo_place
    return Waiting(file.tenant_id, original_key(file), file.kind, file.sha256, keeps)


def examined(work: Work, file_id: UUID, outcome: Accepted | Refused | Waits) -> None:
    """Makes a file ready, refuses it, or lets it wait for another look."""
    file = work.lock(File, file_id)
    if file.stage != "quarantined" or file.stored_at is None:
        return
    if isinstance(outcome, Waits):
        work.later("files.examine", file_id=file_id, due_at=_wait(work, file, outcome.words))
        return
    file.checked_by = outcome.by
    if isinstance(outcome, Refused):
        file.note = outcome.words
        work.advance(file, FILE_MACHINE, "refuse", reason=outcome.words)
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
    if file.stage == "uploading" or (file.stage == "quarantined" and file.stored_at is None):
        return None
    over = work.at - KEPT_AFTER
    if (file.archived_at or work.at) > over and file.stage != "refused":
        served = work.all(work.of(FileVariant).where(col(FileVariant.file_id) == file_id))
        keys = frozenset(row.key for row in served) or frozenset({original_key(file)})
        return Sweeping(file.tenant_id, keys, file.stage == "quarantined")
    is_kept = file.stage == "refused" and file.stored_at is not None and file.updated_at > over
    return Sweeping(file.tenant_id, frozenset({original_key(file)} if is_kept else ()), False)


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
