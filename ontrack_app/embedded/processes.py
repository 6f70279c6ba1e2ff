"""The only home of child processes: started so that they can be found again, and ended with everything they started."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from ontrack_app.embedded.errors import CannotStart

# In the environment of everything we start: by it the next start finds what a kill -9 left. Not an ONTRACK_ setting.
MARK = "_ONTRACK_STARTED_FOR"
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class Child:
    """One process of ours in a session of its own; it is told to end when we die, and its group ends with it."""

    def __init__(
        self, name: str, command: list[str], environment: Mapping[str, str], *, output: Path | None = None
    ) -> None:
        self.name = name
        sink = output.open("ab") if output else None
        try:
            self._process = subprocess.Popen(
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT if sink else None,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - we start no threads
            )
        finally:
            if sink:
                sink.close()

    @property
    def pid(self) -> int:
        """Process id; the group has the same."""
        return self._process.pid

    def ended(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self._process.poll()

    def wait(self) -> int:
        """Waits for its end and returns its exit code; whatever interrupts the wait ends the child first."""
        try:
            return self._process.wait()
        finally:
            self.stop(grace_s=5)

    def ask_to_stop(self) -> None:
        """Tells it to end, without waiting."""
        if self.ended() is None:
            self._process.terminate()

    def stop(self, *, grace_s: float) -> None:
        """Asks it to end, gives it `grace_s` seconds, then ends it and all it started."""
        if self.ended() is None:
            self.ask_to_stop()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(grace_s)
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()


def environment_for(home: Path, **more: str) -> dict[str, str]:
    """Our own environment with the mark of this installation and `more`."""
    return dict(os.environ) | {MARK: str(home)} | more


def end_leftovers(home: Path, *, grace_s: float = 10) -> int:
    """Ends what an earlier `ontrack up` of this installation left when it was killed; returns how many there were."""
    left = [one for one in psutil.process_iter() if _is_leftover(one, home)]
    for one in left:
        with suppress(psutil.Error):
            one.terminate()
    for one in psutil.wait_procs(left, timeout=grace_s)[1]:
        with suppress(psutil.Error):
            one.kill()
    psutil.wait_procs(left, timeout=5)
    return len(left)


def run_step(name: str, command: list[str], environment: Mapping[str, str], log: Path) -> None:
    """Runs one step of a start to its end, its words in a log.

    Raises:
        CannotStart: it failed; the message holds its last words.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    if Child(name, command, environment, output=log).wait() != 0:
        raise CannotStart(f"{name} failed. {last_words(log)} The whole log: {log}")


def last_words(log: Path, lines: int = 12) -> str:
    """The end of a log, on lines of its own."""
    kept = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return "\n" + "\n".join(f"  {line}" for line in kept[-lines:]) + "\n"


def _is_leftover(one: psutil.Process, home: Path) -> bool:
    if one.pid == os.getpid():
        return False
    try:
        return bool(one.environ().get(MARK) == str(home))
    except (psutil.Error, OSError):
        return False


def _end_with_parent() -> None:
    """Runs in the child before its program: Linux tells it to end when we are gone."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
