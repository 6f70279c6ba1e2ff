"""The only home of refusals on record: what a door or a service turned down becomes a security event, counted and limited.

Each is written in a transaction of its own, after the refused one was rolled back. The first five of a source in a minute
are written, then the tenth, the hundredth and so on with their count; the database has a limit of its own for all processes.
"""

import logging
import threading
import time
from collections import Counter

from sqlalchemy import text

from ontrack_app.db import Credential, SystemCredential, begin
from ontrack_app.errors import Forbidden, Refusal

FIRST = 5
MOST_SOURCES = 10_000
NOTE = "SELECT auth.note_refusal(:source, :email, :tenant, :ip, :detail, :times)"
log = logging.getLogger("ontrack.refusals")


class Refused:
    """How often each source was refused in this minute, in this process; forgets the minute before."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute = 0
        self._times: Counter[str] = Counter()

    def again(self, source: str) -> int:
        """Counts one more; how many there are now where that is to be written down, 0 where it is only counted."""
        with self._lock:
            minute = int(time.monotonic() // 60)
            if minute != self._minute:
                self._minute, self._times = minute, Counter()
            if source not in self._times and len(self._times) >= MOST_SOURCES:
                source = ""
            self._times[source] += 1
            times = self._times[source]
        return times if times <= FIRST or str(times).strip("0") == "1" else 0


REFUSED = Refused()


def is_noted(refusal: Refusal) -> bool:
    """Whether a refusal goes on record: what was not allowed, not what only needs another try."""
    return isinstance(refusal, Forbidden) and refusal.noted


def note(words: str, credential: Credential | None, ip: str) -> None:
    """Writes a refusal down, for the company of whoever was refused; for nobody's where that is not known. It never fails:
    the answer to whoever was refused does not depend on it."""
    known = None if isinstance(credential, SystemCredential) else credential
    times = REFUSED.again(known.hash if known else ip)
    if not times:
        return
    given = {"ip": ip, "detail": words, "times": times}
    try:
        if known is None:
            with begin(None) as doorway:
                doorway.value(NOTE, source=ip, email="", tenant=None, **given)
            return
        with begin(known) as work:
            actor = work.actor
            who = {
                "source": str(actor.user_id or actor.document_id),
                "email": actor.email,
                "tenant": actor.tenant_id,
            }
            work.session.execute(text(NOTE), who | given)
    except Exception as error:  # noqa: BLE001 - the edge: a refusal is answered in any case
        log.warning("A refusal could not be written down: %s", type(error).__name__)
