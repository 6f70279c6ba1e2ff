"""The only home of uploads: said once, sent in pieces, taken up where they stopped. The row's `received` is the truth: a piece
counts when it is stored and its row is committed, and at no other moment."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, text
from sqlmodel import col

from models.access import Permission
from models.files import FILE_MACHINE, NOT_TAKEN, File, FilePart
from models.ids import new_id
from models.tenants import Tenant
from ontrack_app.errors import Conflict, FieldError, Gone, Invalid, NotFound, TooLarge
from ontrack_app.integrations.files.protocol import key_of
from ontrack_app.schemas.files import FileBody, UploadCard
from ontrack_app.services.files.cards import TABLES, may_add
from ontrack_app.work import Work

MB = 1024 * 1024
MOST_BYTES = 25 * MB  # of one file; also what a virus scanner looks into as it is usually set up
MOST_PART = 16 * MB  # of one piece
MOST_PARTS = 400
MOST_ON_A_ROW = 300
KEPT_OPEN = timedelta(days=7)
ONE_AT_A_TIME = text(
    "SELECT pg_advisory_xact_lock(hashtextextended('files.quota ' || app.tenant_id()::text, 0))"
)
USED = text("SELECT app.my_file_bytes()")
SAME = ("noun", "row_id", "size", "sha256")
AT = "The upload stands at byte {received}, not {offset}. Ask where it stands, and go on from there."


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next piece goes: under which key, and how many bytes it may have at most."""

    key: str
    most: int


def start(work: Work, body: FileBody) -> UploadCard:
    """Says what will be sent. The same words again find the same upload, however far it is.

    Raises:
        NotFound: the record is not there. Invalid, TooLarge: one of the limits, in words.
        Conflict: another file has this id. Gone: this one was given up. Forbidden: no right to add files.
    """
    work.actor.require(Permission.FILES_WRITE)
    known = work.find(File, body.id)
    if known is not None:
        return _again(work, known, body)
    may_add(work, body.noun, body.row_id)
    row = work.get(TABLES[body.noun], body.row_id)
    _check_limits(work, body)
    file = File(
        tenant_id=work.actor.tenant_id,
        member_id=work.actor.member_id,
        uploader_name=work.actor.name,
        expires_at=work.at + KEPT_OPEN,
        **body.model_dump(),
    )
    file.is_visible = body.is_visible and work.actor.scope == "all"
    work.add(file)
    work.write(file)
    work.record("files.added", row, after={"file_id": file.id, "name": file.name, "kind": file.kind})
    return card(file)


def state(work: Work, file_id: UUID) -> UploadCard:
    """How far an upload is.

    Raises:
        NotFound: there is none of this person's. Gone: it was given up.
    """
    file = _own(work, work.find(File, file_id))
    if file.stage == "failed" and file.stored_at is None:
        raise Gone(file.note or "This upload was given up.")
    return card(file)


def place(work: Work, file_id: UUID, offset: int) -> Place:
    """Where a piece that starts at `offset` goes; asked before its bytes are read.

    Raises:
        NotFound, Gone: as `state`. Conflict: the upload stands elsewhere, or came in too many pieces.
    """
    file = _own(work, work.find(File, file_id))
    _check_offset(file, offset)
    count = select(func.count()).select_from(FilePart).where(col(FilePart.file_id) == file_id)
    if work.session.execute(count).scalar_one() >= MOST_PARTS:
        raise Conflict("This upload came in too many pieces. End it, and send larger ones.")
    name = f"part-{offset:012d}-{new_id().hex}"
    return Place(key_of(work.actor.tenant_id, file_id, name), min(file.size - offset, MOST_PART))


def take(work: Work, file_id: UUID, offset: int, size: int, key: str) -> UploadCard:
    """Counts a piece that is stored. The last one sends the file on to be checked.

    Raises:
        NotFound, Gone, Conflict: as `place`; then the stored piece is nobody's.
    """
    file = _own(work, work.lock(File, file_id))
    _check_offset(file, offset)
    work.add(FilePart(tenant_id=file.tenant_id, file_id=file_id, start=offset, size=size, key=key))
    file.received += size
    file.expires_at = work.at + KEPT_OPEN
    if file.received == file.size:
        work.advance(file, FILE_MACHINE, "arrive")
        work.later("files.take_in", file_id=file_id)
    return card(file)


def end(work: Work, file_id: UUID) -> None:
    """Takes back an upload that is not finished; what came of it is forgotten.

    Raises:
        NotFound, Gone: as `state`. Conflict: it has arrived.
    """
    file = _own(work, work.lock(File, file_id))
    if file.stage == "failed" and file.stored_at is None:
        raise Gone(file.note or "This upload was given up.")
    if file.stage != "uploading":
        raise Conflict("The file has arrived. The office can put it away.")
    give_up(work, file, "The sender took it back.")


def expire(work: Work) -> None:
    """Gives up what nobody went on sending for a week; a chore of the clock."""
    old = (
        work.of(File)
        .where(col(File.stage) == "uploading", col(File.expires_at) < work.at)
        .with_for_update(skip_locked=True)
    )
    for file in work.all(old):
        give_up(work, file, "It was not sent to its end within seven days.")


def give_up(work: Work, file: File, words: str) -> None:
    """Ends an upload for good."""
    file.note = words
    work.advance(file, FILE_MACHINE, "give_up", reason=words)
    work.later("files.sweep", file_id=file.id)


def card(file: File) -> UploadCard:
    """An upload as it is shown."""
    return UploadCard(
        id=file.id, noun=file.noun, row_id=file.row_id, stage=file.stage, offset=file.received, size=file.size, sha256=file.sha256,
        name=file.name, kind=file.kind, phase=file.phase, taken_at=file.taken_at,
        is_stored=file.stored_at is not None, expires_at=file.expires_at, note=file.note,
    )  # fmt: skip


def _again(work: Work, file: File, body: FileBody) -> UploadCard:
    if any(getattr(file, name) != getattr(body, name) for name in SAME):
        raise Conflict("Another file has this id. Give each file an id of its own.")
    return state(work, file.id)


def _own(work: Work, file: File | None) -> File:
    """Only who began an upload goes on with it: to everybody else there is none. OnTrack itself may, in nobody's name."""
    work.actor.require(Permission.FILES_WRITE)
    is_ours = work.actor.role == "system" and work.actor.member_id is None
    if file is None or (file.member_id != work.actor.member_id and not is_ours):
        raise NotFound("There is no upload with this id.")
    return file


def _check_offset(file: File, offset: int) -> None:
    if file.stage in NOT_TAKEN:
        raise Gone(file.note or "This upload was given up.")
    if file.stage != "uploading" or file.received != offset:
        raise Conflict(AT.format(received=file.received, offset=offset))


def _check_limits(work: Work, body: FileBody) -> None:
    if body.size > MOST_BYTES:
        raise TooLarge(f"A file has at most {MOST_BYTES // MB} MB.")
    if body.kind == "signature" and body.size > MB:
        raise TooLarge("A signature has at most 1 MB.")
    work.session.execute(ONE_AT_A_TIME)
    alive = (col(File.archived_at).is_(None), col(File.stage).not_in(NOT_TAKEN))
    here = (col(File.noun) == body.noun, col(File.row_id) == body.row_id)
    if (
        work.session.execute(select(func.count()).select_from(File).where(*alive, *here)).scalar_one()
        >= MOST_ON_A_ROW
    ):
        words = f"There are {MOST_ON_A_ROW} files here already. Put some away first."
        raise Invalid(words, errors=[FieldError("row_id", words)])
    used = used_bytes(work)
    quota = work.find_tenant(Tenant).file_quota_mb * MB
    if used + body.size > quota:
        raise TooLarge(
            f"The company's {quota // MB:,} MB for files are used up. The office can put files away."
        )


def used_bytes(work: Work) -> int:
    """How many bytes the company's files have as they were sent, whoever may see them."""
    return int(work.session.execute(USED).scalar_one())
