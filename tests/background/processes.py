"""Starting, killing and waiting for real worker processes."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from ontrack_app.background.dispatcher import CHANNEL, connect
from ontrack_app.settings import PROJECT_ROOT, database_urls

READY = "The worker is ready"


@contextmanager
def a_worker(log: Path, **pace: float) -> Iterator[subprocess.Popen[str]]:
    """A worker that is ready; killed at the end if it still lives. `log` collects what it says."""
    urls = database_urls()
    environment = os.environ | {  # noqa: TID251 - starts a process
        "DATABASE_URL": urls.app,
        "DATABASE_OWNER_URL": urls.owner,
        "DATABASE_WORKER_URL": urls.worker,
    }
    command = [sys.executable, "-m", "tests.background.worker_process", json.dumps(pace)]
    process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    ready = threading.Event()
    listener = threading.Thread(target=listen, args=(process, log, ready), daemon=True)
    listener.start()
    try:
        assert ready.wait(120) and process.poll() is None, f"the worker did not start: {log.read_text()}"
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()
        listener.join()


def listen(process: subprocess.Popen[str], log: Path, ready: threading.Event) -> None:
    """Writes down what the worker says, so that its pipe never fills, and notices that it is ready (or gone)."""
    assert process.stderr is not None
    with log.open("a") as told, process.stderr as saying:
        for line in saying:
            told.write(line)
            if line.startswith(READY):
                ready.set()
    ready.set()


def wait_until(reached: Callable[[], bool], seconds: float = 60.0) -> None:
    """Looks again each time the outbox says that something happened, and each second."""
    ends = monotonic() + seconds
    with connect() as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        while not reached():
            assert monotonic() < ends, "it did not happen in time"
            list(connection.notifies(timeout=1.0, stop_after=1))
