"""`ontrack bench auth`: what knowing who acts adds to an event and to a request, against the same without.

With: the guard, the look-up of the session row and the check of the policy, as every event and request has them. Without:
the same handler or route, behind no door, in a transaction whose tenant is simply set.
"""

import asyncio
import functools
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import click
from reflex_base.event.context import EventContext
from sqlalchemy import text
from sqlalchemy.orm import Session

from models.access import Role
from ontrack_app.actor import Actor
from ontrack_app.api import deps
from ontrack_app.api.app import build
from ontrack_app.cli.bench_tools import Ground, company, conditions, figures, ground, percentile, tell
from ontrack_app.db import Credential, SessionCredential, begin, engine
from ontrack_app.services import me, members
from ontrack_app.sessions import cookie_name, hash_secret, new_secret
from ontrack_app.settings import PROJECT_ROOT, database_urls, settings
from ontrack_app.web.closed import closed
from ontrack_app.work import Work
from state import session as screens
from state.guarding import guarded
from state.policies import refusal_of
from state.session import SessionState, ask, look_up
from state.sockets import SESSION

AIM_MS = 1.0
EMAIL, SLUG = "office@bench.example", "bench"
OPEN = "SELECT auth.open_session(:email, :slug, :hash, '127.0.0.1', 'bench')"
SET = text(
    "SELECT set_config('app.tenant_id', :tenant, true), set_config('app.scope', 'all', true), set_config('app.member_id', '', true), "
    "set_config('app.client_ids', '', true), set_config('app.document_id', '', true), set_config('plan_cache_mode', 'force_custom_plan', true)"
)
Run = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Visitor:
    """A signed-in office member: the cookie's secret, and who it is."""

    secret: str
    actor: Actor

    @property
    def hash(self) -> str:
        """The session as the database knows it."""
        return hash_secret(self.secret)


@click.command("auth")
@click.option(
    "--times", default=2000, show_default=True, type=click.IntRange(2), help="How often each is done."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on the last line.")
def command(*, times: int, as_json: bool) -> None:
    """What guard, session look-up and policy add to an event and to a request."""
    with ground() as here, asyncio.Runner() as runner:
        result = runner.run(measure(visitor(here), times))
    result["conditions"] = conditions("in one process, without a network")
    words = (
        f"Knowing who acts adds {result['added_event_ms']} ms to an event and {result['added_request_ms']} ms to a request "
        f"(medians; aim {AIM_MS} ms each); an event takes {result['p50_ms']} ms, without it {result['floor_p50_ms']} ms."
    )
    tell(words, {"name": "auth", **result}, as_json=as_json)


def visitor(here: Ground) -> Visitor:
    """An office member of a company of the bench's own, signed in."""
    us, secret = company(here, SLUG), new_secret()
    with begin(us) as work:
        members.add(work, EMAIL, "Office", Role.OFFICE)
    with begin(None) as doorway:
        doorway.value(OPEN, email=EMAIL, slug=SLUG, hash=hash_secret(secret))
    with begin(SessionCredential(hash_secret(secret))) as work:
        return Visitor(secret, work.actor)


async def measure(who: Visitor, times: int) -> dict[str, Any]:
    """Each pair in turns. Milliseconds."""
    found: dict[str, list[float]] = {"event": [], "bare event": [], "request": [], "bare request": []}
    runs: dict[str, Run] = {
        "event": event(who),
        "bare event": bare_event(who),
        "request": request(who),
        "bare request": bare_request(who),
    }
    for number in range(times + 20):
        for name, run in runs.items():
            with known(who.actor) if name == "bare request" else whole():
                taken = await clocked(run)
            if number >= 20:
                found[name].append(taken)
    added = {
        name: percentile(found[name], 50) - percentile(found[f"bare {name}"], 50)
        for name in ("event", "request")
    }
    return figures(found["event"], found["bare event"]) | {
        "added_event_ms": round(added["event"], 3),
        "added_request_ms": round(added["request"], 3),
        "request_p50_ms": round(percentile(found["request"], 50), 3),
        "request_floor_p50_ms": round(percentile(found["bare request"], 50), 3),
        "aim_added_ms": AIM_MS,
    }


async def clocked(run: Run) -> float:
    """How many milliseconds it takes."""
    clock = asyncio.get_running_loop().time
    began = clock()
    await run()
    return (clock() - began) * 1000


def glance(work: Work) -> None:
    """A service that does nothing: what it would do costs the same on both sides."""
    work.actor.require(next(iter(work.actor.permissions)))


@guarded.any_member
async def handle(state: SessionState) -> None:
    """A handler that asks one service."""
    await ask(state, glance)


def event(who: Visitor) -> Run:
    """An event as a socket sends it: let through by name and arguments, guarded, one service."""
    state = SessionState(_reflex_internal_init=True)  # type: ignore[call-arg]
    name = f"{SessionState.get_full_name()}.dismiss"
    context = EventContext(token="", state_manager=None, enqueue_impl=None, router_data={SESSION: who.hash})  # type: ignore[arg-type]

    async def run() -> None:
        with context:
            if refusal_of(name, {"toast_id": "x"}) or refusal_of(name, {"toast_id": "x"}, from_client=False):
                raise LookupError("The bench's event is refused.")
            await handle(state)

    return run


def bare_event(who: Visitor) -> Run:
    """The same service in a thread, in a transaction that knows its tenant already."""

    def work() -> None:
        with set_for(who.actor) as found:
            glance(found)

    async def run() -> None:
        await screens._in_thread(work)

    return run


@contextmanager
def set_for(actor: Actor) -> Iterator[Work]:
    """A transaction of an actor that nobody looked up."""
    with Session(engine(database_urls().app), expire_on_commit=False) as session:
        session.execute(SET, {"tenant": str(actor.tenant_id)}).first()
        yield Work(session, actor)
        session.commit()


def request(who: Visitor) -> Run:
    """`GET /api/v1/me` with the session's cookie, through every outer door."""
    app = closed(build(), settings(), look_up, PROJECT_ROOT / "no-front-end")
    cookie = f"{cookie_name(settings())}={who.secret}"
    return functools.partial(called, app, cookie)


def bare_request(who: Visitor) -> Run:
    """The same route behind no door; `known` stands in for the look-up."""
    return functools.partial(called, build(), f"{cookie_name(settings())}={who.secret}")


async def called(app: Any, cookie: str) -> None:
    """One call over ASGI."""
    host = settings().base_url.partition("://")[2]
    headers = [(b"host", host.encode()), (b"cookie", cookie.encode())]
    path = "/api/v1/me"
    scope = {"type": "http", "http_version": "1.1", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "",
             "query_string": b"", "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "scheme": "http"}  # fmt: skip
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    if statuses != [200]:
        raise LookupError(f"{me.__name__} was answered with {statuses}.")


@contextmanager
def known(actor: Actor) -> Iterator[None]:
    """While it lasts, the HTTP door asks nobody who calls."""

    def ready(_credential: Credential, *, writes: bool = False) -> Any:  # noqa: ARG001 - as `begin` is called
        return set_for(actor)

    real = vars(deps)["begin"]
    vars(deps)["begin"] = ready
    try:
        yield
    finally:
        vars(deps)["begin"] = real


@contextmanager
def whole() -> Iterator[None]:
    """Everything as it is."""
    yield
