"""The background door: which functions may be promised, and the one way to run one of them for a message.

Everything that a function changes and the word that it is done are one transaction. The message's row stays locked while it
runs, and its fence is compared when it ends: a hand that was taken for dead commits nothing. A function takes ids, and may
run twice.
"""

import inspect
import logging
import random
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from models.access import Permission
from ontrack_app.db import SystemCredential, begin, engine
from ontrack_app.errors import Refusal
from ontrack_app.redaction import redact
from ontrack_app.settings import database_urls

__all__ = ["Handed", "Pace", "SystemCredential", "background", "begin", "relay", "run"]

logger = logging.getLogger("ontrack.background")
Function = TypeVar("Function", bound=Callable[..., object])
NOBODY = "OnTrack"
LONGEST_WORDS = 500
ACCEPTED = (UUID, str, int, bool)

READ = text("""
    SELECT function, arguments, actor_name, attempts FROM public.outbox_messages
    WHERE tenant_id = :tenant_id AND id = :id AND fence = :fence AND state = 'leased' AND leased_until > now()
""")
HOLD = text("""
    SELECT 1 FROM public.outbox_messages
    WHERE tenant_id = :tenant_id AND id = :id AND fence = :fence AND state = 'leased' FOR NO KEY UPDATE SKIP LOCKED
""")
DONE = text("""
    UPDATE public.outbox_messages SET state = 'done', done_at = now(), error = ''
    WHERE tenant_id = :tenant_id AND id = :id AND fence = :fence AND state = 'leased'
    RETURNING pg_notify('ontrack_outbox', '')
""")
AGAIN = text("""
    UPDATE public.outbox_messages SET state = CAST(:state AS text), leased_until = NULL, error = :words,
           due_at = CASE WHEN CAST(:state AS text) = 'dead' THEN due_at ELSE now() + make_interval(secs => :delay) END
    WHERE tenant_id = :tenant_id AND id = :id AND fence = :fence AND state = 'leased'
    RETURNING pg_notify('ontrack_outbox', '')
""")


@dataclass(frozen=True, slots=True)
class Pace:
    """How hard the background tries; times in seconds."""

    hands: int = 2
    ahead: int = 4  # messages claimed per hand, so that none waits for the next claim
    lease: float = 60.0
    most_attempts: int = 12
    first_delay: float = 2.0
    longest_delay: float = 1800.0
    rest: float = 5.0  # between looks when nobody calls
    drain: float = 30.0

    def delay(self, attempts: int) -> float:
        """How long to wait after that many attempts: doubling, capped, and jittered so that twins part."""
        longest = min(self.longest_delay, self.first_delay * 2.0 ** (attempts - 1))
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreading load, no secret


@dataclass(frozen=True, slots=True)
class Handed:
    """What a hand is given: which message of which tenant, and the fence of this claim."""

    tenant_id: UUID
    id: UUID
    fence: int

    @property
    def key(self) -> dict[str, Any]:
        """The values by which the statements find it."""
        return {"tenant_id": self.tenant_id, "id": self.id, "fence": self.fence}


@dataclass(frozen=True, slots=True)
class Registered:
    """A function that may be promised by name, and the rights that it acts with."""

    name: str
    call: Callable[..., object]
    needs: frozenset[Permission]
    slow: Callable[..., object] | None = None
    takes: dict[str, type] = field(default_factory=dict)

    def arguments(self, given: dict[str, Any]) -> dict[str, Any]:
        """The message's arguments as the function takes them.

        Raises:
            Unusable: they are not the ones that it takes.
        """
        if set(given) != set(self.takes):
            raise Unusable(
                f"“{self.name}” takes {', '.join(self.takes) or 'nothing'}, not {', '.join(given) or 'nothing'}."
            )
        try:
            return {
                name: UUID(str(given[name])) if kind is UUID else given[name]
                for name, kind in self.takes.items()
            }
        except ValueError:
            raise Unusable(f"“{self.name}” was given something else than an id.") from None


class Unusable(Exception):
    """A message that no number of tries can help: it names no function of ours, or other arguments."""


class Overtaken(Exception):
    """The claim is not ours any more: the lease ran out and another hand has the message."""


FUNCTIONS: dict[str, Registered] = {}


def background(
    name: str, *, needs: Collection[Permission] = (), slow: Callable[..., object] | None = None
) -> Callable[[Function], Function]:
    """Registers a function under the name by which `work.later` promises it.

    It takes a `work` and then ids or plain values by name, acts as OnTrack in the message's tenant with the rights that it
    `needs` and no other, and leaves the same behind however often it runs.

    What takes long or asks the outside world is `slow`: it runs before the transaction and holds none, takes a way to run
    services (each in a transaction of its own) and the same arguments, must be done within the lease, and what it returns
    is given to the function after `work`.
    """
    first = 1 if slow is None else 2

    def register(function: Function) -> Function:
        takes = {p.name: p.annotation for p in list(inspect.signature(function).parameters.values())[first:]}
        if name in FUNCTIONS or any(kind not in ACCEPTED for kind in takes.values()):
            raise TypeError(f"{name} is registered already, or takes something that a message cannot carry")
        FUNCTIONS[name] = Registered(name, function, frozenset(needs), slow, takes)
        return function

    return register


@contextmanager
def relay() -> Iterator[Connection]:
    """One transaction as the relay's role, which sees the outbox, the mails that wait and the list of tenants, no more."""
    with engine(database_urls().worker).begin() as connection:
        yield connection


def run(handed: Handed, pace: Pace) -> None:
    """Runs one message; whatever happens is written to its row, and nothing is raised."""
    attempts = 1
    try:
        with relay() as connection:
            message = connection.execute(READ, handed.key).first()
        if message is None:
            return
        attempts = message.attempts
        found = FUNCTIONS.get(message.function)
        if found is None:
            raise Unusable(f"There is no background function “{message.function}”.")
        perform(found, handed, found.arguments(message.arguments), message.actor_name or NOBODY)
    except Overtaken:
        logger.warning("Message %s was taken over by another hand; this one left nothing behind.", handed.id)
    except Exception as error:
        logger.exception("Message %s failed (attempt %s of %s).", handed.id, attempts, pace.most_attempts)
        again(handed, error, attempts, pace)


def perform(found: Registered, handed: Handed, arguments: dict[str, Any], actor_name: str) -> None:
    """The function and the word that it is done, in one transaction; nothing where the message is not ours.

    Raises:
        Overtaken: the claim ran out meanwhile. Anything that the function raises.
    """
    credential = SystemCredential(handed.tenant_id, actor_name, only=found.needs)

    def run_service(service: Callable[..., object], *given: object) -> object:
        with begin(credential) as work:
            return service(work, *given)

    made = () if found.slow is None else (found.slow(run_service, **arguments),)
    with begin(credential) as work:
        if work.session.execute(HOLD, handed.key).first() is None:
            raise Overtaken
        found.call(work, *made, **arguments)
        work.session.flush()
        if work.session.execute(DONE, handed.key).first() is None:
            raise Overtaken


def again(handed: Handed, error: Exception, attempts: int, pace: Pace) -> None:
    """Lets a failed message wait for its next try, or buries it after the last one; its words stay with it."""
    is_last = isinstance(error, Unusable) or attempts >= pace.most_attempts
    values = {
        "state": "dead" if is_last else "waiting",
        "words": words_of(error),
        "delay": pace.delay(attempts),
    }
    try:
        with relay() as connection:
            connection.execute(AGAIN, {**handed.key, **values})
    except DBAPIError:  # the lease runs out by itself, and the message is claimed again
        logger.warning("The failure of message %s could not be written down.", handed.id)


def words_of(error: Exception) -> str:
    """What went wrong, short enough to keep, and without the values of a statement."""
    if isinstance(error, Refusal | Unusable):
        return str(error)[:LONGEST_WORDS]
    cause = error.orig if isinstance(error, DBAPIError) else error
    return redact(f"{type(cause).__name__}: {cause}")[:LONGEST_WORDS]
