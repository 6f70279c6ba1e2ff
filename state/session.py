"""The only home of the screens' door: `ask` runs a service as the person who sent the event; refusals become messages.

Nothing here decides a right; the session row does, on every event. Screens import `ask`, `say`, `on_load`, `SessionState`.
"""

import asyncio
import contextvars
import functools
import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Concatenate, ParamSpec, TypeVar

import reflex as rx
from pydantic import ValidationError
from reflex_base.event.context import EventContext

from ontrack_app import refusals
from ontrack_app.actor import Actor
from ontrack_app.db import POOL_SIZE, SessionCredential, begin, who
from ontrack_app.errors import FieldError, Invalid, NotFresh, Refusal, SignedOut
from ontrack_app.web.areas import SessionFacts, facts_for, sign_in_address
from ontrack_app.web.pending import confirm_address
from ontrack_app.work import Work
from state.guarding import actor_now, use_desk
from state.shell import SessionState, leave, on_load, say
from state.sockets import session_now

log = logging.getLogger(__name__)
Given = ParamSpec("Given")
Result = TypeVar("Result")


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    """As many threads as there are connections; made when first used, after a server has forked its workers."""
    return ThreadPoolExecutor(max_workers=POOL_SIZE, thread_name_prefix="ask")


async def _in_thread(function: Callable[[], Result]) -> Result:
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(
        _threads(), functools.partial(context.run, function)
    )


def _credential() -> SessionCredential:
    session_hash = session_now()
    route = EventContext.get().router_data
    agent = str(route.get("headers", {}).get("user-agent", ""))[:300]
    return SessionCredential(session_hash, ip=str(route.get("ip", "")), user_agent=agent)


async def ask(
    state: rx.State,
    service: Callable[Concatenate[Work, Given], Result],
    *args: Given.args,
    **kwargs: Given.kwargs,
) -> Result:
    """Runs a service in a thread, in one transaction, as the person who sent the event.

    Raises:
        Refusal: what the service or the look-up refused; `guarded` shows it, so a handler need not catch it.
        RuntimeError: the caller is no guarded handler. TypeError: what is given is no State.
    """
    if not isinstance(state, rx.State):
        raise TypeError("The first thing that `ask` is given is the State.")
    actor_now()
    credential = _credential()

    def run() -> Result:
        with begin(credential) as work, typed():
            return service(work, *args, **kwargs)

    return await _in_thread(run)


@contextmanager
def typed() -> Iterator[None]:
    """What was typed and does not fit the body that a service makes of it is refused in words, not a failure of ours.

    Raises:
        Invalid: it is too long, or has a sign that cannot be kept.
    """
    try:
        yield
    except ValidationError as error:
        if not error.title.endswith(("Body", "Patch")):
            raise
        words = "This is too long, or has a sign that cannot be kept."
        places = [".".join(map(str, one["loc"])) for one in error.errors(include_input=False)]
        raise Invalid(words, errors=[FieldError(place, words) for place in places]) from None


def look_up(session_hash: str) -> SessionFacts | None:
    """Where the person of a live session belongs; None where there is no such session. Blocks: the guard calls it in a thread."""
    try:
        actor = who(SessionCredential(session_hash))
    except SignedOut:
        return None
    return facts_for(actor.role, home=document_page(actor), tenant_id=actor.tenant_id)


def document_page(actor: Actor) -> str:
    """The one page of a document link's session, `/portal/estimates/{id}`; empty for everybody else."""
    if actor.scope != "document" or not actor.document_noun:
        return ""
    return f"/portal/{actor.document_noun.removesuffix('s')}s/{actor.document_id}"


class SessionDesk:
    """The desk of real events: actors from the database, refusals as messages on the screen."""

    async def actor(self) -> Actor:
        """Who sent the event, read from the session row.

        Raises:
            SignedOut: the session has ended.
        """
        credential = _credential()

        return await _in_thread(lambda: who(credential))

    async def companies(self) -> list[tuple[str, str, bool]]:
        """The companies the person may work for: slug, name, whether it is the present one."""
        session_hash = session_now()

        def find() -> list[tuple[str, str, bool]]:
            with begin(None) as doorway:
                rows = doorway.rows(
                    "SELECT slug, name, current FROM auth.memberships(:hash)", hash=session_hash
                )
            return [(row.slug, row.name, row.current) for row in rows]

        return await _in_thread(find)

    async def absorb(self, state: Any, handler: str, error: Exception) -> None:
        """Show a refusal, with a link where a fresh proof lifts it; lead to the sign-in page; for anything else give a reference that the log has too."""
        if isinstance(error, SignedOut):
            await leave(sign_in_address(str(EventContext.get().router_data.get("asPath", "/"))))
        elif isinstance(error, NotFresh):
            place = confirm_address(str(EventContext.get().router_data.get("asPath", "")))
            await say(state, error.detail, tint="waiting", action_label="Confirm", href=place)
        elif isinstance(error, Refusal):
            if refusals.is_noted(error):
                await _in_thread(
                    functools.partial(
                        refusals.note, f"{handler}: {error.detail}", _credential(), _credential().ip
                    )
                )
            await say(state, refusal_words(error), tint="bad")
        else:
            reference = new_reference()
            log.error("%s failed, reference %s", handler, reference, exc_info=error)
            await say(
                state, f"Something went wrong and nothing was saved. Reference {reference}.", tint="bad"
            )


def refusal_words(refusal: Refusal) -> str:
    """What was refused, with what to correct where single inputs were the reason."""
    details: Sequence[str] = [error.message for error in refusal.errors if error.message != refusal.detail]
    return " ".join([refusal.detail, *details])


def new_reference() -> str:
    """A short reference that a person can read out, and a log can be searched for."""
    return secrets.token_hex(4).upper()


def on_backend_error(exception: Exception) -> None:
    """Log what went wrong outside a handler of ours; the framework's own answer would be a script in the browser."""
    log.error("An event failed outside its handler, reference %s", new_reference(), exc_info=exception)


def on_frontend_error(exception: Exception) -> None:
    """Log what a browser says went wrong: its own words, so shortened and on one line."""
    words = "".join(sign if sign.isprintable() else " " for sign in str(exception))
    log.warning("A browser reports: %s", words[:500])


use_desk(SessionDesk())
__all__ = [
    "SessionDesk",
    "SessionState",
    "ask",
    "leave",
    "look_up",
    "on_backend_error",
    "on_frontend_error",
    "on_load",
    "say",
]
