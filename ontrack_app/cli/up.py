"""`ontrack up`: everything on one machine, from the database to the address that people open."""

import contextlib
import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import click
import psutil

from ontrack_app.cli import demo
from ontrack_app.embedded import conveniences, frontend, serving
from ontrack_app.embedded.database import database, private_home
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.embedded.locks import FileLock
from ontrack_app.embedded.processes import Child, end_leftovers, environment_for, run_step
from ontrack_app.embedded.supervisor import Stopped, Stopping, Supervisor, Watched
from ontrack_app.settings import PROJECT_ROOT, DatabaseUrls, Settings, settings

DEMO_STAMP = "demo-loaded"


@click.command("up")
@click.option("--no-demo", is_flag=True, help="Do not load the demo companies.")
@click.option("--port", type=click.IntRange(1, 65535), help="Where to serve; the setting PORT otherwise.")
def command(no_demo: bool, port: int | None) -> None:
    """Start everything, serve it on http://localhost:PORT, stop it all with Ctrl-C."""
    if port is not None:
        os.environ["PORT"] = str(port)
    stopping = Stopping()
    stopping.listen()
    try:
        with stopping.held():
            found, home = settings(), private_home()
        with alone_here(found):
            _up(stopping, found, home, no_demo=no_demo)
    except Stopped:
        say("Stopped.")


def say(words: str) -> None:
    """One short line of progress."""
    click.echo(words, err=True)


@contextlib.contextmanager
def alone_here(found: Settings) -> Iterator[None]:
    """Holds the data directory for this process alone.

    Raises:
        CannotStart: another `ontrack up` has it.
    """
    lock = FileLock(found.data_dir / "up.lock")
    if not lock.take(wait=False):
        raise CannotStart(
            f"OnTrack already runs with the data in {found.data_dir}. Stop it, or give this one a directory of its own: "
            "make run PORT=8001 ONTRACK_DATA_DIR=.ontrack-2"
        )
    try:
        yield
    finally:
        lock.drop()


def check_port(port: int) -> None:
    """Raises `CannotStart` in words where another program has the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CannotStart(f"Port {port} needs root. Choose one above 1023: make run PORT=8001") from None
        except OSError:
            raise CannotStart(
                f"Port {port} is in use{_who(port)}. Choose another: make run PORT={port + 1}"
            ) from None


def _who(port: int) -> str:
    with contextlib.suppress(psutil.Error, OSError):
        for one in psutil.net_connections("tcp"):
            if one.status == psutil.CONN_LISTEN and one.laddr.port == port and one.pid:
                return f" by {psutil.Process(one.pid).name()} (process {one.pid})"
    return ""


def _up(stopping: Stopping, found: Settings, home: Path, *, no_demo: bool) -> None:
    if left := end_leftovers(home):
        say(f"Ended {left} processes that an earlier run left behind.")
    check_port(found.port)
    say("Starting the database")
    with contextlib.ExitStack() as stack:
        with stopping.held():
            urls = stack.enter_context(database())
        conveniences.settle(urls, production=found.is_production)
        if not no_demo and not found.is_production:
            _load_demo(urls, home)
        if not frontend.is_current():
            say("Building the front end, half a minute or so")
            frontend.build(home)
        site = found.data_dir / "site"
        frontend.publish(site, found.base_url, crew_worker=found.crew_worker == "on")
        watch(stopping, found, home, urls).run()


def watch(stopping: Stopping, found: Settings, home: Path, urls: DatabaseUrls) -> Supervisor:
    """The supervisor of the web and the worker process, not yet started."""
    shared = {
        "DATABASE_URL": urls.app,
        "ONTRACK_DATA_DIR": str(found.data_dir),
        "PYTHONPATH": str(PROJECT_ROOT),
    }
    web = environment_for(
        home, **shared | serving.web_environment(found, found.data_dir / "site", frontend.KEPT / "reflex")
    )
    work = environment_for(home, **shared | {"DATABASE_WORKER_URL": urls.worker})
    patience_s = serving.DRAIN_S + 2
    watched = [
        Watched("web", lambda: Child("web", serving.web_command(found), web), patience_s),
        Watched("worker", lambda: Child("worker", serving.worker_command(), work), patience_s),
    ]
    return Supervisor(
        watched,
        stopping,
        found.data_dir,
        say,
        on_ready=lambda: where_to_go(found),
        is_ready=lambda: answers(f"http://127.0.0.1:{found.port}/readyz"),
    )


def answers(url: str) -> bool:
    """Whether a GET of the address is answered with 200 within a second."""
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def where_to_go(found: Settings) -> None:
    """Prints the address, and how to sign in as each demo person."""
    lines = ["", f"OnTrack is ready: {found.base_url}"]
    if not found.is_production:
        lines += [
            f"Sign in with one click: {found.base_url}/dev/sign-in",
            f"Mails sent: {found.base_url}/dev/outbox",
        ]
        lines += [
            f"  {slug}: {', '.join(f'{who}@{slug}.example' for who in demo.PEOPLE)}" for slug in demo.TENANTS
        ]
        lines.append("  both companies: owner@both.example")
    say("\n".join([*lines, "Ctrl-C stops everything.", ""]))


def _load_demo(urls: DatabaseUrls, home: Path) -> None:
    stamp = home / DEMO_STAMP
    if stamp.exists():
        return
    say("Loading the demo companies")
    more = {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner, "DATABASE_WORKER_URL": urls.worker}
    command_line = [sys.executable, "-m", "ontrack_app.cli", "demo"]
    run_step("Loading the demo companies", command_line, environment_for(home, **more), home / "demo.log")
    stamp.touch()
