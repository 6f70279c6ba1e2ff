"""The only home of watching the web and the worker process: restarts what dies, gives up in words, stops all in order."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from ontrack_app.embedded import drain
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.embedded.processes import Child

CANNOT_LIVE_AFTER = 5
QUICK_DEATH_S = 30.0
LONGEST_PAUSE_S = 30.0
LOOK_EVERY_S = 0.2


class Stopped(BaseException):
    """Somebody asked us to stop (Ctrl-C, SIGTERM, a closed terminal)."""


class Stopping:
    """Turns signals into `Stopped`, except while something is held that must not be interrupted half-way."""

    def __init__(self) -> None:
        self._asked = False
        self._held = 0

    def listen(self) -> None:
        """From now on signals raise `Stopped` once; further ones are ignored while we tidy up."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)

    def check(self) -> None:
        """Raises `Stopped` where it was asked for meanwhile."""
        if self._asked:
            raise Stopped

    @contextmanager
    def held(self) -> Iterator[None]:
        """Signals wait until the end of the block."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1
        self.check()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked:
            return
        self._asked = True
        if not self._held:
            raise Stopped


@dataclass(slots=True)
class Watched:
    """A process that is kept alive: how to start it, how often it died young, when to try again."""

    name: str
    start: Callable[[], Child]
    grace_s: float
    child: Child | None = None
    young_deaths: int = 0
    started_at: float = 0.0
    next_try_at: float = 0.0
    last_code: int = 0

    def look(self, say: Callable[[str], None]) -> None:
        """Starts it where it does not run and its pause is over.

        Raises:
            CannotStart: it died young too many times in a row.
        """
        now = time.monotonic()
        if self.child is not None and (code := self.child.ended()) is not None:
            self._bury(code, now, say)
        if self.child is None and now >= self.next_try_at:
            self.child, self.started_at = self.start(), now

    def ask_to_stop(self) -> None:
        """Tells it to end, without waiting."""
        if self.child is not None:
            self.child.ask_to_stop()

    def stop(self) -> None:
        """Ends it within its grace."""
        if self.child is not None:
            self.child.stop(grace_s=self.grace_s)
            self.child = None

    def _bury(self, code: int, now: float, say: Callable[[str], None]) -> None:
        if self.child is not None:
            self.child.stop(grace_s=0)
        self.child, self.last_code = None, code
        lived_s = now - self.started_at
        self.young_deaths = self.young_deaths + 1 if lived_s < QUICK_DEATH_S else 1
        if self.young_deaths >= CANNOT_LIVE_AFTER:
            raise CannotStart(
                f"The {self.name} process ended {self.young_deaths} times in a row (exit code {code}). "
                "Its words are above; ontrack doctor checks every part."
            )
        pause_s = min(LONGEST_PAUSE_S, 0.5 * 2 ** (self.young_deaths - 1))
        self.next_try_at = now + pause_s
        say(f"The {self.name} process ended (exit code {code}). It starts again in {pause_s:g} s.")


@dataclass(slots=True)
class Supervisor:
    """Keeps the watched processes alive until it is told to stop or one of them cannot live.

    The first one starts alone: on a small machine the others would only keep people waiting for it.
    """

    watched: list[Watched]
    stopping: Stopping
    data_dir: Path
    say: Callable[[str], None]
    on_ready: Callable[[], None]
    is_ready: Callable[[], bool]
    _ready: bool = field(default=False)

    def run(self) -> None:
        """Returns never: ends by `Stopped` or `CannotStart`, with everything stopped."""
        drain.withdraw(self.data_dir)
        try:
            while True:
                with self.stopping.held():
                    for one in self.watched if self._ready else self.watched[:1]:
                        one.look(self.say)
                if not self._ready and self.is_ready():
                    self._ready = True
                    self.on_ready()
                time.sleep(LOOK_EVERY_S if self._ready else 0.05)
        finally:
            drain.announce(self.data_dir)
            for one in self.watched:
                one.ask_to_stop()
            for one in self.watched:
                one.stop()
