"""The only home of claims: takes due messages from the outbox under a lease, hands them over, and gives back what is left."""

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any

import psycopg
from psycopg.rows import namedtuple_row

from ontrack_app.background.hand import worker_dsn
from ontrack_app.background.queue import Handed, Pace

logger = logging.getLogger("ontrack.background")
CHANNEL = "ontrack_outbox"
SHORTEST_REST = 0.25

CLAIM = """
    WITH due AS (
      SELECT tenant_id, id FROM public.outbox_messages
      WHERE state IN ('waiting', 'leased') AND due_at <= now() AND (state = 'waiting' OR leased_until < now())
      ORDER BY due_at LIMIT %(most)s FOR UPDATE SKIP LOCKED)
    UPDATE public.outbox_messages m
    SET state = CASE WHEN m.attempts >= %(most_attempts)s THEN 'dead' ELSE 'leased' END,
        error = CASE WHEN m.attempts >= %(most_attempts)s AND m.error = '' THEN %(stopped)s ELSE m.error END,
        leased_until = now() + make_interval(secs => %(lease)s), fence = m.fence + 1, attempts = m.attempts + 1
    FROM due WHERE m.tenant_id = due.tenant_id AND m.id = due.id
    RETURNING m.tenant_id, m.id, m.fence, m.state, m.due_at
"""
MINE = """
    SELECT m.tenant_id, m.id, m.fence FROM unnest(%(tenants)s::uuid[], %(ids)s::uuid[], %(fences)s::int[]) AS given(tenant_id, id, fence)
    JOIN public.outbox_messages m USING (tenant_id, id, fence) WHERE m.state = 'leased' AND m.leased_until > now()
"""
NEXT = """
    SELECT extract(epoch FROM min(CASE state WHEN 'waiting' THEN due_at ELSE greatest(leased_until, due_at) END) - now())::float AS rest
    FROM public.outbox_messages WHERE state IN ('waiting', 'leased')
"""
RELEASE = """
    WITH mine AS (
      SELECT m.tenant_id, m.id FROM unnest(%(tenants)s::uuid[], %(ids)s::uuid[], %(fences)s::int[]) AS given(tenant_id, id, fence)
      JOIN public.outbox_messages m USING (tenant_id, id, fence) WHERE m.state = 'leased' FOR UPDATE OF m SKIP LOCKED)
    UPDATE public.outbox_messages m SET state = 'waiting', leased_until = NULL, attempts = m.attempts - 1, fence = m.fence + 1
    FROM mine WHERE m.tenant_id = mine.tenant_id AND m.id = mine.id RETURNING pg_notify('ontrack_outbox', '')
"""


class Dispatcher:
    """One thread that claims and hands over; never more at a time than the hands can do within the lease."""

    def __init__(self, give: Callable[[Handed], None], pace: Pace) -> None:
        self._give = give
        self._pace = pace
        self._mine: set[Handed] = set()
        self._stop = threading.Event()

    def run(self) -> None:
        """Claims until told to stop; a database that is away is waited for."""
        while not self._stop.is_set():
            try:
                with connect() as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    while not self._stop.is_set():
                        self._pass(connection)
            except psycopg.Error as error:
                logger.warning("The dispatcher lost the database and tries again: %s", str(error).strip())
                self._stop.wait(self._pace.rest)
            except (
                Exception
            ):  # the queue's storage is away; what was claimed comes back when its lease runs out
                logger.exception("The dispatcher could not hand over and tries again.")
                self._stop.wait(self._pace.rest)

    def stop(self) -> None:
        """Claims nothing more; noticed within a second."""
        self._stop.set()

    def release(self) -> int:
        """Gives back what was claimed and not started, so that nobody waits for a lease to run out; returns how many."""
        if not self._mine:
            return 0
        try:
            with connect() as connection:
                given_back = connection.execute(RELEASE, arrays(self._mine)).rowcount
        except psycopg.Error as error:
            logger.warning(
                "Nothing could be given back; the leases run out by themselves: %s", str(error).strip()
            )
            return 0
        self._mine.clear()
        return given_back

    def _pass(self, connection: psycopg.Connection[Any]) -> None:
        self._forget_finished(connection)
        room = self._pace.hands * self._pace.ahead - len(self._mine)
        claimed = self.claim(connection, room) if room > 0 else []
        for handed in claimed:
            self._give(handed)
        if room > 0 and len(claimed) == room:
            return
        self._rest(connection, is_full=room <= 0)

    def claim(self, connection: psycopg.Connection[Any], most: int) -> list[Handed]:
        """Takes up to `most` due messages under a lease, the longest due first, each with a new fence; those that were tried
        too often are buried."""
        values = {
            "most": most,
            "lease": self._pace.lease,
            "most_attempts": self._pace.most_attempts,
            "stopped": "The worker stopped every time while this ran.",
        }
        rows = connection.execute(CLAIM, values).fetchall()
        rows.sort(key=lambda row: (row.due_at, row.id))
        claimed = [Handed(row.tenant_id, row.id, row.fence) for row in rows if row.state == "leased"]
        self._mine.update(claimed)
        return claimed

    def _forget_finished(self, connection: psycopg.Connection[Any]) -> None:
        if self._mine:
            rows = connection.execute(MINE, arrays(self._mine)).fetchall()
            self._mine = {Handed(row.tenant_id, row.id, row.fence) for row in rows}

    def _rest(self, connection: psycopg.Connection[Any], *, is_full: bool) -> None:
        """Sleeps until somebody promises or finishes something, or the next message is due; wakes each second to look for a stop."""
        row = connection.execute(NEXT).fetchone()
        due_in = self._pace.rest if is_full or row is None or row.rest is None else row.rest
        left = min(self._pace.rest, max(SHORTEST_REST, due_in))
        while left > 0 and not self._stop.is_set():
            step = min(left, 1.0)
            if list(connection.notifies(timeout=step, stop_after=1)):
                return
            left -= step


def connect() -> psycopg.Connection[Any]:
    """A connection of its own for the relay's role, each statement its own transaction."""
    return psycopg.connect(
        worker_dsn(),
        autocommit=True,
        row_factory=namedtuple_row,
        options="-c timezone=UTC -c statement_timeout=30000",
    )


def arrays(claims: Iterable[Handed]) -> dict[str, list[Any]]:
    """Claims as three parallel lists, as the statements take them."""
    known = list(claims)
    return {
        "tenants": [claim.tenant_id for claim in known],
        "ids": [claim.id for claim in known],
        "fences": [claim.fence for claim in known],
    }
