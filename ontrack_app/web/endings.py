"""The only home of hearing that sessions have ended: the database tells of one that was ended, and is asked for those that
end by the clock, all open ones in one query.
"""

from collections.abc import Callable, Collection

import psycopg

from ontrack_app.web.listening import Channel
from ontrack_app.web.listening import listen as listen_to

CHANNEL = "ontrack_sessions"
DEAD = "SELECT auth.dead_sessions(%s::text[])"


async def listen(open_now: Callable[[], Collection[str]], tell: Callable[[str], None]) -> None:
    """Runs until it is cancelled: calls `tell` with the hash of each session that ends. `open_now` says which sessions have
    sockets here. After a lost connection all of them are asked about, for what was missed."""

    async def ask(line: psycopg.AsyncConnection) -> None:
        for dead in await _dead(line, list(open_now())):
            tell(dead)

    await listen_to(Channel(CHANNEL, "The ends of sessions are", tell, ask))


async def _dead(line: psycopg.AsyncConnection, hashes: list[str]) -> list[str]:
    if not hashes:
        await line.execute("SELECT 1")
        return []
    cursor = await line.execute(DEAD, [hashes])
    return [str(row[0]) for row in await cursor.fetchall()]
