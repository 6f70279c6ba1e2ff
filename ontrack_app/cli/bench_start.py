"""`ontrack bench start`: how long until `/readyz` answers on a warm start, and what all processes hold at rest."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import click
import psutil

from ontrack_app.cli.bench_tools import free_port
from ontrack_app.cli.up import answers
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.embedded.postgres import Cluster
from ontrack_app.embedded.processes import MARK

COLD_WITHIN_S = 300.0
WARM_WITHIN_S = 60.0
AT_REST_SHARE = 0.02  # of one core, over the last second
SETTLES_WITHIN_S = 30.0
SERVER_SETTINGS = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_WORKER_URL", "REDIS_URL", MARK)


@click.command("start")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on the last line.")
def command(*, as_json: bool) -> None:
    """Seconds until ready (warm), and memory at rest, with a database of its own."""
    figures = measure()
    click.echo(
        f"Ready in {figures['ready_s']} s (warm); app, worker and Postgres hold {figures['pss_mb']} MB at rest."
    )
    if as_json:
        click.echo(json.dumps(figures))


def measure() -> dict[str, object]:
    """Starts an installation of its own twice: cold to prepare it, warm to measure. Seconds and megabytes (PSS)."""
    # Beside the system's other temporary files and open to be walked through: Postgres runs as another account.
    with tempfile.TemporaryDirectory(prefix="ontrack-bench-") as directory:
        Path(directory).chmod(0o755)
        data_dir = Path(directory) / "data"
        cold_s, server = begun(data_dir, COLD_WITHIN_S)
        ended(server)
        ready_s, server = begun(data_dir, WARM_WITHIN_S)
        try:
            parts = _at_rest(server, Cluster(data_dir))
        finally:
            ended(server)
    return {
        "ready_s": round(ready_s, 2),
        "cold_s": round(cold_s, 2),
        "pss_mb": round(sum(parts.values()) / 1e6),
        "parts_mb": {name: round(held / 1e6) for name, held in parts.items()},
        "conditions": f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, no demo, front end built before",
    }


def begun(
    data_dir: Path, within_s: float, *, port: int = 0, more: Mapping[str, str] | None = None
) -> tuple[float, subprocess.Popen[bytes]]:
    """Starts all of `ontrack up` on a directory: the seconds until it was ready, and its supervisor.

    Raises:
        CannotStart: it was not ready in time.
    """
    port = port or free_port()
    environment = {name: value for name, value in os.environ.items() if name not in SERVER_SETTINGS}
    environment |= {
        "PORT": str(port),
        "ONTRACK_DATA_DIR": str(data_dir),
        "ONTRACK_ENV": "development",
        "DATABASE_URL": "",
    }
    environment.pop("ONTRACK_BASE_URL", None)
    environment |= more or {}
    began = time.monotonic()
    up = [sys.executable, "-m", "ontrack_app.cli", "up", "--no-demo"]
    server = subprocess.Popen(up, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    while time.monotonic() - began < within_s and server.poll() is None:
        if answers(f"http://127.0.0.1:{port}/readyz"):
            return time.monotonic() - began, server
        time.sleep(0.02)
    ended(server)
    said = server.stderr.read().decode(errors="replace") if server.stderr else ""
    raise CannotStart(f"It was not ready within {within_s:g} s. {said[-600:]}")


def ended(server: subprocess.Popen[bytes]) -> None:
    """Stops it, and waits until it is gone."""
    if server.poll() is None:
        server.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        server.wait(60)
    server.kill()
    server.wait()


def _at_rest(server: subprocess.Popen[bytes], cluster: Cluster) -> dict[str, int]:
    """Bytes by part once nothing works any more: supervisor, web and worker, and Postgres."""
    ours = psutil.Process(server.pid)
    deadline = time.monotonic() + SETTLES_WITHIN_S
    before = _spent(ours)
    while time.monotonic() < deadline:
        time.sleep(1)
        now = _spent(ours)
        if now - before < AT_REST_SHARE:
            break
        before = now
    postgres = [one for one in psutil.process_iter() if _works_in(one, cluster.data)]
    return {
        "supervisor": ours.memory_full_info().pss,
        "app_and_worker": sum(one.memory_full_info().pss for one in ours.children(recursive=True)),
        "postgres": sum(one.memory_full_info().pss for one in postgres),
    }


def _spent(root: psutil.Process) -> float:
    times = [one.cpu_times() for one in (root, *root.children(recursive=True))]
    return float(sum(spent.user + spent.system for spent in times))


def _works_in(one: psutil.Process, directory: Path) -> bool:
    try:
        return bool(one.cwd() == str(directory))
    except psutil.Error:
        return False
