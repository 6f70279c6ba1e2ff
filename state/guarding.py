"""The only home of `guarded`, the policy every event handler carries, and of the middleware that drops an event without one.

    @rx.event
    @guarded(Permission.LEADS_WRITE)        # or @guarded.any_member
    async def save(self, lead_id: str, name: str) -> None: ...

Before the handler runs, its arguments are read strictly against its signature and the actor is looked up from the session
row, every time. A refusal, from the look-up or from a service, ends the handler and is shown to the person.
"""

import functools
import inspect
import logging
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from typing import Any, Protocol, TypeVar

import reflex as rx
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event

from models.access import Permission
from ontrack_app.actor import Actor
from ontrack_app.errors import Invalid, Refusal
from state.policies import MARK, Policy, arguments_of, checked, is_framework, refusal_of

log = logging.getLogger(__name__)
Handler = TypeVar("Handler", bound=Callable[..., Any])
_actor: ContextVar[Actor | None] = ContextVar("actor_of_the_running_event", default=None)


class Desk(Protocol):
    """What `guarded` asks of the door behind it; `state/session.py` is the real one, tests may bring another."""

    async def actor(self) -> Actor:
        """Who sent the event that is being handled; raises SignedOut where the session has ended."""

    async def companies(self) -> list[tuple[str, str, bool]]:
        """The companies that person may work for: slug, name, whether it is the present one."""

    async def absorb(self, state: Any, handler: str, error: Exception) -> None:
        """Show the person what was refused or went wrong."""


_desks: list[Desk] = []


def use_desk(desk: Desk) -> None:
    """Put a desk in charge of all events from now on."""
    _desks[:] = [desk]


def desk() -> Desk:
    """The desk in charge."""
    return _desks[0]


def actor_now() -> Actor:
    """Who sent the event that is being handled, as looked up when it began.

    Raises:
        RuntimeError: no guarded handler is running.
    """
    actor = _actor.get()
    if actor is None:
        raise RuntimeError("Only a guarded event handler has an actor.")
    return actor


class Guarded:
    """Makes decorators; `guarded` is the only one of it."""

    def __call__(self, permission: Permission) -> Callable[[Handler], Handler]:
        """Lets members run the handler whose role grants the permission."""
        return functools.partial(_guard, permission)

    def any_member(self, handler: Handler) -> Handler:
        """Lets everybody run the handler who has a live session."""
        return _guard(None, handler)


guarded = Guarded()


def _guard(permission: Permission | None, handler: Handler) -> Handler:
    policy = Policy(permission, arguments_of(handler))
    streams = inspect.isasyncgenfunction(handler) or inspect.isgeneratorfunction(handler)
    wrapped = _streaming(handler, policy) if streams else _single(handler, policy)
    setattr(wrapped, MARK, policy)
    return wrapped  # type: ignore[return-value]


def _single(handler: Callable[..., Any], policy: Policy) -> Callable[..., Any]:
    @functools.wraps(handler)
    async def run(state: Any, *args: Any, **kwargs: Any) -> Any:
        outer = _actor.get()
        try:
            arguments = await _admit(handler, policy, state, args, kwargs)
            result = handler(state, **arguments)
            return await result if inspect.isawaitable(result) else result
        except Exception as error:  # noqa: BLE001 - the edge: every failure is shown and logged
            await _absorb(outer, state, handler, error)
        finally:
            _actor.set(outer)
        return None

    return run


def _streaming(handler: Callable[..., Any], policy: Policy) -> Callable[..., Any]:
    @functools.wraps(handler)
    async def run(state: Any, *args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        outer = _actor.get()
        try:
            arguments = await _admit(handler, policy, state, args, kwargs)
            async for event in _each(handler(state, **arguments)):
                yield event
        except Exception as error:  # noqa: BLE001 - the edge: every failure is shown and logged
            await _absorb(outer, state, handler, error)
        finally:
            _actor.set(outer)

    return run


async def _each(events: Any) -> AsyncIterator[Any]:
    if inspect.isasyncgen(events):
        async for event in events:
            yield event
    else:
        for event in events:
            yield event


async def _admit(
    handler: Callable[..., Any], policy: Policy, state: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> dict[str, Any]:
    """The handler's arguments, once its caller is known and allowed."""
    actor = await desk().actor()
    if policy.permission is not None:
        actor.require(policy.permission)
    try:
        given = inspect.signature(handler).bind(state, *args, **kwargs).arguments
        arguments = checked(policy.arguments, dict(list(given.items())[1:]))
    except (TypeError, ValueError) as error:
        log.warning(
            "%s was called with arguments it does not take: %s", handler.__qualname__, type(error).__name__
        )
        raise Invalid("Something on this page does not fit together. Load it again.") from None
    _actor.set(actor)
    return arguments


async def _absorb(outer: Actor | None, state: Any, handler: Callable[..., Any], error: Exception) -> None:
    """An event's own handler shows the refusal; one that was called by another handler passes it on."""
    if outer is not None:
        raise error
    await desk().absorb(state, handler.__qualname__, error)


class DenyByDefault(rx.Middleware):
    """Drops every event without a policy, chained ones included; the framework's own run for a live session only."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:  # noqa: ARG002
        """None lets the event run; an empty update ends it."""
        if why := refusal_of(event.name, event.payload, from_client=False):
            log.warning("An event was dropped: %s", why)
            return StateUpdate()
        if is_framework(event.name):
            try:
                await desk().actor()
            except Refusal as refusal:
                await desk().absorb(state, event.name, refusal)
                return StateUpdate()
        return None
