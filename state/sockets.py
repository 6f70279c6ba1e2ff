"""The only home of open sockets: which session each belongs to, under which key its state lives, and how one is closed.

A browser chooses its client token and sends it in the URL, so a token alone opens nothing: state lives under a key made of
the session's hash and the token. The same token under another session is another, empty state.
"""

import asyncio
import hashlib
import logging
import uuid
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import parse_qs

from reflex.app import App, EventNamespace
from reflex_base.event.context import EventContext

from ontrack_app import refusals
from ontrack_app.db import SessionCredential
from ontrack_app.errors import SignedOut
from ontrack_app.web.guard import ADMITTED, Admitted
from ontrack_app.web.lines import LINES
from state.policies import refusal_of

log = logging.getLogger(__name__)

SESSION = "ontrack_session"
MESSAGES = {"connect": (2, 3), "disconnect": (1, 2), "event": (2, 2), "ping": (1, 1), "client_error": (1, 2)}
MAX_TOKEN = 100


def state_key(session_hash: str, token: str) -> str:
    """The key under which a tab's state is kept: nobody who lacks the session can name it."""
    return hashlib.sha256(f"{session_hash}\n{token}".encode()).hexdigest()


def session_now() -> str:
    """The hash of the session whose event is being handled.

    Raises:
        SignedOut: the event came from no socket that the guard admitted.
    """
    try:
        context = EventContext.get()
    except LookupError:
        raise SignedOut("Sign in again.") from None
    found = context.router_data.get(SESSION) or SOCKETS.session_of_key(context.token)
    if not found:
        raise SignedOut("Sign in again.")
    return str(found)


class Sockets:
    """The open sockets of this process."""

    def __init__(self) -> None:
        self._sessions: dict[str, str] = {}
        self._hears_of: dict[str, uuid.UUID] = {}
        self._sid_of_key: dict[str, str] = {}
        self._key_of_sid: dict[str, str] = {}
        self._page_of_sid: dict[str, str] = {}

    def opened(self, sid: str, session_hash: str, hears_of: uuid.UUID | None = None) -> None:
        """Remember whose socket this is, and the company whose news it is told of."""
        self._sessions[sid] = session_hash
        if hears_of is not None:
            self._hears_of[sid] = hears_of

    def keyed(self, sid: str, key: str) -> None:
        """Remember under which key the socket's state lives."""
        self._sid_of_key[key] = sid
        self._key_of_sid[sid] = key

    def visited(self, sid: str, path: str) -> None:
        """Remember which page the tab says that it shows."""
        if path and sid in self._sessions:
            self._page_of_sid[sid] = path

    def closed(self, sid: str) -> None:
        """Forget a socket."""
        self._sessions.pop(sid, None)
        self._hears_of.pop(sid, None)
        self._page_of_sid.pop(sid, None)
        key = self._key_of_sid.pop(sid, "")
        if self._sid_of_key.get(key) == sid:
            del self._sid_of_key[key]

    def session_of(self, sid: str) -> str:
        """The session of an open socket; empty where there is none."""
        return self._sessions.get(sid, "")

    def session_of_key(self, key: str) -> str:
        """The session of the socket whose state lives under this key; empty where there is none."""
        return self._sessions.get(self._sid_of_key.get(key, ""), "")

    def of_session(self, session_hash: str) -> tuple[str, ...]:
        """The sockets open for one session."""
        return tuple(sid for sid, owner in self._sessions.items() if owner == session_hash)

    def tabs_of(self, session_hash: str) -> list[tuple[str, str]]:
        """The tabs open for one session: the key of each one's state, and the page that it shows."""
        sids = [sid for sid in self.of_session(session_hash) if sid in self._key_of_sid]
        return [(self._key_of_sid[sid], self._page_of_sid.get(sid, "")) for sid in sids]

    def hearing_of(self, tenant_ids: Collection[uuid.UUID] | None) -> list[str]:
        """The keys of the tabs that are told of news of these companies; of any company where None is given."""
        return [
            self._key_of_sid[sid]
            for sid, tenant_id in self._hears_of.items()
            if sid in self._key_of_sid and (tenant_ids is None or tenant_id in tenant_ids)
        ]


SOCKETS = Sockets()


class ClosedNamespace(EventNamespace):
    """Reflex's socket namespace behind our rules: admitted sockets, known messages, events with a policy, clean router data."""

    async def trigger_event(self, event: Any, *args: Any) -> Any:
        """Dispatch the five messages that exist, with as many parts as each has; the library would call any `on_…` method."""
        fewest, most = MESSAGES.get(event, (1, 0)) if isinstance(event, str) else (1, 0)
        if not fewest <= len(args) <= most:
            return None
        return await super().trigger_event(event, *args)

    async def on_connect(self, sid: str, environ: Any, auth: Any = None) -> Any:
        """Accept a socket that the guard admitted and that names one token, once.

        A client can send a message called "connect"; what it carries is JSON and never an `Admitted`.
        """
        scope = environ.get("asgi.scope") if isinstance(environ, dict) else None
        admitted = scope.get(ADMITTED) if isinstance(scope, dict) else None
        if not isinstance(admitted, Admitted) or SOCKETS.session_of(sid) or not names_a_token(environ):
            return False
        SOCKETS.opened(sid, admitted.session_hash, admitted.hears_of)
        try:
            return await super().on_connect(sid, environ, auth if isinstance(auth, dict) else None)
        except BaseException:
            SOCKETS.closed(sid)
            raise

    async def link_token_to_sid(self, sid: str, token: str, *, update_state: bool = True) -> None:
        """Bind the tab's token to its session; a tab that was duplicated gets a token of its own."""
        session_hash = SOCKETS.session_of(sid)
        key = state_key(session_hash, token)
        if await self._token_manager.is_token_connected(key):
            token = str(uuid.uuid4())
            await self.emit("new_token", token, to=sid)
            key = state_key(session_hash, token)
        SOCKETS.keyed(sid, key)
        await super().link_token_to_sid(sid, key, update_state=update_state)

    def _build_static_router_data(self, sid: str, environ: dict[str, Any]) -> dict[str, Any]:
        return {**super()._build_static_router_data(sid, environ), SESSION: SOCKETS.session_of(sid)}

    def on_disconnect(self, sid: str) -> Any:
        """Forget the socket."""
        SOCKETS.closed(sid)
        return super().on_disconnect(sid)

    async def on_event(self, sid: str, data: Any) -> None:
        """Hand on an event that has a policy and the arguments it asks for; everything else is dropped here."""
        event = clean_event(data)
        why = "it is no event" if event is None else refusal_of(event["name"], event["payload"])
        if event is None or why:
            log.warning("An event was dropped: %s", why)
            await asyncio.to_thread(
                refusals.note, f"An event was dropped: {why}", SessionCredential(SOCKETS.session_of(sid)), ""
            )
        else:
            SOCKETS.visited(sid, event["router_data"].get("asPath", ""))
            await super().on_event(sid, event)


def names_a_token(environ: Mapping[str, Any]) -> bool:
    """Whether the address of a socket names one client token of a plausible length."""
    tokens = parse_qs(str(environ.get("QUERY_STRING", ""))).get("token", [])
    return len(tokens) == 1 and 0 < len(tokens[0]) <= MAX_TOKEN


def clean_event(data: Any) -> dict[str, Any] | None:
    """An event as the browser may describe it: name, arguments and the address of its page; None where it is none."""
    if not isinstance(data, Mapping) or not isinstance(data.get("name"), str):
        return None
    payload = data.get("payload") or {}
    if not isinstance(payload, dict):
        return None
    return {"name": data["name"], "payload": payload, "router_data": _clean_route(data.get("router_data"))}


def _clean_route(given: Any) -> dict[str, Any]:
    if not isinstance(given, dict):
        return {}
    route: dict[str, Any] = {
        name: given[name] for name in ("pathname", "asPath") if isinstance(given.get(name), str)
    }
    query = given.get("query")
    if isinstance(query, dict):
        route["query"] = {str(key): value for key, value in query.items() if isinstance(value, str)}
    return route


def install(app: App) -> None:
    """Put our namespace in the place of the framework's. The two private names of it are used here alone."""
    open_namespace = app._event_namespace
    if app.sio is None or open_namespace is None:
        raise RuntimeError("The app has no socket server to close.")
    namespace = ClosedNamespace(open_namespace.namespace, app)
    app._event_namespace = namespace
    app.sio.register_namespace(namespace)


async def close_session(app: App, session_hash: str) -> int:
    """Close every socket of a session in this process, in words and then by cutting its line; the number of lines."""
    for sid in SOCKETS.of_session(session_hash):
        if app.sio is not None and app.event_namespace is not None:
            await app.sio.disconnect(sid, namespace=app.event_namespace.namespace)
    return LINES.cut(session_hash)
