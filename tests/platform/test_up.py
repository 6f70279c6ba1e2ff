"""`ontrack up` as people use it: words where something is in the way, and a whole run that is killed and comes back."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from ontrack_app.cli import demo, up
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.embedded.postgres import Cluster
from ontrack_app.embedded.processes import MARK
from ontrack_app.settings import Settings

COLD_WITHIN_S = 300.0
WARM_WITHIN_S = 60.0


@pytest.fixture
def place() -> Iterator[Path]:
    """A data directory that the account of Postgres can walk into."""
    with tempfile.TemporaryDirectory(prefix="ontrack-tests-") as directory:
        Path(directory).chmod(0o755)
        yield Path(directory) / "data"


@pytest.fixture
def port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(place: Path, port: int, within_s: float) -> subprocess.Popen[bytes]:
    """A running `ontrack up` that answers."""
    ours = {"ONTRACK_DATA_DIR": str(place), "PORT": str(port), "DATABASE_URL": ""}
    environment = os.environ | ours  # noqa: TID251 - a process starter
    command = [sys.executable, "-m", "ontrack_app.cli", "up", "--no-demo"]
    started = subprocess.Popen(command, env=environment)
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline and started.poll() is None:
        if up.answers(f"http://127.0.0.1:{port}/readyz"):
            return started
        time.sleep(0.1)
    started.terminate()
    raise AssertionError(f"not ready within {within_s} s, exit code {started.wait(60)}")


def processes(place: Path) -> list[psutil.Process]:
    """Everything that belongs to the installation, Postgres included."""
    home = str(Cluster(place).home)
    found = []
    for one in psutil.process_iter():
        with suppress(psutil.Error):
            if one.status() != psutil.STATUS_ZOMBIE and (
                one.environ().get(MARK) == home or one.cwd() == f"{home}/data"
            ):
                found.append(one)
    return found


def test_a_port_in_use_is_said_in_words(port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(CannotStart, match=rf"Port {port} is in use.*make run PORT={port + 1}"):
            up.check_port(port)


def test_one_data_directory_serves_one_at_a_time(tmp_path: Path) -> None:
    found = Settings(ONTRACK_DATA_DIR=tmp_path)  # type: ignore[call-arg]
    with up.alone_here(found), pytest.raises(CannotStart, match="already runs"), up.alone_here(found):
        pass
    with up.alone_here(found):
        pass


def test_it_says_where_to_go_and_as_whom(capsys: pytest.CaptureFixture[str]) -> None:
    up.where_to_go(Settings(PORT=8123))  # type: ignore[call-arg]
    said = capsys.readouterr().err
    assert "http://localhost:8123/dev/sign-in" in said
    for slug in demo.TENANTS:
        assert all(f"{who}@{slug}.example" in said for who in demo.PEOPLE)


@pytest.mark.browser  # like the walks, it needs the built front end
def test_a_whole_run_is_killed_comes_back_and_leaves_nothing(place: Path, port: int) -> None:
    first = start(place, port, COLD_WITHIN_S)
    everything = processes(place)
    assert len(everything) >= 4
    for one in (psutil.Process(first.pid), *everything):
        with suppress(psutil.NoSuchProcess):
            one.kill()
    first.wait(10)
    second = start(place, port, WARM_WITHIN_S)
    second.send_signal(signal.SIGINT)
    assert second.wait(60) == 0
    assert not processes(place)
    assert not up.answers(f"http://127.0.0.1:{port}/readyz")
