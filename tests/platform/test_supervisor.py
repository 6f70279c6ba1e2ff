"""Processes: watched, restarted, given up in words, found again after a kill -9."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ontrack_app.embedded import drain, supervisor
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.embedded.processes import Child, end_leftovers, environment_for, run_step
from ontrack_app.embedded.supervisor import Stopped, Stopping, Supervisor, Watched

SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
PARENT = """
import sys, time
from pathlib import Path
from ontrack_app.embedded.processes import Child, environment_for
home = Path(sys.argv[1])
child = Child("sleeps", [sys.executable, "-c", "import time; time.sleep(600)"], environment_for(home))
print(child.pid, flush=True)
time.sleep(600)
"""


def soon(true: Callable[[], bool], within_s: float = 10) -> bool:
    """Whether it becomes true in time."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def gone(pid: int) -> bool:
    """Whether the process ended (a zombie that nobody collects has)."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def watching(tmp_path: Path, watched: list[Watched], said: list[str]) -> Supervisor:
    """A supervisor over these, ready at once."""
    return Supervisor(
        watched, Stopping(), tmp_path, said.append, on_ready=lambda: None, is_ready=lambda: True
    )


def test_what_dies_is_started_again(tmp_path: Path) -> None:
    started: list[Child] = []

    def start() -> Child:
        if len(started) == 2:
            raise Stopped
        started.append(Child("worker", SLEEPS, environment_for(tmp_path)))
        os.kill(started[-1].pid, signal.SIGKILL)
        return started[-1]

    said: list[str] = []
    with pytest.raises(Stopped):
        watching(tmp_path, [Watched("worker", start, grace_s=5)], said).run()
    assert len(started) == 2
    assert said[0].startswith("The worker process ended (exit code -9). It starts again in 0.5 s.")
    assert drain.announced(tmp_path), "no new work is welcome from then on"


def test_what_cannot_live_stops_everything_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE_S", 0.01)
    lives: list[Child] = []

    def live() -> Child:
        lives.append(Child("web", SLEEPS, environment_for(tmp_path)))
        return lives[-1]

    dies = Watched("worker", lambda: Child("worker", ["false"], environment_for(tmp_path)), grace_s=1)
    with pytest.raises(CannotStart, match=r"The worker process ended 5 times in a row \(exit code 1\)"):
        watching(tmp_path, [Watched("web", live, grace_s=5), dies], []).run()
    assert lives[0].ended() is not None


def test_a_child_that_will_not_end_is_ended_with_all_it_started(tmp_path: Path) -> None:
    log = tmp_path / "log"
    child = Child(
        "stubborn",
        ["/bin/sh", "-c", f'{sys.executable} -c "{STUBBORN}" & wait'],
        environment_for(tmp_path),
        output=log,
    )
    assert soon(lambda: log.exists() and "up" in log.read_text())
    grandchild = psutil.Process(child.pid).children()[0].pid
    child.stop(grace_s=0.2)
    assert soon(lambda: gone(grandchild))


def test_when_the_supervisor_is_killed_its_children_end(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.kill()
    if sys.platform != "linux":
        end_leftovers(tmp_path)
    assert soon(lambda: gone(pid))


def test_the_next_start_ends_what_was_left_and_nothing_else(tmp_path: Path) -> None:
    mine, others = tmp_path / "mine", tmp_path / "others"
    left = Child("left", SLEEPS, environment_for(mine))
    stranger = Child("stranger", SLEEPS, environment_for(others))
    try:
        assert end_leftovers(mine, grace_s=2) == 1
        assert left.ended() is not None
        assert stranger.ended() is None
    finally:
        left.stop(grace_s=1)
        stranger.stop(grace_s=1)


def test_a_failing_step_shows_its_last_words(tmp_path: Path) -> None:
    command = ["/bin/sh", "-c", "echo the disk is on fire; exit 3"]
    with pytest.raises(CannotStart, match=r"(?s)Migrating failed.*the disk is on fire"):
        run_step("Migrating", command, environment_for(tmp_path), tmp_path / "logs" / "step.log")


def test_a_signal_waits_while_something_is_held() -> None:
    stopping = Stopping()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    stopping.listen()
    steps: list[str] = []
    try:
        with pytest.raises(Stopped), stopping.held():
            os.kill(os.getpid(), signal.SIGTERM)
            steps.append("finished what it held")
        assert steps
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
