"""A tab without a browser: real States behind the real event processor and our middleware, driven from a plain test.

screen = Screen(session_hash)            # the hash of a session row, or any string with a desk of the test's own
screen.send(LeadsState.save, lead_id="…", name="…")
assert screen.state(LeadsState).name == "…"
assert screen.toasts == [] and screen.went_to == []
"""

import asyncio
from collections.abc import Mapping
from typing import Any, TypeVar

from reflex.app_mixins.middleware import MiddlewareMixin
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import State, StateUpdate
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event import Event
from reflex_base.event.processor import BaseStateEventProcessor
from reflex_base.utils.format import format_event_handler

from state.guarding import DenyByDefault
from state.shell import SessionState, Toast
from state.sockets import SESSION

Kind = TypeVar("Kind", bound=State)
KEY = "the-tab-of-this-test"


def new_tree() -> State:
    """A fresh tree of every State; the only place that knows the framework's private name for it."""
    return State(_reflex_internal_init=True)


class Screen:
    """One tab of one session, with its state kept from event to event."""

    def __init__(self, session_hash: str, *, path: str = "/") -> None:
        self.session_hash = session_hash
        self.path = path
        self.events: list[Event] = []
        self.deltas: list[Mapping[str, Mapping[str, Any]]] = []
        self.failures: list[Exception] = []
        self._runner = asyncio.Runner()
        self._states = StateManagerMemory()
        self._tree = new_tree()
        self._tree.router_data = {"pathname": path}
        token = BaseStateToken(ident=KEY, cls=State)
        self._states.states[token.cache_key] = self._tree

    async def emit_update(self, update: StateUpdate, token: str) -> None:
        """Stands in for the socket: keeps what the browser would get."""
        self.events.extend(update.events or ())
        if update.delta:
            self.deltas.append(update.delta)

    def send(self, handler: Any, **arguments: Any) -> None:
        """Sends an event as this tab and waits for it and all that it chains."""
        self.send_named(format_event_handler(handler), arguments)

    def send_named(self, name: str, payload: dict[str, Any], *, session: bool = True) -> None:
        """The same for any name, also one that no State has; without `session` as the server itself would send it."""
        self._runner.run(self._process(name, payload, session))

    async def _process(self, name: str, payload: dict[str, Any], session: bool) -> None:
        rules = MiddlewareMixin()
        rules.add_middleware(DenyByDefault())
        processor = BaseStateEventProcessor(middleware=rules, backend_exception_handler=self._failed)
        route = {"pathname": self.path, "asPath": self.path, "ip": "192.0.2.1", "headers": {}}
        router_data = {**route, SESSION: self.session_hash} if session else {}
        event = Event(name=name, payload=payload, router_data=router_data)
        async with processor.configure(state_manager=self._states, event_namespace=self):  # type: ignore[arg-type]
            future = await processor.enqueue(KEY, event)
            await future.wait_all()

    def _failed(self, exception: Exception) -> None:
        self.failures.append(exception)

    def state(self, kind: type[Kind]) -> Kind:
        """The tab's instance of a State."""

        async def find() -> Kind:
            return await self._tree.get_state(kind)

        return self._runner.run(find())

    @property
    def toasts(self) -> list[Toast]:
        """The messages on the screen, oldest first."""
        return list(self.state(SessionState).toasts)

    @property
    def went_to(self) -> list[str]:
        """Where events have led the tab: inside the front end, or by loading a page from the server."""
        inside = [str(event.payload["path"]) for event in self.events if event.name == "_redirect"]
        name = "leave_to" + FIELD_MARKER
        own = [delta.get(SessionState.get_full_name(), {}).get(name) for delta in self.deltas]
        return inside + [str(path) for path in own if path]

    def close(self) -> None:
        """End the tab's loop."""
        self._runner.close()
