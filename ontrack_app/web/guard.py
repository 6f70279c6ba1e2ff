"""The only home of the outermost door: who may reach a page, a socket or a route at all, before any framework sees it.

Reflex serves every socket and every page to everybody. Here a websocket needs our Origin and a live session, a page needs a
live session of its area, Reflex's own routes do not exist, and what is open to people without a session is named.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from starlette.types import ASGIApp, Receive, Scope, Send

from ontrack_app.sessions import hash_secret
from ontrack_app.web.answers import go_to, header_values, problem, refuse_socket
from ontrack_app.web.areas import SessionFacts, sign_in_address
from ontrack_app.web.lines import LINES
from ontrack_app.web.origins import Ourselves

SOCKET_PATHS = frozenset({"/_event", "/_event/"})
FRAMEWORK_PATHS = frozenset({"/ping", "/auth-codespace"})
PROBES = frozenset({"/livez", "/readyz", "/metrics"})
OPEN_PREFIXES = ("/api/", "/auth/", "/webhooks/", "/f/", "/files/", "/portal/link/", "/dev/", "/sandbox/")
FORM_PREFIXES = (
    "/auth/",
    "/f/",
    "/portal/",
    "/dev/",
    "/sandbox/",
)  # native forms: a write needs our exact Origin
READS = frozenset({"GET", "HEAD", "OPTIONS"})
ADMITTED = "ontrack.admitted"
KEPT_SOCKET_HEADERS = frozenset({b"host", b"origin", b"user-agent", b"upgrade", b"connection"})
MAX_SECRET = 200


@dataclass(frozen=True, slots=True)
class Admitted:
    """Put into a socket's scope by the guard; an object, so that nothing a client sends as JSON can look like it."""

    session_hash: str
    hears_of: UUID | None = None


Lookup = Callable[[str], SessionFacts | None]
Told = Callable[[str, str], None]  # what was refused, and the IP address that it came from


def nobody_told(_words: str, _ip: str) -> None:
    """What becomes of refusals where nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Doors:
    """What the guard goes by. `lookup` finds a live session by the hash of its secret, `told` hears of what came from another
    site; both may block, a thread calls them."""

    us: Ourselves
    cookie: str
    lookup: Lookup
    static_files: frozenset[str] = frozenset()
    open_prefixes: tuple[str, ...] = field(default=OPEN_PREFIXES)
    told: Told = nobody_told


def session_hashes(scope: Scope, cookie: str) -> list[str]:
    """The hash of every session secret the request carries; more than one is a trick and counts as none."""
    found = []
    for line in header_values(scope, b"cookie"):
        for part in line.split(";"):
            name, _, value = part.strip().partition("=")
            if name == cookie and 0 < len(value) <= MAX_SECRET:
                found.append(hash_secret(value))
    return found


class Guard:
    """The ASGI middleware round everything."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self.app = app
        self.doors = doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it in, send it elsewhere, or turn it down."""
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _session(self, scope: Scope) -> tuple[str, SessionFacts | None]:
        hashes = session_hashes(scope, self.doors.cookie)
        if len(hashes) != 1:
            return "", None
        return hashes[0], await asyncio.to_thread(self.doors.lookup, hashes[0])

    def _host_is_ours(self, scope: Scope) -> bool:
        hosts = header_values(scope, b"host")
        return len(hosts) == 1 and hosts[0].lower() in self.doors.us.hosts

    def _origin_is_ours(self, scope: Scope) -> bool:
        origins = header_values(scope, b"origin")
        return len(origins) == 1 and origins[0] in self.doors.us.origins

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = self._origin_is_ours(scope) and self._host_is_ours(scope)
        if scope["path"] not in SOCKET_PATHS or not ours:
            await self._tell("A connection from another site.", scope)
            await refuse_socket(receive, send)
            return
        session_hash, facts = await self._session(scope)
        if facts is None:
            await refuse_socket(receive, send)
            return
        admitted = _admitted(scope, Admitted(session_hash, facts.hears_of))
        await LINES.run(self.app, admitted, receive, send, session_hash=session_hash)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path in PROBES:
            await self.app(scope, receive, send)
        elif not self._host_is_ours(scope):
            await problem(send, 421, "Another address", "This server does not answer under that name.")
        elif path in self.doors.static_files:
            await self.app(_without_cookies(scope), receive, send)
        elif is_hidden(path):
            await problem(send, 404, "Not found", "There is nothing at this address.")
        elif path.startswith(self.doors.open_prefixes):
            await self._open(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    async def _open(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_form = scope["method"] not in READS and scope["path"].startswith(FORM_PREFIXES)
        if is_form and not self._origin_is_ours(scope):
            await self._tell("A form from another site.", scope)
            await problem(
                send,
                403,
                "Not allowed",
                "This form was sent from another site. Open it here and send it again.",
            )
        else:
            await self.app(scope, receive, send)

    async def _tell(self, words: str, scope: Scope) -> None:
        client = scope.get("client")
        await asyncio.to_thread(self.doors.told, words, client[0] if client else "")

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            await problem(send, 405, "Not possible", "A page can only be read.")
            return
        _, facts = await self._session(scope)
        if facts is None:
            await go_to(send, sign_in_address(_as_sent(scope), scope["query_string"].decode("latin-1")))
        elif not facts.may_visit(path):
            await go_to(send, facts.home)
        else:
            await self.app(_without_cookies(scope), receive, send)


def is_hidden(path: str) -> bool:
    """Whether a path is one of the framework's own or written so that two readers could take it for two things."""
    first = path.split("/", 2)[1] if path.startswith("/") else "_"
    if first == "assets":  # a built file that is no longer there, not a page to sign in for
        return True
    odd = "//" in path or "\\" in path or any(part in (".", "..") for part in path.split("/"))
    return odd or first.startswith("_") or f"/{first}" in FRAMEWORK_PATHS or not path.isprintable()


def _as_sent(scope: Scope) -> str:
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    return raw.decode("latin-1").partition("?")[0]


def _kept(scope: Scope, keep: Callable[[bytes], bool]) -> Iterable[tuple[bytes, bytes]]:
    return [(name, value) for name, value in scope["headers"] if keep(name)]


def _without_cookies(scope: Scope) -> Scope:
    return {**scope, "headers": _kept(scope, lambda name: name not in (b"cookie", b"authorization"))}


def _admitted(scope: Scope, proof: Admitted) -> Scope:
    """The socket's scope as the framework may keep and log it: without cookies, with the proof of admission."""
    headers = _kept(scope, lambda name: name in KEPT_SOCKET_HEADERS or name.startswith(b"sec-websocket-"))
    return {**scope, "headers": headers, ADMITTED: proof}
