"""Outgoing HTTP: which addresses may be asked, that what was checked is what is connected to, and where it stops."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from ontrack_app.integrations import outgoing
from ontrack_app.integrations.outgoing import Unreachable, ask, check_url
from tests.web.oidc_providers import Hostile, hostile

PUBLIC, INSIDE = "93.184.215.14", "10.0.0.7"


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile() as found:
        yield found


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names resolve to these addresses, the first time to the first of them and so on; returns the names that were asked."""
    asked: list[str] = []

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", look_up)
    return asked


def connecting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nothing leaves this machine; returns where connections were tried."""
    tried: list[str] = []

    def connect(_: Any, host: str, *__: Any) -> None:
        tried.append(host)
        raise outgoing.httpcore.ConnectError("nobody there")

    monkeypatch.setattr(outgoing.httpcore.SyncBackend, "connect_tcp", connect)
    return tried


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
     "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "fec0::1"],
)  # fmt: skip
def test_addresses_inside_are_never_connected_to(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    tried = connecting(monkeypatch)
    for found in ([address], [PUBLIC, address]):
        resolving(monkeypatch, found)
        with pytest.raises(Unreachable, match="address"):
            ask("https://provider.example/")
    assert tried == []


@pytest.mark.parametrize("address", [PUBLIC, "2606:4700::1", "64:ff9b::5db8:d70e"])
def test_addresses_outside_are(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    tried = connecting(monkeypatch)
    resolving(monkeypatch, [address])
    with pytest.raises(Unreachable, match="connection"):
        ask("https://provider.example/")
    assert tried == [address]


def test_a_name_is_looked_up_once_and_its_checked_address_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = connecting(monkeypatch)
    asked = resolving(monkeypatch, [PUBLIC], [INSIDE])
    with pytest.raises(Unreachable, match="connection"):
        ask("https://provider.example/")
    assert (asked, tried) == (["provider.example"], [PUBLIC])


def test_this_machine_is_reached_in_development_only(server: Hostile) -> None:
    url = f"{server.issuer}/jwks"
    assert ask(url, here=True).json()["keys"]
    with pytest.raises(Unreachable, match="address"):
        ask(url)
    with pytest.raises(Unreachable, match="address"):
        ask(url.replace("http://", "https://"))
    assert server.asked == ["/jwks"]


@pytest.mark.parametrize(
    "url",
    ["http://provider.example/", "ftp://provider.example/", "file:///etc/passwd", "https://", "//provider.example/", "https://a@b.example/",
     "https://provider.example:0/", "https://provider.example:x/", "https://pro vider.example/", "https://b\\.example/", "https://b.example/\n",
     "https://[::1/", "https://b.example/\u2603", ""],
)  # fmt: skip
def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(Unreachable, match="address"):
        check_url(url, here=True)


def test_a_redirect_is_an_answer_that_counts_for_nothing(server: Hostile) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("location", server.issuer + "/inside")
        handler.end_headers()

    server.answer = answer
    with pytest.raises(Unreachable, match="redirect"):
        ask(server.issuer + "/", here=True)
    assert server.asked == ["/"]


def test_too_much_is_not_read_to_its_end(server: Hostile) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"x" * int(handler.path[1:]))

    server.answer = answer
    assert len(ask(f"{server.issuer}/{outgoing.MOST_BYTES}", here=True).body) == outgoing.MOST_BYTES
    with pytest.raises(Unreachable, match="size"):
        ask(f"{server.issuer}/{outgoing.MOST_BYTES + 1}", here=True)
