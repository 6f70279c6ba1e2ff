"""The only home of hearing that sessions have ended: the database tells of one that was ended, and is asked for those that
end by the clock, all open ones in one query.
"""

import asyncio
import logging
from collections.abc import Callable, Collection

import psycopg

from ontrack_app.settings import database_urls

log = logging.getLogger(__name__)
CHANNEL = "ontrack_sessions"
ASK_EVERY_S = 30.0
ANSWER_WITHIN_S = 10.0
SHORTEST_REST_S, LONGEST_REST_S = 0.5, 15.0
DEAD = "SELECT auth.dead_sessions(%s::text[])"


async def listen(open_now: Callable[[], Collection[str]], tell: Callable[[str], None]) -> None:
    """Runs until it is cancelled: calls `tell` with the hash of each session that ends. `open_now` says which sessions have
    sockets here. A connection that is lost is made anew, and then all of them are asked about, for what was missed."""
    rest = SHORTEST_REST_S
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await _listen(open_now, tell)
        except (psycopg.Error, OSError, TimeoutError) as error:
            log.warning("The ends of sessions are not heard for a moment: %s", " ".join(str(error).split()))
        except Exception:
            log.exception("The ends of sessions are not heard for a moment.")
        held = asyncio.get_running_loop().time() - began > LONGEST_REST_S
        rest = SHORTEST_REST_S if held else min(rest * 2, LONGEST_REST_S)
        await asyncio.sleep(rest)


async def _listen(open_now: Callable[[], Collection[str]], tell: Callable[[str], None]) -> None:
    address = database_urls().app.replace("postgresql+psycopg://", "postgresql://", 1)
    async with await psycopg.AsyncConnection.connect(address, autocommit=True, connect_timeout=5) as line:
        await line.execute(f"LISTEN {CHANNEL}")
        while True:
            for dead in await asyncio.wait_for(_dead(line, list(open_now())), ANSWER_WITHIN_S):
                tell(dead)
            async for notice in line.notifies(timeout=ASK_EVERY_S):
                tell(notice.payload)


async def _dead(line: psycopg.AsyncConnection, hashes: list[str]) -> list[str]:
    if not hashes:
        await line.execute("SELECT 1")  # a line that is dead without a word is noticed here
        return []
    cursor = await line.execute(DEAD, [hashes])
    return [str(row[0]) for row in await cursor.fetchall()]
