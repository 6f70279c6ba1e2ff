"""The only home of outgoing HTTP to addresses that others name: looked up, checked, pinned, no redirects, limits on time and size.

The name is resolved once, every address that it stands for is checked, and the connection goes to one of those: a name that
resolves to something else a moment later changes nothing. One deadline covers the whole exchange, however slowly it drips.
"""

import json
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

SECONDS = 6.0
MOST_BYTES = 512 * 1024
NAT64 = IPv6Network("64:ff9b::/96")
HEADERS = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "OnTrack"}
Address = IPv4Address | IPv6Address
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class Unreachable(Exception):
    """There is no usable answer; the message is one word for logs: address, connection, time, size, redirect, status, json."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status and at most MOST_BYTES of body."""

    status_code: int
    body: bytes

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: it is none.
        """
        return json.loads(self.body)

    def raise_for_status(self) -> None:
        """Stops at an answer that is not 2xx.

        Raises:
            Unreachable: with the word status.
        """
        if not 200 <= self.status_code < 300:
            raise Unreachable("status")


def ask(
    url: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None, here: bool = False
) -> Answer:
    """GET, or POST where there is a `body`. `here` (development only) lets it reach this machine, by http too.

    Raises:
        Unreachable: the address may not be asked, or nothing usable came back in time.
    """
    check_url(url, here=here)
    backend = _Pinned(time.monotonic() + SECONDS, here=here)
    sent = {**HEADERS, **(headers or {})}
    method = "GET" if body is None else "POST"
    try:
        with (
            httpcore.ConnectionPool(ssl_context=_trusted(), network_backend=backend) as pool,
            pool.stream(method, url, headers=list(sent.items()), content=body) as response,
        ):
            return Answer(response.status, _read(response))
    except httpcore.TimeoutException:
        raise Unreachable("time") from None
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
        raise Unreachable("connection") from None


def check_url(url: str, *, here: bool) -> None:
    """Stops an address that may not be asked, or that nobody may be sent to.

    Raises:
        Unreachable: it is not https (http on this machine where `here`), or is written in a way that hides where it leads.
    """
    try:
        parts = urlsplit(url)
        local = here and is_loopback(parts.hostname or "")
        usable = parts.hostname and parts.port != 0 and not parts.username and url.isascii()
    except ValueError:
        raise Unreachable("address") from None
    if not usable or not url.isprintable() or " " in url or "\\" in url:
        raise Unreachable("address")
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        raise Unreachable("address")


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def may_be_reached(address: Address, *, here: bool) -> bool:
    """Whether an address is out on the internet (or, where `here`, this machine); what hides another is judged by that one."""
    if isinstance(address, IPv6Address):
        inside = address.ipv4_mapped or address.sixtofour
        if inside is None and address in NAT64:
            inside = IPv4Address(int(address) & 0xFFFFFFFF)
        if inside is not None:
            return may_be_reached(inside, here=here)
        if address.is_site_local:
            return False
    return (here and address.is_loopback) or (address.is_global and not address.is_multicast)


def _read(response: httpcore.Response) -> bytes:
    if 300 <= response.status < 400:
        raise Unreachable("redirect")
    if any(name.lower() == b"content-encoding" and value != b"identity" for name, value in response.headers):
        raise Unreachable("size")
    found = bytearray()
    for chunk in response.iter_stream():
        found += chunk
        if len(found) > MOST_BYTES:
            raise Unreachable("size")
    return bytes(found)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context()


class _Pinned(httpcore.NetworkBackend):
    """Connects to checked addresses only, and keeps one deadline over all that follows."""

    def __init__(self, end: float, *, here: bool) -> None:
        self._inner = httpcore.SyncBackend()
        self._end = end
        self._here = here

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline says
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to one of the host's addresses, none of which may be a private one."""
        addresses = _look_up(host, port)
        if not all(may_be_reached(each, here=self._here) for each in addresses):
            raise Unreachable("address")
        for at, each in enumerate(addresses):
            left = _left(self._end)
            try:
                stream = self._inner.connect_tcp(str(each), port, left, local_address, socket_options)
                return _Hurried(stream, self._end)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if at == len(addresses) - 1:
                    raise
        raise Unreachable("address")


class _Hurried(httpcore.NetworkStream):
    """A connection on which every wait is as long as the time that is left, not longer."""

    def __init__(self, stream: httpcore.NetworkStream, end: float) -> None:
        self._stream = stream
        self._end = end

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        """Some bytes."""
        return self._stream.read(max_bytes, _left(self._end))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        """All of the bytes."""
        self._stream.write(buffer, _left(self._end))

    def close(self) -> None:
        """Ends it."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        """The same connection under TLS, with the certificate checked for the name."""
        return _Hurried(self._stream.start_tls(ssl_context, server_hostname, _left(self._end)), self._end)

    def get_extra_info(self, info: str) -> Any:
        """What the connection knows of itself."""
        return self._stream.get_extra_info(info)


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is over")
    return left


def _look_up(host: str, port: int) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("connection") from None
    return list(dict.fromkeys(ip_address(str(each[4][0]).partition("%")[0]) for each in found))
