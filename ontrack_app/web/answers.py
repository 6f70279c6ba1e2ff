"""The only home of answers given before any route is reached: problem details and redirects in plain ASGI messages."""

import json
from collections.abc import Iterable

from starlette.types import Receive, Scope, Send

PROBLEM = b"application/problem+json"


async def answer(send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Send one whole response."""
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [length, *headers]})
    await send({"type": "http.response.body", "body": body})


async def problem(send: Send, status: int, title: str, detail: str) -> None:
    """Answer with RFC 9457 problem details."""
    found = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    await answer(send, status, json.dumps(found).encode(), [(b"content-type", PROBLEM)])


async def go_to(send: Send, address: str) -> None:
    """Answer a page request with another address to GET (303), never kept by a cache."""
    headers = [(b"location", address.encode("ascii")), (b"cache-control", b"no-store")]
    await answer(send, 303, b"", headers)


async def refuse_socket(receive: Receive, send: Send) -> None:
    """Turn a websocket down before it is accepted; the server answers its handshake with 403."""
    await receive()
    await send({"type": "websocket.close", "code": 1008, "reason": ""})


def header_values(scope: Scope, name: bytes) -> list[str]:
    """Every value of one header, in order (names arrive in lower case)."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]
