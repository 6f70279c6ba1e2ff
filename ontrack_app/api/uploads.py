"""Uploads over HTTP: tus 1.0 with creation, checksum, termination and expiration. A piece is read and stored while no
transaction is open; it counts with the commit that follows."""

import contextlib
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from models.access import Permission
from ontrack_app.api import problems, tus
from ontrack_app.api.deps import Door, client_ip
from ontrack_app.api.nouns import needs
from ontrack_app.db import SystemCredential
from ontrack_app.errors import Refusal, SignedOut, TooLarge, Unsound
from ontrack_app.integrations.files import store
from ontrack_app.integrations.files.protocol import PIECE, StoreAway
from ontrack_app.schemas.files import UploadCard
from ontrack_app.services.files import uploads
from ontrack_app.services.sync import hand_in, hand_in_keys

Run = Callable[..., Any]
HAND_IN, DEVICE = "X-OnTrack-Hand-In", "X-OnTrack-Device"
IN_MEMORY = 1024 * 1024
ALSO: dict[int | str, dict[str, Any]] = {
    status: {"description": words, "content": {problems.TYPE: {}}}
    for status, words in (
        (400, "Unknown checksum"),
        (415, "Unsupported type"),
        (460, "Checksum mismatch"),
        (503, "Store away"),
    )
}
UPLOADS = APIRouter(
    prefix="/api/sync/v1/uploads", tags=["uploads"], responses={**problems.DOCUMENTED, **ALSO}
)


def _header(name: str, words: str, example: str) -> dict[str, Any]:
    """A header in words. The document neither calls it required nor names its shape: whoever speaks another version of tus
    sends other headers, and is to hear 412 and nothing else. In this version a missing or wrong one is 422."""
    schema = {"type": "string", "example": example}
    return {"name": name, "in": "header", "required": False, "description": words, "schema": schema}


SPOKEN = _header("Tus-Resumable", "Always 1.0.0. Another one, or none, is answered with 412.", tus.VERSION)
LENGTH = _header("Upload-Length", "How many bytes the file has. Needed.", "3334621")
OFFSET = _header("Upload-Offset", "At which byte this piece starts. Needed.", "0")
METADATA = _header(
    "Upload-Metadata",
    "Needed are id, noun, row_id, filename and sha256; kind, phase and taken_at where known. Each is its name, a space and "
    "its value in base64, with commas between them.",
    "noun dmlzaXRz,filename cm9vZi5qcGc=",
)
CHECKSUM = _header(
    "Upload-Checksum",
    f"Of this piece: {' or '.join(tus.DIGESTS)}, a space and the digest in base64. It may be left out.",
    "sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
)
OVERRIDE = _header("X-HTTP-Method-Override", "PATCH, HEAD or DELETE: what is really meant.", "PATCH")
PART_BODY = {"required": True, "content": {tus.PART_TYPE: {"schema": {"type": "string", "format": "binary"}}}}


async def _door(request: Request) -> Door:
    """The door without its body, which is read piece by piece or not at all."""
    return Door(request, b"")


Through = Annotated[Door, Depends(_door)]


@UPLOADS.options("", operation_id="uploads_options", status_code=204, openapi_extra=needs())
def options() -> Response:
    """Which protocol is spoken, and how large a file may be."""
    said = {
        "Tus-Version": tus.VERSION,
        "Tus-Extension": "creation,checksum,termination,expiration",
        "Tus-Max-Size": str(uploads.MOST_BYTES),
        "Tus-Checksum-Algorithm": ",".join(tus.DIGESTS),
    }
    return Response(status_code=204, headers={**tus.RESUMABLE, **said})


@UPLOADS.post(
    "",
    operation_id="uploads_create",
    status_code=201,
    response_model=UploadCard,
    openapi_extra=needs(Permission.FILES_WRITE, parameters=[SPOKEN, LENGTH, METADATA]),
)
def create(door: Through) -> Response:
    """Announces a file: id, noun, row_id, filename, sha256, and kind, phase, taken_at where known, as Upload-Metadata.
    The same again answers with the same upload, however far it is."""

    def made(run: Run) -> Response:
        card = run(uploads.start, tus.announced(door.request))
        headers = {**tus.headers(card), "Location": f"{door.request.url.path.rstrip('/')}/{card.id}"}
        return Response(card.model_dump_json(), 201, headers, "application/json")

    return _answered(door, made)


@UPLOADS.head(
    "/{upload_id}",
    operation_id="uploads_state",
    openapi_extra=needs(Permission.FILES_WRITE, parameters=[SPOKEN]),
)
def state(upload_id: UUID, door: Through) -> Response:
    """How far an upload is; X-OnTrack-Stored is 1 as soon as all of it is stored and its hash was compared."""
    return _answered(door, lambda run: Response(headers=tus.headers(run(uploads.state, upload_id))))


@UPLOADS.delete(
    "/{upload_id}",
    operation_id="uploads_end",
    status_code=204,
    openapi_extra=needs(Permission.FILES_WRITE, parameters=[SPOKEN]),
)
def end(upload_id: UUID, door: Through) -> Response:
    """Takes back an upload that is not finished."""

    def made(run: Run) -> Response:
        run(uploads.end, upload_id)
        return Response(status_code=204, headers=tus.RESUMABLE)

    return _answered(door, made)


@UPLOADS.patch(
    "/{upload_id}",
    operation_id="uploads_part",
    status_code=204,
    openapi_extra=needs(Permission.FILES_WRITE, parameters=[SPOKEN, OFFSET, CHECKSUM], requestBody=PART_BODY),
)
async def part(upload_id: UUID, door: Through) -> Response:
    """Sends the next piece, at most 16 MB. What came of a piece that breaks off is kept, unless it has a checksum."""
    request = door.request
    if request.headers.get("content-type", "").partition(";")[0].strip() != tus.PART_TYPE:
        return problems.answer(
            415, "Unsupported type", f"A piece is sent as {tus.PART_TYPE}.", headers=tus.RESUMABLE
        )
    place: list[tuple[int, uploads.Place]] = []

    def placed(run: Run) -> Response:
        offset = tus.whole(request, "Upload-Offset")
        place.append((offset, run(uploads.place, upload_id, offset)))
        return Response()

    refusal = await run_in_threadpool(_answered, door, placed)
    if not place:
        return refusal
    ((offset, where),) = place
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as gathered:
        try:
            size = await _gather(request, gathered, where.most)
        except Refusal as words:
            return _spoken(problems.refused(words))
        except OSError:  # no room for the piece on this machine
            return _away()
        gathered.seek(0)
        counted = lambda run: _count(run, (upload_id, offset, size, where.key), gathered)  # noqa: E731
        return await run_in_threadpool(_answered, door, counted)


@UPLOADS.post(
    "/{upload_id}",
    operation_id="uploads_in_other_words",
    openapi_extra=needs(Permission.FILES_WRITE, parameters=[SPOKEN, OVERRIDE, OFFSET, CHECKSUM]),
)
async def in_other_words(upload_id: UUID, door: Through) -> Response:
    """What the other addresses of an upload do, for senders whose network lets nothing but GET and POST through (tus 1.0,
    X-HTTP-Method-Override)."""
    wanted = door.request.headers.get("x-http-method-override", "").upper()
    if wanted == "PATCH":
        return await part(upload_id, door)
    if wanted in ("HEAD", "DELETE"):
        return await run_in_threadpool(state if wanted == "HEAD" else end, upload_id, door)

    def refused(run: Run) -> Response:
        run(uploads.state, upload_id)  # who may not know of it is told that first
        allowed = {"Allow": "HEAD, PATCH, DELETE"}
        return problems.answer(405, "Not so", "An upload is sent on with PATCH.", headers=allowed)

    return await run_in_threadpool(_answered, door, refused)


async def _gather(request: Request, into: Any, most: int) -> int:
    """The bytes of the piece, counted, and compared with their checksum where there is one.

    Raises:
        TooLarge: more than there is room for. Unsound: not what the checksum says. Refusal: no checksum of ours.
        OSError: this machine has no room for it.
    """
    size, check, is_whole = 0, tus.checksum(request), True
    async for some in _pieces(request):
        if some is None:
            is_whole = False
            break
        size += len(some)
        if size > most:
            raise TooLarge(f"At most {most:,} bytes fit here; the piece has more.")
        into.write(some)
        if check is not None:
            check[0].update(some)
    if check is not None and (not is_whole or check[0].digest() != check[1]):
        raise Unsound("The piece did not arrive as it was sent. Send it again.")
    return size


async def _pieces(request: Request) -> AsyncIterator[bytes | None]:
    """The body as it comes; None at its end where the sender hung up."""
    try:
        async for some in request.stream():
            yield some
    except ClientDisconnect:
        yield None


def _count(run: Run, piece: tuple[UUID, int, int, str], gathered: Any) -> Response:
    """Stores the piece, then counts it; one that is not counted is forgotten."""
    upload_id, offset, size, key = piece
    if size == 0:
        return Response(status_code=204, headers=tus.headers(run(uploads.state, upload_id)))
    store().put(key, _read(gathered))
    try:
        card = run(uploads.take, upload_id, offset, size, key)
    except Refusal:
        with contextlib.suppress(StoreAway):
            store().delete(key)
        raise
    return Response(status_code=204, headers=tus.headers(card))


def _read(source: Any) -> Iterator[bytes]:
    return iter(lambda: source.read(PIECE), b"")


def _answered(door: Door, made: Callable[[Run], Response]) -> Response:
    """An answer in the words of the protocol: the version first, a store that is away as 503."""
    other = tus.spoken(door.request)
    if other is not None:
        return other
    try:
        return _spoken(_steps(door, made))
    except StoreAway:
        return _away()


def _steps(door: Door, made: Callable[[Run], Response]) -> Response:
    """The steps as the caller; with a hand-in key, in the name of the phone that it was given to and of nobody else."""
    key = door.request.headers.get(HAND_IN)
    if key is None:
        return door.steps(made)
    try:
        device_id = UUID(door.request.headers.get(DEVICE, ""))
        tenant_id = hand_in_keys.tenant_of(key, device_id)
    except (ValueError, SignedOut):
        return problems.refused(SignedOut(hand_in_keys.SIGN_IN))
    ours = SystemCredential(tenant_id, hand_in.NAME, hand_in.PHOTOS, ip=client_ip(door.request))
    return door.instead(ours).steps(
        lambda run: made(lambda step, *given: run(hand_in.photo, device_id, step, *given))
    )


def _away() -> Response:
    words = "The place where files are kept does not answer just now. Send the same again in a moment."
    return problems.answer(503, "Not now", words, headers={**tus.RESUMABLE, "Retry-After": "10"})


def _spoken(answer: Response) -> Response:
    answer.headers["Tus-Resumable"] = tus.VERSION
    return answer
