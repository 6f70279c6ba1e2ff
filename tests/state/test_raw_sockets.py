"""A running app, and sockets that speak Reflex's protocol without a browser: what they may not do leaves no trace."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from simple_websocket import Client, ConnectionClosed
from simple_websocket import ConnectionError as RefusedError

ROOT = Path(__file__).resolve().parents[2]
NOTES = "reflex___state____state.tests___state___closed_app____notes_state"
CONFIG = "import reflex as rx\nconfig = rx.Config(app_name='sample', state_manager_mode='memory', cors_allowed_origins=['http://localhost:{port}'])\n"
TIMEOUT = 20


@dataclass
class Server:
    """The running app."""

    port: int

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    def ran(self) -> list[str]:
        return list(self.about()["ran"])

    def about(self) -> dict[str, Any]:
        return dict(httpx.get(f"{self.origin}/api/v1/ran").json())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port, home = free_port(), tmp_path_factory.mktemp("closed")
    (home / "rxconfig.py").write_text(CONFIG.format(port=port))
    environment = {
        **os.environ,  # noqa: TID251 - a process is started with ours and its own
        "PORT": str(port), "PYTHONPATH": f"{home}:{ROOT}", "__REFLEX_SKIP_COMPILE": "true", "REFLEX_ENV_MODE": "prod",
        "REFLEX_TELEMETRY_ENABLED": "false", "REFLEX_CHECK_LATEST_VERSION": "false",
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--factory",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "tests.state.closed_app:app",
    ]
    with (home / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=home, env=environment, stdout=log, stderr=log)
    found = Server(port)
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=8)) as client:
            client.get(f"{found.origin}/readyz").raise_for_status()
        yield found
    finally:
        process.terminate()
        process.wait(TIMEOUT)
    words = (home / "log").read_text()
    assert "Traceback" not in words, words
    assert not any(secret in words for secret in ("ontrack_", "canary")), words


class PortedClient(Client):
    """Names the port in its Host header, as browsers do, and loses no frame that came along with the handshake's answer."""

    def handshake(self) -> None:
        self.host = f"{self.host}:{self.port}"
        super().handshake()
        self._handle_events()


class Tab:
    """One socket with one client token."""

    def __init__(
        self, server: Server, secret: str, token: str, *, origin: str | None = None, url: str = ""
    ) -> None:
        headers = {"Cookie": f"ontrack_{server.port}={secret}"} if secret else {}
        if origin != "":
            headers["Origin"] = origin or server.origin
        address = url or f"ws://localhost:{server.port}/_event/?EIO=4&transport=websocket&token={token}"
        self.socket = PortedClient.connect(address, headers=headers)
        self.loaded = ""
        assert self.read().startswith("0{")

    def read(self) -> str:
        found = self.socket.receive(TIMEOUT)
        assert found is not None, "nothing came within the time"
        return str(found)

    def join(self, auth: Any = None) -> "Tab":
        """Connect to the namespace and load the page, as the front end does."""
        boot = {"event": event("reflex___state____state.hydrate_and_load")}
        self.socket.send("40/_event," + json.dumps(boot if auth is None else auth))
        self.loaded = "".join(self.until('40/_event,{"sid"', '"is_hydrated_rx_state_":true'))
        return self

    def send(self, name: str, payload: Any = None, **fields: Any) -> None:
        self.emit("event", {**event(name, payload), **fields})

    def emit(self, *message: Any) -> None:
        self.socket.send("42/_event," + json.dumps(message))

    def until(self, *words: str) -> list[str]:
        """Everything read until each of the words has come."""
        found: list[str] = []
        while not all(any(word in message for message in found) for word in words):
            found.append(self.read())
        return found

    def settle(self) -> list[str]:
        """Wait until everything sent so far has been handled; what came back meanwhile."""
        self.send(f"{NOTES}.mark", {"name": "x"})
        return self.until('"count_rx_state_":-1')

    def close(self) -> None:
        self.socket.close()


def event(name: str, payload: Any = None) -> dict[str, Any]:
    return {"name": name, "payload": payload or {}, "router_data": {"pathname": "/", "asPath": "/"}}


@pytest.fixture
def ann(server: Server) -> Iterator[Tab]:
    tab = Tab(server, "ann", f"token-{os.urandom(4).hex()}").join()
    yield tab
    tab.close()


def new_runs(server: Server, before: list[str]) -> list[str]:
    return [run for run in server.ran()[len(before) :] if not run.startswith("mark")]


def test_a_tab_of_ours_works(server: Server, ann: Tab) -> None:
    before = server.ran()
    ann.send(f"{NOTES}.add", {"by": 3})
    assert '"count_rx_state_":3' in ann.until("count_rx_state_")[-1]
    assert new_runs(server, before) == ["add 3"]


@pytest.mark.parametrize(
    ("secret", "origin"),
    [("", None), ("unknown", None), ("ann", ""), ("ann", "null"), ("ann", "https://evil.example"), ("ann", "http://localhost:1"),
     ("ann", "http://localhost:{port}.evil.example"), ("ann", "https://localhost:{port}"), ("", "https://evil.example")],
)  # fmt: skip
def test_the_handshake_refuses(server: Server, secret: str, origin: str | None) -> None:
    before = server.about()
    with pytest.raises((RefusedError, ConnectionClosed)):
        Tab(server, secret, "t", origin=origin and origin.format(port=server.port))
    assert server.about() == before


def test_a_socket_without_a_token_joins_nothing(server: Server) -> None:
    url = f"ws://localhost:{server.port}/_event/?EIO=4&transport=websocket"
    before = server.about()["states"]
    tab = Tab(server, "ann", "", url=url)
    tab.socket.send("40/_event,{}")
    tab.until("44/_event")
    tab.emit("event", event(f"{NOTES}.add", {"by": 1}))
    tab.close()
    assert server.about()["states"] == before


@pytest.mark.parametrize("still_open", [True, False])
def test_another_sessions_token_finds_nothing(server: Server, still_open: bool) -> None:
    token = f"shared-token-{still_open}"
    ann = Tab(server, "ann", token).join()
    ann.send(f"{NOTES}.write", {"note": "for Ann only"})
    ann.settle()
    if not still_open:
        ann.close()
    bob = Tab(server, "bob", token).join()
    assert "for Ann only" not in bob.loaded + "".join(bob.settle())
    bob.send(f"{NOTES}.write", {"note": "from Bob"})
    bob.settle()
    if still_open:
        assert not any("from Bob" in words for words in ann.settle())
        ann.close()
    again = Tab(server, "ann", token).join()
    assert "for Ann only" in again.loaded
    again.close()
    bob.close()


def test_a_duplicated_tab_gets_a_token_of_its_own_and_keeps_it(server: Server) -> None:
    first = Tab(server, "ann", "twice").join()
    first.send(f"{NOTES}.write", {"note": "first tab"})
    first.settle()
    second = Tab(server, "ann", "twice").join()
    found = re.search(r'"new_token","([0-9a-f-]{36})"', second.loaded)
    assert found
    assert "first tab" not in second.loaded + "".join(second.settle())
    second.send(f"{NOTES}.write", {"note": "second tab"})
    second.settle()
    second.close()
    again = Tab(server, "ann", found[1]).join()
    assert "second tab" in again.loaded
    again.close()
    first.close()


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("add", {"by": "3"}), ("add", {}), ("add", {"by": 3, "extra": 1}), ("add", {"by": 3, "row": "no-id"}), ("add", {"by": [3]}),
        ("add", {"by": {"__reflex_form_data__": [["a", "b"]]}}), ("add", {"by": 3, "self": 1}), ("write", {"note": None}), ("write", {"note": {"a": 1}}),
        ("undecorated_event", {}), ("helper", {}), ("_private", {}), ("setvar", {"var_name": "count", "value": 9}), ("set_count", {"value": 9}),
        ("reset", {}), ("get_state", {"state_cls": "x"}), ("dict", {}), ("nothing", {}), ("", {}), ("__class__", {}), ("add.fn", {"by": 1}),
    ],
)  # fmt: skip
def test_a_wrong_event_does_nothing(server: Server, ann: Tab, name: str, payload: dict[str, Any]) -> None:
    before = server.ran()
    ann.send(f"{NOTES}.{name}", payload)
    said = ann.settle()
    assert new_runs(server, before) == []
    assert len(said) == 1


@pytest.mark.parametrize(
    "data",
    [None, 5, "x", [], [1], {}, {"name": 5}, {"name": None}, {"name": ["a"]}, {"name": f"{NOTES}.add", "payload": [3]},
     {"name": f"{NOTES}.add", "payload": "x"}, {"name": f"{NOTES}.add", "payload": {"by": 1}, "router_data": [1], "x": 1, "token": "t"},
     json.dumps({"name": f"{NOTES}.add", "payload": {"by": 1}}), "{", {"name": "reflex___state____state.set_is_hydrated", "payload": {"value": True}},
     {"name": "reflex___state____state.setvar", "payload": {"var_name": "is_hydrated", "value": True}},
     {"name": "reflex___state____state.reflex___state____update_vars_internal_state.update_vars_internal", "payload": {"vars": {f"{NOTES}.count": 7}}}],
)  # fmt: skip
def test_a_malformed_event_does_nothing(server: Server, ann: Tab, data: Any) -> None:
    before = server.ran()
    ann.emit("event", data)
    ann.settle()
    runs = new_runs(server, before)
    assert runs == (["add 1"] if isinstance(data, dict) and data.get("payload") == {"by": 1} else [])


def test_an_event_cannot_name_its_session(server: Server) -> None:
    crew = Tab(server, "cid", "crew-token").join()
    before = server.ran()
    forged = {
        "pathname": "/",
        "ontrack_session": "x",
        "headers": {"cookie": "x"},
        "token": "shared-token",
        "session_id": "x",
    }
    crew.emit("event", {**event(f"{NOTES}.add", {"by": 1}), "router_data": forged, "token": "shared-token"})
    said = crew.settle()
    assert new_runs(server, before) == []
    assert "may not change leads" in "".join(said)
    crew.close()


@pytest.mark.parametrize(
    "message",
    [
        ["connect", {"asgi.scope": {"ontrack.admitted": "x", "headers": []}, "QUERY_STRING": "token=shared-token"}],
        ["connect", {"asgi.scope": {"ontrack.admitted": {"session_hash": "x"}}}, {}],
        ["link_token_to_sid", "shared-token"], ["emit_update", {}, "shared-token"], ["client_error", {"message": "a\nb" * 1000}],
        ["", {}], [5, {}], [None], ["event"],
    ],
)  # fmt: skip
def test_a_message_cannot_call_the_server_by_name(server: Server, ann: Tab, message: list[Any]) -> None:
    before = server.ran()
    ann.emit(*message)
    said = ann.settle()
    assert new_runs(server, before) == []
    assert not any("for Ann only" in words for words in said)


def test_a_session_that_ends_is_sent_to_sign_in_and_its_sockets_close(server: Server) -> None:
    tab = Tab(server, "bob", "to-be-ended").join()
    httpx.post(f"{server.origin}/api/v1/end?secret=bob")
    before = server.ran()
    tab.send(f"{NOTES}.write", {"note": "too late"})
    assert "/auth/sign-in" in tab.until("leave_to_rx_state_")[-1]
    tab.send("reflex___state____state.hydrate")
    assert "/auth/sign-in" in tab.until("leave_to_rx_state_")[-1]
    assert new_runs(server, before) == []
    assert httpx.post(f"{server.origin}/api/v1/end?secret=bob&close=1").json()["closed"] >= 1
    assert tab.until("41/_event")
    with pytest.raises(ConnectionClosed):
        tab.read()
    with pytest.raises((RefusedError, ConnectionClosed)):
        Tab(server, "bob", "to-be-ended")


def test_no_cookie_is_kept(server: Server, ann: Tab) -> None:
    ann.settle()
    kept = server.about()["kept"]
    assert "ontrack_session" in kept
    assert "cookie" not in kept
    assert f"ontrack_{server.port}" not in kept
