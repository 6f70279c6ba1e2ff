"""The only home of pages that show what others did: the database says that a company has news, and each open page of its
office that shows living rows loads itself again, by its own guarded handler. No data is sent along.
"""

import asyncio
import itertools
import logging
import secrets
from collections.abc import Awaitable, Callable
from uuid import UUID

import psycopg
from reflex.app import App
from reflex.state import StateUpdate
from reflex_base.constants.state import FIELD_MARKER

from ontrack_app.web.listening import Channel, listen
from state.shell import SessionState
from state.sockets import SOCKETS

log = logging.getLogger(__name__)
CHANNEL = "ontrack_news"
# A phone that comes back brings a hundred changes within a second: the pages need one look at them, soon, and then another.
SOON_S = 0.3
REST_S = 2.0


class News:
    """The companies that have news, gathered until the pages are told: soon after the first word, then at most every two
    seconds. `tell` is given the companies, or None where nobody knows which."""

    def __init__(self, tell: Callable[[set[UUID] | None], Awaitable[None]]) -> None:
        self._tell = tell
        self._of: set[UUID] | None = set()
        self._some = asyncio.Event()

    def heard(self, payload: str) -> None:
        """A company has news."""
        try:
            tenant_id = UUID(payload)
        except ValueError:
            log.warning("News of no company was dropped.")
            return
        if self._of is not None:
            self._of.add(tenant_id)
        self._some.set()

    def missed(self) -> None:
        """Nothing was heard for a while: everybody may have news."""
        self._of = None
        self._some.set()

    async def run(self) -> None:
        """Tells until it is cancelled."""
        while True:
            await self._some.wait()
            await asyncio.sleep(SOON_S)
            self._some.clear()
            of, self._of = self._of, set()
            try:
                await self._tell(of)
            except Exception:
                log.exception("Pages were not told of news.")
            await asyncio.sleep(REST_S)


async def tell_news(app: App) -> None:
    """A task of the app, in every web process: lets the office's pages know that their company has news."""
    ours, numbers = secrets.token_hex(4), itertools.count(1)  # a page outlives the process that it heard from
    line_of: psycopg.AsyncConnection | None = None

    async def tell(of: set[UUID] | None) -> None:
        if app.event_namespace is None:
            return
        news = {SessionState.get_full_name(): {"news" + FIELD_MARKER: f"{ours}-{next(numbers)}"}}
        for key in SOCKETS.hearing_of(of):
            await app.event_namespace.emit_update(StateUpdate(delta=news), key)

    async def ask(line: psycopg.AsyncConnection) -> None:
        nonlocal line_of
        if line_of is not None and line_of is not line:
            news.missed()
        line_of = line
        await line.execute("SELECT 1")

    news = News(tell)
    await asyncio.gather(news.run(), listen(Channel(CHANNEL, "News is", news.heard, ask)))
