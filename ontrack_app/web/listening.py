"""The only home of hearing what Postgres tells: one connection that listens to one channel, made anew when it is lost."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import psycopg

from ontrack_app.settings import database_urls

log = logging.getLogger(__name__)
ASK_EVERY_S = 30.0
ANSWER_WITHIN_S = 10.0
SHORTEST_REST_S, LONGEST_REST_S = 0.5, 15.0


@dataclass(frozen=True)
class Channel:
    """What is listened to: its name in Postgres, what it is called in the log, whom each payload is told, and what is asked
    on the same connection when it is new and every half minute. That question also notices a line that is dead without a
    word, and finds what was told while there was no line."""

    name: str
    words: str
    tell: Callable[[str], None]
    ask: Callable[[psycopg.AsyncConnection], Awaitable[None]]


async def listen(channel: Channel) -> None:
    """Runs until it is cancelled. A connection that is lost is made anew, at once and then more and more slowly."""
    rest = SHORTEST_REST_S
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await _listen(channel)
        except (psycopg.Error, OSError, TimeoutError) as error:
            log.warning("%s not heard for a moment: %s", channel.words, " ".join(str(error).split()))
        except Exception:
            log.exception("%s not heard for a moment.", channel.words)
        held = asyncio.get_running_loop().time() - began > LONGEST_REST_S
        rest = SHORTEST_REST_S if held else min(rest * 2, LONGEST_REST_S)
        await asyncio.sleep(rest)


async def _listen(channel: Channel) -> None:
    address = database_urls().app.replace("postgresql+psycopg://", "postgresql://", 1)
    async with await psycopg.AsyncConnection.connect(address, autocommit=True, connect_timeout=5) as line:
        await line.execute(f"LISTEN {channel.name}")
        while True:
            async with asyncio.timeout(ANSWER_WITHIN_S):  # wait_for of Python 3.11 may swallow a cancellation
                await channel.ask(line)
            async for notice in line.notifies(timeout=ASK_EVERY_S):
                channel.tell(notice.payload)
