"""A small app behind the real doors, for tests that talk to it over raw sockets: sessions are a table in memory."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import reflex as rx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from models.access import Permission, Role
from ontrack_app.actor import Actor, TenantFacts
from ontrack_app.errors import SignedOut
from ontrack_app.sessions import hash_secret
from ontrack_app.settings import settings
from ontrack_app.web.areas import SessionFacts, facts_for
from ontrack_app.web.closed import closed
from state.guarding import DenyByDefault, guarded, use_desk
from state.session import SessionDesk, on_backend_error, on_frontend_error, on_load
from state.sockets import close_session, install, session_now

LIVE = {
    hash_secret(secret): role
    for secret, role in {"ann": Role.OFFICE, "bob": Role.OFFICE, "cid": Role.CREW}.items()
}
RAN: list[str] = []


def look_up(session_hash: str) -> SessionFacts | None:
    """A live session's facts."""
    role = LIVE.get(session_hash)
    return None if role is None else facts_for(role)


class TableDesk(SessionDesk):
    """The real desk, but for where it looks sessions up."""

    async def companies(self) -> list[tuple[str, str, bool]]:
        """One company."""
        return [("sample", "Sample Roofing", True)]

    async def actor(self) -> Actor:
        """The actor of the event's session."""
        role = LIVE.get(session_now())
        if role is None:
            raise SignedOut("You are signed out.")
        return Actor(
            tenant=TenantFacts(uuid4(), "sample", "Sample", "UTC", "USD", "en"), role=role, name="Sample"
        )


class NotesState(rx.State):
    """A screen with something worth protecting on it."""

    secret_note: str = ""
    count: int = 0

    @rx.event
    @guarded(Permission.LEADS_WRITE)
    async def write(self, note: str) -> None:
        """Keeps a note."""
        RAN.append(f"write {note}")
        self.secret_note = note

    @rx.event
    @guarded(Permission.LEADS_WRITE)
    async def add(self, by: int, row: UUID | None = None) -> None:
        """Counts."""
        RAN.append(f"add {by}")
        self.count += by

    @rx.event
    @guarded.any_member
    async def mark(self, name: str) -> None:
        """Shows that everything sent before it has been handled."""
        self.count = -1
        RAN.append(f"mark {name}")

    @rx.event
    async def undecorated_event(self) -> None:
        """Somebody forgot `@guarded`."""
        RAN.append("undecorated_event")

    def helper(self) -> None:
        """Somebody made a helper public."""
        RAN.append("helper")

    def _private(self) -> None:
        RAN.append("private")


async def ran(_: Request) -> JSONResponse:
    """What has run so far, and every cookie or secret that is kept anywhere in the state."""
    kept = repr([tree.get_value("router_data") for tree in app.state_manager.states.values()])  # type: ignore[attr-defined]
    return JSONResponse({"ran": RAN, "states": len(app.state_manager.states), "kept": kept})  # type: ignore[attr-defined]


async def end(request: Request) -> JSONResponse:
    """Ends a session; its sockets too where asked."""
    found = hash_secret(request.query_params["secret"])
    LIVE.pop(found, None)
    closing = close_session(app, found) if "close" in request.query_params else asyncio.sleep(0, 0)
    return JSONResponse({"closed": await closing})


def outer(inner: ASGIApp) -> ASGIApp:
    """The real doors; there is no built front end."""
    return closed(inner, settings(), look_up, Path("no-front-end"))


def index() -> rx.Component:
    """One page."""
    return rx.text(NotesState.secret_note)


use_desk(TableDesk())
routes: list[Any] = [
    Route("/readyz", ran),
    Route("/api/v1/ran", ran),
    Route("/api/v1/end", end, methods=["POST"]),
]
app = rx.App(
    api_transformer=[Starlette(routes=routes), outer],
    backend_exception_handler=on_backend_error,
    frontend_exception_handler=on_frontend_error,
)
app.add_page(index, route="/", on_load=on_load())
app.add_middleware(DenyByDefault())
install(app)
