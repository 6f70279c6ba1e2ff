"""The only home of how files that a native form brought are taken in: each by the same service as a phone's upload, piece by piece."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import UUID

from pydantic import ValidationError

from ontrack_app.errors import Refusal
from ontrack_app.integrations.files import store
from ontrack_app.integrations.files.protocol import PIECE, StoreAway
from ontrack_app.schemas.files import FileBody
from ontrack_app.services.files import uploads

Run = Callable[..., Any]  # runs a service in a transaction of its own
PICTURE = re.compile(r"image/|.*\.(jpe?g|png|hei[cf]|webp|gif)$", re.IGNORECASE)
NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f/\\]")
MOST_NAME = 200
AWAY = "The place where files are kept does not answer just now. Add it again in a moment."


@dataclass(frozen=True, slots=True)
class Sent:
    """One file of a form: what the browser calls it, and its bytes."""

    name: str
    content_type: str
    size: int
    bytes: BinaryIO


def take_all(run: Run, files: Sequence[Sent], ids: Sequence[UUID], about: Mapping[str, Any]) -> list[str]:
    """Takes the files in under their ids; what was not taken, in words. `about` says on which record they hang."""
    trouble = []
    for file, file_id in zip(files, ids, strict=True):
        try:
            _take(run, file, file_id, about)
        except (Refusal, StoreAway, ValidationError) as refused:
            words = {StoreAway: AWAY, ValidationError: "It is empty, or something else than a file."}
            trouble.append(f"“{clean_name(file.name)}”: {words.get(type(refused), str(refused))}")
    return trouble


def clean_name(name: str) -> str:
    """The name without a path and without signs that no name has."""
    bare = NOT_IN_NAMES.sub("", name.replace("\\", "/").rpartition("/")[2]).strip()
    return bare[-MOST_NAME:] or "File"


def _take(run: Run, file: Sent, file_id: UUID, about: Mapping[str, Any]) -> None:
    kind = "photo" if PICTURE.match(file.content_type) or PICTURE.match(file.name) else "document"
    facts = {"kind": kind, **about}
    body = FileBody(id=file_id, name=clean_name(file.name), size=file.size, sha256=_hash(file), **facts)
    card = run(uploads.start, body)
    while card.stage == "uploading" and card.offset < card.size:
        place = run(uploads.place, file_id, card.offset)
        size = min(place.most, file.size - card.offset)
        file.bytes.seek(card.offset)
        store().put(place.key, _read(file.bytes, size))
        card = run(uploads.take, file_id, card.offset, size, place.key)


def _hash(file: Sent) -> str:
    file.bytes.seek(0)
    digest = hashlib.sha256()
    for some in _read(file.bytes, file.size):
        digest.update(some)
    return digest.hexdigest()


def _read(source: BinaryIO, size: int) -> Iterator[bytes]:
    while size > 0 and (some := source.read(min(PIECE, size))):
        size -= len(some)
        yield some
