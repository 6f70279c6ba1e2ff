"""Two providers to sign in with: a certified one (npm's oidc-provider, a process of its own) and a hostile one that says anything."""

import json
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin

import httpx
from joserfc import jwk, jwt

from ontrack_app.settings import PROJECT_ROOT
from tests import npm

SOURCE = PROJECT_ROOT / "tests" / "integrations" / "oidc_provider"
READY_S = 60
CLIENT_ID, CLIENT_SECRET = "ontrack", "a secret: of tests & nothing else+%"
WELL_KNOWN = "/.well-known/openid-configuration"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def installed() -> Path:
    """The directory with the provider and what it needs."""
    place = npm.installed(SOURCE, "oidc_provider")
    shutil.copy(SOURCE / "provider.mjs", place)
    return place


@dataclass(frozen=True)
class Real:
    """The certified provider."""

    issuer: str

    def sign_in(self, address: str, name: str, back: str) -> str:
        """Signs somebody in under this name, as a browser does, and returns where that leads: the address under `back`."""
        with httpx.Client() as client:
            return self._walk(client, address, back, {"login": name, "password": "x"})

    def refuse(self, address: str, back: str) -> str:
        """Comes back without having signed in."""
        with httpx.Client() as client:
            return self._walk(client, address, back, None)

    def _walk(self, client: httpx.Client, address: str, back: str, typed: dict[str, str] | None) -> str:
        for _ in range(12):
            if address.startswith(back):
                return address
            answer = client.get(address)
            if answer.status_code == 200 and typed is None:
                answer = client.get(f"{address}/abort")
            elif answer.status_code == 200:
                asked = re.search(r'name="prompt" value="(\w+)"', answer.text)
                assert asked, answer.text
                answer = client.post(address, data={"prompt": asked[1], **typed})
            assert answer.is_redirect, answer.text
            address = urljoin(address, answer.headers["location"])
        raise AssertionError("the provider leads in a circle")


@contextmanager
def running(redirects: list[str]) -> Iterator[Real]:
    """The certified provider, started, and ended afterwards."""
    port, place = free_port(), installed()
    found = Real(f"http://localhost:{port}")
    environment = npm.environment(PORT=str(port), REDIRECTS=json.dumps(redirects))
    with (place / f"log-{port}").open("w+") as log:
        process = subprocess.Popen(
            ["node", "provider.mjs"], cwd=place, env=environment, stdout=log, stderr=log
        )
        try:
            end = time.monotonic() + READY_S
            while not _answers(found.issuer + WELL_KNOWN):
                assert process.poll() is None and time.monotonic() < end, Path(log.name).read_text()
                time.sleep(0.05)  # a program that is not there yet can only be asked again
            yield found
        finally:
            process.kill()
            process.wait()
    Path(log.name).unlink()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


@dataclass
class Hostile:
    """A provider in this process. `path` and `issuer` may be those of an organisation; `said` changes the discovery document,
    `token` makes the answer to a code, `answer` makes the answer to everything."""

    port: int
    key: jwk.RSAKey = field(default_factory=lambda: jwk.RSAKey.generate_key(2048, {"kid": "one"}))
    said: dict[str, Any] = field(default_factory=dict)
    keys: list[dict[str, Any]] = field(default_factory=list)
    token: Callable[[dict[str, str]], dict[str, Any]] = lambda _: {"error": "invalid_grant"}
    answer: Callable[[BaseHTTPRequestHandler], None] | None = None
    asked: list[str] = field(default_factory=list)
    posted: list[dict[str, str]] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        """Who it says it is."""
        return f"http://localhost:{self.port}"

    def document(self) -> dict[str, Any]:
        """What it says of itself."""
        paths = {"authorization_endpoint": "/auth", "token_endpoint": "/token", "jwks_uri": "/jwks"}
        found = {name: self.issuer + path for name, path in paths.items()}
        return {"issuer": self.issuer, **found, **self.said}

    def claims(self, nonce: str, /, **other: Any) -> dict[str, Any]:
        """The claims of a token that nothing is wrong with, but for what is given; None takes one away."""
        now = int(time.time())
        good = {
            "iss": self.issuer,
            "sub": "ann",
            "aud": CLIENT_ID,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
        }
        return {name: value for name, value in {**good, **other}.items() if value is not None}

    def signed(
        self, claims: dict[str, Any], *, algorithm: str = "RS256", key: Any = None, kid: str = "one"
    ) -> str:
        """A token with these claims."""
        key = key or self.key
        return jwt.encode({"alg": algorithm, "kid": kid}, claims, key, algorithms=[algorithm])


@contextmanager
def hostile() -> Iterator[Hostile]:
    """The hostile provider, listening."""
    found: list[Hostile] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            this = found[0]
            this.asked.append(self.path)
            if this.answer is not None:
                this.answer(self)
            elif self.path.endswith(WELL_KNOWN):
                self.send(this.document())
            else:
                self.send({"keys": this.keys or [this.key.as_dict(private=False)]})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            found[0].posted.append(form)
            told = found[0].token(form)
            self.send(told, 400 if "error" in told else 200)

        def send(self, told: dict[str, Any], status: int = 200) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(told).encode())

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.append(Hostile(server.server_address[1]))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield found[0]
    finally:
        server.shutdown()
        server.server_close()
