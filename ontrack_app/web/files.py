"""`/files/{id}`: the bytes of clean files, to whoever may see their row, or by an address that we signed a short while ago.

A picture is one that we wrote ourselves and is shown; anything else is only saved. No cache keeps a copy, and a browser that
is led here runs nothing of it.
"""

import itertools
import logging
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from models.access import Permission
from ontrack_app.db import Credential, KeyCredential, SessionCredential, SystemCredential, begin
from ontrack_app.errors import NotFound, Refusal, SignedOut
from ontrack_app.integrations.files import signing, store
from ontrack_app.integrations.files.protocol import NotStored, StoreAway
from ontrack_app.services.files import serving
from ontrack_app.services.files.serving import Served
from ontrack_app.sessions import cookie_name, hash_secret
from ontrack_app.settings import settings
from ontrack_app.web.guard import session_hashes
from ontrack_app.web.pages import PageRoute, Who, error

log = logging.getLogger(__name__)
NOTHING = "There is no file at this address."
READER = "address of a file"
HARMLESS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Accept-Ranges": "bytes",
}
RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


async def serve(request: Request) -> Response:
    """The file, a part of it, or words."""
    return await run_in_threadpool(_answer, request)


def _answer(request: Request) -> Response:
    try:
        return _sent(request, _found(request))
    except SignedOut as refusal:
        return error(refusal.status, refusal.title, refusal.detail)
    except Refusal:  # whoever may not see it learns nothing of it
        return error(404, "Not found", NOTHING)
    except (StoreAway, NotStored) as away:
        log.warning("A file could not be served: %s", away)
        words = "The place where files are kept does not answer just now. Try again in a moment."
        return error(503, "Not now", words, headers={"Retry-After": "10"})


def _found(request: Request) -> Served:
    try:
        file_id = UUID(request.path_params["file_id"])
    except ValueError:
        raise NotFound(NOTHING) from None
    query = request.query_params
    if "signature" in query:
        return _signed(file_id, dict(query))
    with begin(_credential(request)) as work:
        return serving.offer(work, file_id, query.get("variant", ""), save="save" in query)


def _signed(file_id: UUID, query: dict[str, str]) -> Served:
    """What a signed address gives; whether it is still clean and there is asked again."""
    read = signing.read(settings().secret_key.get_secret_value(), str(file_id), query)
    if read is None:
        raise NotFound(NOTHING)
    key, offer = read
    only = frozenset({Permission.FILES_READ})
    with begin(SystemCredential(UUID(key.split("/", maxsplit=1)[0]), READER, only=only)) as work:
        found = serving.still_offered(work, file_id, key)
    return Served(found.key, found.size, offer)


def _credential(request: Request) -> Credential:
    who: dict[str, Any] = {"ip": request.client.host if request.client else "", "user_agent": request.headers.get("user-agent", "")[:300]}  # fmt: skip
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return KeyCredential(hash_secret(key.strip()), **who)
    hashes = session_hashes(request.scope, cookie_name(settings()))
    if len(hashes) != 1:
        raise SignedOut("Sign in, then open this address again.")
    return SessionCredential(hashes[0], **who)


def _sent(request: Request, served: Served) -> Response:
    way = "attachment" if served.offer.is_attachment else "inline"
    headers = {
        **HARMLESS,
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(served.offer.name, safe='')}",
    }
    start, end = _range(request, served.size)
    if start >= served.size:
        return Response(status_code=416, headers={**HARMLESS, "Content-Range": f"bytes */{served.size}"})
    length = end - start + 1
    headers["Content-Length"] = str(length)
    if length < served.size:
        headers["Content-Range"] = f"bytes {start}-{end}/{served.size}"
    pieces = iter(()) if request.method == "HEAD" else _pieces(served.key, start, length)
    status = 206 if length < served.size else 200
    return StreamingResponse(pieces, status, headers, served.offer.content_type)


def _range(request: Request, size: int) -> tuple[int, int]:
    """First and last byte that are asked for; all where none are, or where they are asked for in another way."""
    match = RANGE.fullmatch(request.headers.get("range", ""))
    if match is None:
        return 0, size - 1
    start = int(match[1])
    end = int(match[2]) if match[2] else max(start, size - 1)
    return (start, min(end, size - 1)) if start <= end else (0, size - 1)


def _pieces(key: str, start: int, length: int) -> Iterator[bytes]:
    """The bytes, the first of them read before the answer begins, so that a store that is away is still an answer."""
    found = store().read(key, start, length)
    return itertools.chain([next(found, b"")], found)


SERVED = PageRoute("/files/{file_id}", serve, methods=["GET", "HEAD"])
SERVED.who = Who.ANYBODY  # the row decides, or the signature of the address
ROUTES = [SERVED]
