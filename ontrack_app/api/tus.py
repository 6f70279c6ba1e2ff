"""The only home of the words of tus 1.0, the protocol of resumable uploads: its headers, read and written."""

import base64
import binascii
import hashlib
from collections.abc import Callable
from email.utils import format_datetime
from typing import Any

from fastapi import Request
from pydantic import ValidationError
from starlette.responses import Response

from ontrack_app.api import problems
from ontrack_app.errors import FieldError, Invalid, Refusal
from ontrack_app.schemas.files import FileBody, UploadCard

VERSION = "1.0.0"
RESUMABLE = {"Tus-Resumable": VERSION}
PART_TYPE = "application/offset+octet-stream"
DIGESTS: dict[str, Callable[[], Any]] = {
    "sha256": hashlib.sha256,
    "sha1": lambda: hashlib.sha1(usedforsecurity=False),
}
NAMES = {"filename": "name", "name": "name"} | {name: name for name in ("id", "noun", "row_id", "kind", "phase", "sha256", "taken_at", "is_visible")}  # fmt: skip

SAID = {"filename": "name"} | {
    name: name for name in ("id", "noun", "row_id", "sha256", "kind", "phase", "taken_at")
}


def spoken(request: Request) -> Response | None:
    """None where the sender speaks this version, else the answer that says which one to speak."""
    if request.headers.get("tus-resumable") == VERSION:
        return None
    words = f"Send the header Tus-Resumable: {VERSION}."
    return problems.answer(412, "Another protocol", words, headers={**RESUMABLE, "Tus-Version": VERSION})


def announced(request: Request) -> FileBody:
    """What the sender says of the file that it is about to send.

    Raises:
        Invalid: the length or a part of the metadata is missing or wrong, with words for each.
    """
    said: dict[str, Any] = _metadata(request.headers.get("upload-metadata", ""))
    said["size"] = whole(request, "Upload-Length")
    try:
        return FileBody.model_validate(said)
    except ValidationError as refused:
        errors = [FieldError(".".join(map(str, item["loc"])), item["msg"]) for item in refused.errors()]
        words = "; ".join(f"{error.field}: {error.message}" for error in errors[:5])
        raise Invalid(f"Upload-Metadata: {words}", errors=errors) from None


def whole(request: Request, name: str) -> int:
    """A header that is a whole number.

    Raises:
        Invalid: it is missing or none.
    """
    given = request.headers.get(name, "")
    if not given.isascii() or not given.isdigit() or len(given) > 15:
        words = f"{name} is a whole number of bytes."
        raise Invalid(words, errors=[FieldError(name, words)])
    return int(given)


def checksum(request: Request) -> tuple[Any, bytes] | None:
    """A fresh digest and what it must come to at the end of the piece; None where the sender gives none.

    Raises:
        Refusal: an algorithm that is not known here, or no base64; 400, as the protocol asks.
    """
    given = request.headers.get("upload-checksum")
    if given is None:
        return None
    algorithm, _, value = given.partition(" ")
    try:
        return DIGESTS[algorithm](), base64.b64decode(value, validate=True)
    except (KeyError, binascii.Error):
        words = f"Upload-Checksum is {' or '.join(DIGESTS)}, a space and the digest in base64."
        raise Refusal(words, errors=[FieldError("Upload-Checksum", words)]) from None


def headers(card: UploadCard) -> dict[str, str]:
    """How far an upload is, as headers."""
    metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in _said(card))
    return {
        **RESUMABLE,
        "Upload-Offset": str(card.offset),
        "Upload-Length": str(card.size),
        "Upload-Expires": format_datetime(card.expires_at, usegmt=True),
        "Upload-Metadata": metadata,
        "X-OnTrack-Stage": card.stage,
        "X-OnTrack-Stored": "1" if card.is_stored else "0",
        "Cache-Control": "no-store",
    }


def _said(card: UploadCard) -> list[tuple[str, str]]:
    """What the sender said of the file, which every answer about it repeats."""
    facts = card.model_dump(mode="json", include=set(SAID.values()))
    return [(name, facts[fact]) for name, fact in SAID.items() if facts[fact]]


def _metadata(given: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    names: set[str] = set()
    for part in filter(None, (each.strip() for each in given.split(","))):
        name, _, value = part.partition(" ")
        if name in names:
            words = f"Upload-Metadata: {name} is given twice."
            raise Invalid(words, errors=[FieldError(name, words)])
        names.add(name)
        if name in NAMES:
            try:
                found[NAMES[name]] = base64.b64decode(value, validate=True).decode()
            except ValueError:
                words = f"Upload-Metadata: the value of {name} is not text in base64."
                raise Invalid(words, errors=[FieldError(name, words)]) from None
    return {name: value for name, value in found.items() if value}
