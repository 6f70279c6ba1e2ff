"""The only home of what can be called from outside, read from the application itself: handlers, routes, pages."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

import httpx
from fastapi.routing import APIRoute
from reflex_base.registry import RegistrationContext
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from ontrack_app.api.app import build
from ontrack_app.api.nouns import OWN, RIGHTS
from ontrack_app.ontrack_app import app as front_door
from ontrack_app.ontrack_app import beside_rest, outside
from ontrack_app.settings import PROJECT_ROOT, settings
from ontrack_app.web.closed import closed
from ontrack_app.web.pages import PageRoute
from ontrack_app.web.routes import BODY_LIMITS
from state.policies import Policy, is_framework, policy_of
from state.session import look_up

PAGE = "This is a page of the front end."
_callers = count()
FRAMEWORK_METHODS = frozenset({"HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Handler:
    """One event handler of ours."""

    name: str
    policy: Policy

    @property
    def label(self) -> str:
        """State and handler, to be read."""
        state, _, name = self.name.rpartition(".")
        return f"{state.rpartition('____')[2]}.{name}"

    @property
    def right(self) -> str | None:
        """The right that it asks for; None: whoever has a live session."""
        return None if self.policy.permission is None else self.policy.permission.value


@dataclass(frozen=True)
class Operation:
    """One method of one REST route. `rights` is None where the route does not say what it asks for; `own` is what is enough
    where the row is the caller's own."""

    method: str
    path: str
    rights: frozenset[str] | None
    hidden: bool
    own: str = ""

    @property
    def label(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"

    @property
    def noun(self) -> str:
        """The first part of the path, as tables are called."""
        return self.path.removeprefix("/api/v1/").split("/")[0].replace("-", "_")


@cache
def handlers() -> tuple[Handler, ...]:
    """Every event handler of ours with its policy."""
    assert front_door is not None
    found = []
    for name, registered in RegistrationContext.get().event_handlers.items():
        policy = policy_of(name)
        mine = not registered.states[0].__module__.startswith("tests.")
        if mine and policy is not None and not is_framework(name):
            found.append(Handler(name, policy))
    return tuple(sorted(found, key=lambda one: one.name))


def unguarded() -> list[str]:
    """Event handlers that any socket could call."""
    known = RegistrationContext.get().event_handlers
    ours = [
        name
        for name, found in known.items()
        if not found.states[0].__module__.startswith(("tests.", "reflex"))
    ]
    return sorted(name for name in ours if policy_of(name) is None and name.rpartition(".")[2] != "setvar")


def flat(routes: Any) -> Iterator[BaseRoute]:
    """The routes of an application, those of included routers too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        yield from flat(inner.routes) if inner is not None else [route]


@cache
def operations() -> tuple[Operation, ...]:
    """Every method of every REST route, hidden ones too."""
    found = []
    for route in flat(build().routes):
        if isinstance(route, APIRoute):
            more = route.openapi_extra or {}
            said = more.get(RIGHTS)
            rights = None if said is None else frozenset(said)
            path = route.path if route.path.startswith("/api/") else f"/api/v1{route.path}"
            for method in sorted(route.methods - FRAMEWORK_METHODS):
                hidden = not route.include_in_schema
                found.append(Operation(method, path, rights, hidden, more.get(OWN, "")))
        else:
            assert isinstance(route, Route)
            assert route.path.startswith("/api/v1/openapi"), (
                f"{route.path} is no route of ours: say which rights it needs"
            )
    return tuple(found)


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    return build().openapi()


def web_routes() -> list[Route]:
    """Every server-rendered page, webhook and probe."""
    return [route for route in outside.routes if isinstance(route, Route)]


def undeclared() -> list[str]:
    """Server-rendered pages that do not say for whom they are."""
    return [route.path for route in web_routes() if isinstance(route, PageRoute) and route.who is None]


def front_end_pages() -> list[str]:
    """The addresses of the front end's pages, with their arguments in brackets."""
    decorated = [str(given.get("route", "")) for _, given in RegistrationContext.get().decorated_pages]
    return sorted({f"/{route.strip('/')}" for route in (*front_door._unevaluated_pages, *decorated)})


def page_sources() -> list[tuple[str, str]]:
    """The modules of server-rendered pages, with their text."""
    return [
        (f"ontrack_app/web/{path.name}", path.read_text())
        for path in sorted((PROJECT_ROOT / "ontrack_app/web").glob("*.py"))
    ]


async def _page(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await PlainTextResponse(PAGE)(scope, receive, send)


@dataclass(frozen=True)
class Call:
    """One call of the application; `more` is what httpx takes besides: json, data, content."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)


def _everything_else() -> list[BaseRoute]:
    return [Mount("/", app=_page)]


class Front:
    """The whole application behind its doors, called without a network; one text stands in the place of every front-end page."""

    def __init__(self, *, hole: Callable[[ASGIApp], ASGIApp] = lambda app: app) -> None:
        beside = Starlette(routes=[*web_routes(), *_everything_else()])
        empty = PROJECT_ROOT / "no-front-end"
        self.app = hole(closed(beside_rest(beside), settings(), look_up, empty, body_limits=BODY_LIMITS))
        self._runner = asyncio.Runner()

    def __call__(
        self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        """The answer of one call, wherever it leads."""
        return self.all([Call(method, path, headers or {}, more)])[0]

    def all(self, calls: Sequence[Call], *, at_once: int = 6) -> list[httpx.Response]:
        """The answers of many calls, some at the same time; each comes from an address of its own."""
        return self._runner.run(self._ask_all(calls, at_once))

    async def _ask_all(self, calls: Sequence[Call], at_once: int) -> list[httpx.Response]:
        hands = asyncio.Semaphore(at_once)

        async def ask(call: Call) -> httpx.Response:
            address = f"198.{next(_callers) % 250}.{next(_callers) % 250}.7"
            transport = httpx.ASGITransport(self.app, client=(address, 40000), raise_app_exceptions=False)
            async with hands:
                url = httpx.URL(settings().base_url).join(call.path)
                request = httpx.Request(call.method, url, headers=call.headers, **call.more)
                answer = await transport.handle_async_request(request)
                await answer.aread()
                return answer

        return await asyncio.gather(*(ask(call) for call in calls))

    def socket(self, path: str, headers: dict[str, str]) -> str:
        """What becomes of a handshake: the type of the first message that comes back."""
        return self._runner.run(self._knock(path, headers))

    async def _knock(self, path: str, headers: dict[str, str]) -> str:
        sent: list[str] = []
        host = {"Host": httpx.URL(settings().base_url).netloc.decode()}
        pairs = [(name.lower().encode(), value.encode()) for name, value in {**host, **headers}.items()]
        scope = {"type": "websocket", "path": path, "raw_path": path.encode(), "query_string": b"token=x", "headers": pairs, "client": ("198.51.100.7", 1)}  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "websocket.connect"}

        async def send(message: Any) -> None:
            sent.append(str(message["type"]))

        await self.app(scope, receive, send)
        return sent[0]

    def close(self) -> None:
        """End the loop."""
        self._runner.close()
