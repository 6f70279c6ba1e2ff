"""The only home of open websockets as lines: which session each belongs to, and cutting them below every library.

What a library calls a disconnect is a message that a hostile client may ignore. A cut line ends for both sides: the app
hears that the client has gone, and the server closes the connection.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ontrack_app.web.answers import refuse_socket

POLICY = 1008  # the close code for "you may not be here (any more)"
REMEMBERED_S = 60.0


class Line:
    """One websocket between server and app."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._from_server, self._to_server = receive, send
        self._end: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._coming: asyncio.Task[Message] | None = None
        self._closed = False

    def cut(self) -> None:
        """Ends the line; what the app has already sent still goes out."""
        if not self._end.done():
            self._end.set_result({"type": "websocket.disconnect", "code": POLICY})

    async def receive(self) -> Message:
        """The next message for the app; that the client is gone, once the line is cut."""
        if self._coming is None:
            self._coming = asyncio.ensure_future(_awaited(self._from_server))
        await asyncio.wait({self._coming, self._end}, return_when=asyncio.FIRST_COMPLETED)
        if self._end.done():
            return self._end.result()
        coming, self._coming = self._coming, None
        return coming.result()

    async def send(self, message: Message) -> None:
        """Hands on what the app sends."""
        if message["type"] == "websocket.close":
            self._closed = True
            self._stop_waiting()
        await self._to_server(message)

    async def over(self) -> None:
        """The app is done: a cut line is closed towards the client too."""
        self._stop_waiting()
        if self._end.done() and not self._closed:
            await self._to_server({"type": "websocket.close", "code": POLICY, "reason": ""})

    def _stop_waiting(self) -> None:
        """A server that waits for the client's next message does not close."""
        if self._coming is not None:
            self._coming.cancel()


class Lines:
    """The open websockets of this process, by the hash of their session."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._open: dict[str, set[Line]] = {}
        self._ended: dict[str, float] = {}
        self._now = now

    def sessions(self) -> list[str]:
        """The sessions that have a line."""
        return list(self._open)

    def ended(self, session_hash: str) -> None:
        """Takes note that a session has ended: what is being opened for it at this moment is refused."""
        now = self._now()
        self._ended = {known: at for known, at in self._ended.items() if at > now - REMEMBERED_S}
        self._ended[session_hash] = now

    def cut(self, session_hash: str) -> int:
        """Cuts every line of a session; how many there were."""
        lines = list(self._open.get(session_hash, ()))
        for line in lines:
            line.cut()
        return len(lines)

    async def run(
        self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, *, session_hash: str
    ) -> None:
        """Runs the app on a websocket of this session."""
        if session_hash in self._ended:
            await refuse_socket(receive, send)
            return
        line = Line(receive, send)
        self._open.setdefault(session_hash, set()).add(line)
        try:
            await app(scope, line.receive, line.send)
        finally:
            self._forget(session_hash, line)
            await line.over()

    def _forget(self, session_hash: str, line: Line) -> None:
        lines = self._open.get(session_hash, set())
        lines.discard(line)
        if not lines:
            self._open.pop(session_hash, None)


async def _awaited(receive: Callable[[], Awaitable[Any]]) -> Any:
    return await receive()


LINES = Lines()
