"""The only home of Huey: the hand that runs what the dispatcher claimed. It is disposable; the outbox is the truth."""

import json
from collections.abc import Callable, Mapping
from uuid import UUID

from huey import Huey, PostgresHuey, PriorityRedisHuey, crontab
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer
from sqlalchemy.engine import make_url

from ontrack_app.background.queue import Handed
from ontrack_app.settings import database_urls, settings

NAME = "ontrack"
SCHEMA = "huey"
LOOK_EVERY_SECONDS = 2  # how long a hand sleeps when nobody calls; also how long it may need to notice a stop
SCHEDULER_SECONDS = 60


class PlainSerializer(Serializer):  # type: ignore[misc]
    """Tasks as JSON: whoever can write to the queue's storage gets no code run, as pickles would."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(data._asdict()).encode()

    def _deserialize(self, data: bytes) -> Message:
        found = json.loads(data)
        found["args"] = tuple(found["args"] or ())
        return Message(**found)


class Hands(Consumer):  # type: ignore[misc]
    """Huey's threads without its signal handlers: the worker process has its own way of stopping."""

    def _set_signal_handlers(self) -> None:
        pass


def make_huey() -> Huey:
    """A queue in Redis where there is one, else in the database, in a schema of its own."""
    common = {"name": NAME, "results": False, "serializer": PlainSerializer()}
    redis_url = settings().redis_url
    if redis_url:
        return PriorityRedisHuey(url=redis_url, read_timeout=LOOK_EVERY_SECONDS, **common)
    return PostgresHuey(
        dsn=worker_dsn(), options=f"-c search_path={SCHEMA}", read_timeout=LOOK_EVERY_SECONDS, **common
    )


def worker_dsn() -> str:
    """The database as libpq's own URL, as the relay's role."""
    url = make_url(database_urls().worker).set(drivername="postgresql")
    return url.render_as_string(hide_password=False)


def taking(huey: Huey, run: Callable[[Handed], None]) -> Callable[[Handed], None]:
    """Teaches the queue to run a message, and returns how to hand one over."""

    def message(tenant_id: str, message_id: str, fence: int) -> None:
        run(Handed(UUID(tenant_id), UUID(message_id), fence))

    task = huey.task(name="message")(message)

    def give(handed: Handed) -> None:
        task(str(handed.tenant_id), str(handed.id), handed.fence)

    return give


def ticking(huey: Huey, call: Callable[[], None], when: Mapping[str, str]) -> Callable[[], None]:
    """Lets one of the consumers call a function at the minutes that `when` names; returns how to call it at once."""
    name = call.__name__
    task = huey.periodic_task(crontab(**when), name=name)(call)

    def now() -> None:
        task()

    return now


def hands(huey: Huey, count: int, drain_seconds: float) -> Hands:
    """So many threads that take from the queue, and one that ticks."""
    return Hands(
        huey,
        workers=count,
        scheduler_interval=SCHEDULER_SECONDS,
        shutdown_timeout=drain_seconds,
        check_worker_health=True,
    )
