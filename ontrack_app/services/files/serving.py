"""The only home of which bytes of a file may leave, to whom: those of clean files that the actor may see, and no others."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlmodel import col

from models.files import File, FileVariant
from ontrack_app.errors import NotFound
from ontrack_app.integrations.files.protocol import Offer
from ontrack_app.services.files.cards import seen
from ontrack_app.work import Work

Wanted = Literal["", "thumbnail"]
RASTER = frozenset(
    {"image/jpeg", "image/png"}
)  # what we wrote ourselves; all else is only saved, never shown
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


@dataclass(frozen=True, slots=True)
class Served:
    """What is sent: from where, how much, and as what."""

    key: str
    size: int
    offer: Offer


def offer(work: Work, file_id: UUID, wanted: str, *, save: bool = False) -> Served:
    """What a reader gets of a file.

    Raises:
        NotFound: there is no such file, it may not be known, or it is not ready. Forbidden: the actor may read no files.
    """
    return _served(work, seen(work, file_id), "thumbnail" if wanted == "thumbnail" else "", save=save)


def still_offered(work: Work, file_id: UUID, key: str) -> Served:
    """What an address gives that we signed a while ago.

    Raises:
        NotFound: the file is not there any more, or is not clean.
    """
    file = work.get(File, file_id)
    for wanted in ("", "thumbnail"):
        served = _served(work, file, wanted)
        if served.key == key:
            return served
    raise NotFound("There is no file at this address.")


def _served(work: Work, file: File, wanted: str, *, save: bool = False) -> Served:
    variants = work.of(FileVariant).where(col(FileVariant.file_id) == file.id)
    small = col(FileVariant.name) == "thumbnail"
    row = work.first(variants.where(small if wanted else ~small)) if _is_ready(file) else None
    if row is None:
        raise NotFound("There is no file with this id.")
    shown = row.content_type in RASTER and not save
    return Served(row.key, row.size, Offer(row.content_type, _name(file, row.content_type), not shown))


def _is_ready(file: File) -> bool:
    return file.stage == "clean" and file.archived_at is None


def _name(file: File, content_type: str) -> str:
    """The name with the ending of what the bytes are."""
    ending = ENDINGS.get(content_type, "")
    stem = file.name.rpartition(".")[0] or file.name
    return stem + ending
