"""The only home of the screens' door: `ask` runs a service as the person who sent the event, and `SessionState` holds what
every page shows of that person. Nothing here decides a right; the session row does, on every event.
"""

import asyncio
import contextvars
import functools
import logging
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

import reflex as rx
from pydantic import BaseModel
from reflex.istate.proxy import StateProxy
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event.context import EventContext

from ontrack_app.actor import Actor
from ontrack_app.db import POOL_SIZE, SessionCredential, begin
from ontrack_app.errors import Refusal, SignedOut
from ontrack_app.web.areas import SessionFacts, facts_for, sign_in_address
from ontrack_app.work import Work
from state.guarding import actor_now, guarded, use_desk
from state.sockets import session_now

log = logging.getLogger(__name__)
Given = ParamSpec("Given")
Result = TypeVar("Result")
Tone = Literal["good", "bad", "info"]
MAX_TOASTS = 4


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    """As many threads as there are connections; made when first used, after a server has forked its workers."""
    return ThreadPoolExecutor(max_workers=POOL_SIZE, thread_name_prefix="ask")


async def _in_thread(function: Callable[[], Result]) -> Result:
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(_threads(), functools.partial(context.run, function))


def _credential() -> SessionCredential:
    session_hash = session_now()
    route = EventContext.get().router_data
    agent = str(route.get("headers", {}).get("user-agent", ""))[:300]
    return SessionCredential(session_hash, ip=str(route.get("ip", "")), user_agent=agent)


async def ask(
    state: rx.State, service: Callable[Concatenate[Work, Given], Result], *args: Given.args, **kwargs: Given.kwargs
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
        with begin(credential) as work:
            return service(work, *args, **kwargs)

    return await _in_thread(run)


def look_up(session_hash: str) -> SessionFacts | None:
    """Where the person of a live session belongs; None where there is no such session. Blocks: the guard calls it in a thread."""
    try:
        with begin(SessionCredential(session_hash)) as work:
            actor = work.actor
    except SignedOut:
        return None
    return facts_for(actor.role, home=document_page(actor))


def document_page(actor: Actor) -> str:
    """The one page of a document link's session, `/portal/estimates/{id}`; empty for everybody else."""
    if actor.scope != "document" or not actor.document_noun:
        return ""
    return f"/portal/{actor.document_noun.removesuffix('s')}s/{actor.document_id}"


class Toast(BaseModel):
    """One short message over the page."""

    id: str
    tone: Tone
    title: str
    text: str = ""


class SessionState(rx.State):
    """What every page shows of the person who is signed in. View data: whoever changes it changes their own screen only."""

    name: str = ""
    email: str = ""
    initials: str = ""
    role: str = ""
    role_label: str = ""
    tenant_name: str = ""
    tenant_slug: str = ""
    timezone: str = ""
    currency: str = ""
    locale: str = ""
    granted: list[str] = []
    toasts: list[Toast] = []
    leave_to: str = ""

    @rx.event
    @guarded.any_member
    async def load(self) -> None:
        """Take over who is signed in; the first on_load of every page."""
        actor = actor_now()
        self.name, self.email, self.initials = actor.name, actor.email, initials(actor.name or actor.email)
        self.role, self.role_label = actor.role.value, actor.role.label
        tenant = actor.tenant
        self.tenant_name, self.tenant_slug, self.timezone = tenant.name, tenant.slug, tenant.timezone
        self.currency, self.locale = tenant.currency, tenant.locale
        self.granted = sorted(right.value for right in actor.permissions)

    @rx.event
    @guarded.any_member
    async def dismiss(self, toast_id: str) -> None:
        """Take one message off the screen."""
        self.toasts = [toast for toast in self.toasts if toast.id != toast_id]


def on_load(*handlers: Any) -> list[Any]:
    """The on_load list of a page: who is signed in first, then the page's own handlers."""
    return [SessionState.load, *handlers]


def initials(name: str) -> str:
    """Up to two letters that stand for a name."""
    words = name.replace("@", " ").split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


async def say(state: Any, title: str, text: str = "", *, tone: Tone = "good") -> None:
    """Show the person a short message."""
    toast = Toast(id=secrets.token_hex(4), tone=tone, title=title, text=text)
    if isinstance(state, StateProxy) and not state._is_mutable():
        async with state:
            await _put(state, toast)
    else:
        await _put(state, toast)


async def _put(state: Any, toast: Toast) -> None:
    session = state if isinstance(state, SessionState) else await state.get_state(SessionState)
    session.toasts = [*session.toasts, toast][-MAX_TOASTS:]


async def leave(path: str) -> None:
    """Make the browser load a page of ours from the server. Sent without being kept, or the tab would leave at every visit."""
    await EventContext.get().emit_delta({SessionState.get_full_name(): {"leave_to" + FIELD_MARKER: path}})


class SessionDesk:
    """The desk of real events: actors from the database, refusals as messages on the screen."""

    async def actor(self) -> Actor:
        """Who sent the event, read from the session row.

        Raises:
            SignedOut: the session has ended.
        """
        credential = _credential()

        def find() -> Actor:
            with begin(credential) as work:
                return work.actor

        return await _in_thread(find)

    async def absorb(self, state: Any, handler: str, error: Exception) -> None:
        """Show a refusal; lead to the sign-in page; for anything else give a reference that the log has too."""
        if isinstance(error, SignedOut):
            await leave(sign_in_address(str(EventContext.get().router_data.get("asPath", "/"))))
        elif isinstance(error, Refusal):
            await say(state, error.title, refusal_words(error), tone="bad")
        else:
            reference = new_reference()
            log.error("%s failed, reference %s", handler, reference, exc_info=error)
            await say(state, "Something went wrong", f"Nothing was saved. Reference {reference}.", tone="bad")


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
