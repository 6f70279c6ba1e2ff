"""Files on screens: the gallery of a job, visit or lead, grouped by the moment of the work that the photos show."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import col

from models.access import Permission
from models.files import FILE_MACHINE, PHASES, File
from models.visits import Visit
from ontrack_app.schemas.files import FileCard, FilePatch
from ontrack_app.schemas.screens.common import Badge
from ontrack_app.schemas.screens.files import FileGroup, Gallery, Tile
from ontrack_app.services import files
from ontrack_app.services.files.cards import TABLES, cards
from ontrack_app.services.screens import words
from ontrack_app.work import Work

MOST = 300
UNSORTED, PAPERS = "Photos", "Documents and receipts"
TITLES = {**dict(PHASES), "": UNSORTED}


def gallery(work: Work, noun: str, row_id: UUID) -> Gallery:
    """The files of a record; a job shows those of its visits too. Empty for whoever may read no files.

    Raises:
        NotFound: the record is not there, or may not be known.
    """
    work.get(TABLES[noun], row_id)
    granted = work.actor.granted
    if not granted(Permission.FILES_READ) or not granted(Permission(f"{noun}:read")):
        return Gallery(noun=noun, row_id=str(row_id))
    here = and_(col(File.noun) == noun, col(File.row_id) == row_id)
    if noun == "jobs":
        trips = work.of(Visit).where(col(Visit.job_id) == row_id).with_only_columns(col(Visit.id))
        here = or_(here, and_(col(File.noun) == "visits", col(File.row_id).in_(trips)))
    query = work.of(File).where(here, col(File.archived_at).is_(None))
    found = cards(work, work.all(query.order_by(col(File.created_at), col(File.id)).limit(MOST)))
    return Gallery(
        noun=noun,
        row_id=str(row_id),
        groups=grouped(work, found),
        count=words.some(len(found), "file") if found else "",
        waiting=any(file.stage == "scanning" for file in found),
        shown=True,
        can_add=granted(Permission.FILES_WRITE),
        can_change=granted(Permission.FILES_WRITE) and work.actor.scope == "all",
        can_remove=granted(Permission.FILES_DELETE),
    )


def grouped(work: Work, found: Iterable[FileCard]) -> list[FileGroup]:
    """Photos by the moment that they show, then everything that is no photo."""
    groups = {title: FileGroup(title=title) for title in (*TITLES.values(), PAPERS)}
    for file in found:
        title = TITLES[file.phase or ""] if file.kind == "photo" else PAPERS
        groups[title].tiles.append(tile(work, file))
    return [group for group in groups.values() if group.tiles]


def tile(work: Work, file: FileCard) -> Tile:
    """One file as it is drawn."""
    clean = file.stage == "clean"
    when = words.ago(work, file.taken_at or file.created_at)
    return Tile(
        id=str(file.id),
        name=file.name,
        quiet=" · ".join(part for part in (file.uploader_name, when) if part),
        href=file.url,
        thumb=file.thumbnail_url,
        save_href=f"{file.url}?save" if file.url else "",
        badge=Badge()
        if clean
        else Badge(word=FILE_MACHINE.label(file.stage), tint=FILE_MACHINE.tint(file.stage)),
        note=file.note.partition(" (")[0] if file.stage == "scanning" else file.note,
        phase=file.phase or "",
        is_photo=file.kind == "photo",
        is_visible=file.is_visible,
    )


def show(work: Work, file_id: UUID, is_visible: bool) -> None:
    """Shows a file to customers, or not any more.

    Raises:
        NotFound, Forbidden: as their words say.
    """
    files.patch(work, file_id, FilePatch(is_visible=is_visible))


def sort(work: Work, file_id: UUID, phase: str) -> None:
    """Says which moment of the work a photo shows; empty for none.

    Raises:
        NotFound, Forbidden: as their words say.
    """
    files.patch(work, file_id, FilePatch.model_validate({"phase": phase or None}))


def remove(work: Work, file_id: UUID) -> None:
    """Puts a file away; its bytes are forgotten after thirty days.

    Raises:
        NotFound, Forbidden: as their words say.
    """
    files.archive(work, file_id)
