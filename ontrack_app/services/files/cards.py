"""Files as rows: read, listed, renamed, shown to customers, put away."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col

from models.access import Permission
from models.base import NounRow
from models.estimates import Estimate
from models.files import NOUNS, File, FileVariant
from models.jobs import Job
from models.leads import Lead
from models.visits import Visit
from ontrack_app.errors import Forbidden, NotFound
from ontrack_app.schemas.common import Page
from ontrack_app.schemas.files import FileCard, FilePatch
from ontrack_app.services import listing, rows
from ontrack_app.services.listing import Query
from ontrack_app.work import Work, standing

KEPT_AFTER = timedelta(
    days=30
)  # the bytes of what was put away or not taken; nobody is served them meanwhile
TABLES: dict[str, type[NounRow]] = {"jobs": Job, "visits": Visit, "leads": Lead, "estimates": Estimate}
PATH = "/files/"
WITH_THUMBNAIL = standing(FileVariant).where(
    col(FileVariant.name) == "thumbnail", col(FileVariant.file_id).in_(bindparam("ids", expanding=True))
)


def get(work: Work, file_id: UUID) -> FileCard:
    """One file.

    Raises:
        NotFound: there is none here, or none that may be known.
    """
    return card(work, seen(work, file_id))


def list_page(work: Work, query: Query) -> Page[FileCard]:
    """A page of files, as `listing.Query` asks."""
    work.actor.require(Permission.FILES_READ)
    found = listing.page(work, File, query, col(File.noun).in_(readable(work)))
    return Page(items=cards(work, found.rows), next_cursor=found.next_cursor)


def patch(work: Work, file_id: UUID, body: FilePatch, *, version: int | None = None) -> FileCard:
    """Changes what is said of a file. A crew changes its own, and does not show them to customers.

    Raises:
        NotFound, Forbidden, Stale: as their words say.
    """
    seen(work, file_id)
    file = work.lock(File, file_id, version=version)
    work.actor.require(Permission.FILES_WRITE)
    given = rows.given(body)
    if work.actor.scope != "all" and (file.member_id != work.actor.member_id or given.get("is_visible")):
        raise Forbidden("A crew changes its own files, and the office shows them to customers.")
    rows.change(work, file, given, word="files.changed", nullable={"phase"})
    return card(work, file)


def archive(work: Work, file_id: UUID, *, version: int | None = None) -> None:
    """Puts a file away: it is served no more, and its bytes are forgotten after thirty days.

    Raises:
        NotFound, Forbidden, Stale: as their words say.
    """
    seen(work, file_id)
    rows.archive(work, File, file_id, Permission.FILES_DELETE, version=version)
    work.later("files.sweep", file_id=file_id, due_at=work.at + KEPT_AFTER)


def may_add(work: Work, noun: str, row_id: UUID) -> None:
    """Asks for the right to add files to a record, before any of them is read.

    Raises:
        Forbidden: there is no such right. NotFound: the record is not there, or may not be known.
    """
    work.actor.require(Permission.FILES_WRITE)
    work.get(TABLES[noun], row_id)
    work.actor.require(Permission(f"{noun}:read"))


def seen(work: Work, file_id: UUID) -> File:
    """The row of a file that the actor may know of: it may read files, and the sort of record that this one hangs on.

    Raises:
        NotFound: there is none here, or none that may be known. Forbidden: the actor may read no files at all.
    """
    work.actor.require(Permission.FILES_READ)
    file = work.get(File, file_id)
    if file.noun not in readable(work):
        raise NotFound("There is no file with this id.")
    return file


def readable(work: Work) -> list[str]:
    """The nouns whose files the actor may read."""
    return [noun for noun in NOUNS if work.actor.granted(Permission(f"{noun}:read"))]


def cards(work: Work, files: Iterable[File]) -> list[FileCard]:
    """Files as they are shown."""
    known = list(files)
    clean = [file.id for file in known if file.stage == "clean"]
    small = {row.file_id for row in work.all(WITH_THUMBNAIL, ids=clean)} if clean else set()
    return [_card(file, has_thumbnail=file.id in small) for file in known]


def card(work: Work, file: File) -> FileCard:
    """One file as it is shown."""
    return cards(work, [file])[0]


def _card(file: File, *, has_thumbnail: bool) -> FileCard:
    url = f"{PATH}{file.id}" if file.stage == "clean" and file.archived_at is None else ""
    facts = {
        name: getattr(file, name) for name in FileCard.model_fields if name not in ("url", "thumbnail_url")
    }
    small = f"{url}?variant=thumbnail" if url and has_thumbnail else ""
    return FileCard(**facts, url=url, thumbnail_url=small)
