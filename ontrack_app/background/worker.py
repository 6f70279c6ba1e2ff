"""The worker process: hands, dispatcher, mail loop and the clock, started together and stopped in order."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable

import psycopg
from huey import Huey
from huey.consumer import Consumer

from ontrack_app.background import estimates, files, invoices, payments, periodic
from ontrack_app.background.dispatcher import Dispatcher
from ontrack_app.background.hand import hands, make_huey, taking, ticking
from ontrack_app.background.mails import mail_loop
from ontrack_app.background.queue import FUNCTIONS, Pace
from ontrack_app.background.queue import run as run_message
from ontrack_app.settings import settings

NOUNS = (estimates, files, invoices, payments)  # imported so that their functions are registered
HEALTH_EVERY_SECONDS = 10.0
RETRY_EVERY_SECONDS = 2.0
logger = logging.getLogger("ontrack.background")


def run(pace: Pace | None = None) -> int:
    """Works until SIGTERM or SIGINT, then stops claiming, lets the hands finish (≤ 30 s), gives back the rest and returns 0."""
    pace = pace or Pace()
    logging.getLogger("huey").setLevel(logging.WARNING)  # it says three things about each message
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    huey = open_queue(stop)
    if huey is None:
        return 0
    dispatcher = Dispatcher(taking(huey, lambda handed: run_message(handed, pace)), pace)
    tidy = ticking(huey, periodic.tidy, periodic.WHEN)
    consumer = hands(huey, pace.hands, pace.drain)
    letters = mail_loop(settings())
    loops = [loop for loop in (dispatcher, letters) if loop is not None]
    threads = [threading.Thread(target=loop.run, name=type(loop).__name__, daemon=True) for loop in loops]
    consumer.start()
    for thread in threads:
        thread.start()
    at_once(tidy)
    logger.info("The worker is ready (process %s, %s functions).", os.getpid(), len(FUNCTIONS))
    watch(consumer, stop)
    logger.info("The worker stops: it claims nothing more and finishes what it has in hand.")
    ends = time.monotonic() + pace.drain
    for loop in loops:
        loop.stop()
    consumer.stop(graceful=True)
    for thread in threads:
        thread.join(max(0.1, ends - time.monotonic()))
    logger.info("The worker has stopped and gave back %s messages.", dispatcher.release())
    return 0


def open_queue(stop: threading.Event) -> Huey | None:
    """The queue, as soon as the database lets it be opened (it may start later than we do); None where we stop before."""
    while not stop.is_set():
        try:
            return make_huey()
        except psycopg.Error as error:
            logger.warning("The worker waits for the database: %s", str(error).strip())
            stop.wait(RETRY_EVERY_SECONDS)
    return None


def at_once(tick: Callable[[], None]) -> None:
    """Does what the clock would do, now; where that fails, the next tick comes in a few minutes."""
    try:
        tick()
    except Exception:
        logger.exception("The periodic work could not be asked for.")


def watch(consumer: Consumer, stop: threading.Event) -> None:
    """Waits for the stop, and meanwhile replaces hands that died."""
    while not stop.wait(HEALTH_EVERY_SECONDS):
        consumer.check_worker_health()
