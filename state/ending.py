"""The only home of sessions that end while their pages are open: the pages leave, and their sockets are closed."""

import asyncio
import logging

from reflex.app import App
from reflex.state import StateUpdate
from reflex_base.constants.state import FIELD_MARKER

from ontrack_app.web.areas import is_safe_next
from ontrack_app.web.endings import listen
from ontrack_app.web.lines import LINES
from state.shell import SessionState
from state.sockets import SOCKETS, close_session

log = logging.getLogger(__name__)
# A browser that signs out or changes company has sent its form a moment ago: its own page must not be led elsewhere first.
GRACE_S = 1.0


async def close_ended(app: App) -> None:
    """A task of the app, in every web process: closes the sockets of each session that ends, within five seconds."""
    closing: set[asyncio.Task[None]] = set()

    def ended(session_hash: str) -> None:
        LINES.ended(session_hash)
        if session_hash in LINES.sessions():
            task = asyncio.create_task(_close(app, session_hash))
            closing.add(task)
            task.add_done_callback(closing.discard)

    await listen(LINES.sessions, ended)


async def _close(app: App, session_hash: str) -> None:
    await asyncio.sleep(GRACE_S)
    for key, path in SOCKETS.tabs_of(session_hash):
        await _lead_away(app, key, path)
    closed = await close_session(app, session_hash)
    log.info("A session has ended; %d of its sockets are closed.", closed)


async def _lead_away(app: App, key: str, path: str) -> None:
    """Makes a tab load its page anew from the server, which knows who may still see it."""
    if app.event_namespace is not None:
        to = path if is_safe_next(path) else "/"
        delta = {SessionState.get_full_name(): {"leave_to" + FIELD_MARKER: to}}
        await app.event_namespace.emit_update(StateUpdate(delta=delta), key)
