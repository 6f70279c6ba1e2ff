"""Servers that die: each request of its input is answered by a process of its own, which is killed at the point that the request
names in X-Die-At. Forked before there is a thread or a connection, so that starting one is quick."""

import base64
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ontrack_app.api.app import build
from ontrack_app.integrations import files, scanners
from ontrack_app.integrations.scanner_policy import ContentPolicy
from ontrack_app.services.files import uploads
from tests.factories.dying import DyingStore, dies

wanted = ""


def at(point: str) -> None:
    """This process is gone where the request asks for it."""
    dies(wanted)(point)


def before_the_commit(name: str) -> None:
    """A service after which, and before its transaction is committed, there is a point."""
    real: Callable[..., Any] = getattr(uploads, name)

    def called(*given: Any) -> Any:
        found = real(*given)
        at(f"before {name} is committed")
        return found

    setattr(uploads, name, called)


def dying(app: ASGIApp) -> ASGIApp:
    """The same application, with points where it reads a body and where it answers."""

    async def called(scope: Scope, receive: Receive, send: Send) -> None:
        global wanted  # noqa: PLW0603 - one request at a time
        if scope["type"] == "http":
            wanted = dict(scope["headers"]).get(b"x-die-at", b"").decode()

        async def reading() -> Message:
            message = await receive()
            if message.get("body"):
                at("while it is read")
            return message

        async def answering(message: Message) -> None:
            at("before the answer")
            await send(message)

        await app(scope, reading, answering)

    return called


def answered(http: TestClient, asked: dict[str, str]) -> dict[str, object]:
    """The answer to one request, as plain values."""
    headers = json.loads(asked["headers"])
    answer = http.request(
        asked["method"], asked["path"], headers=headers, content=base64.b64decode(asked["body"])
    )
    return {
        "status": answer.status_code,
        "headers": list(answer.headers.items()),
        "body": base64.b64encode(answer.content).decode(),
    }


def say(words: object) -> None:
    """A line for whoever started this."""
    sys.stdout.write(f"{json.dumps(words)}\n")
    sys.stdout.flush()


def main() -> None:
    """One process for each request."""
    files.make_store = lambda _: DyingStore(Path(sys.argv[1]), at)
    scanners.make_scanner = lambda _: ContentPolicy()
    for name in ("start", "take"):
        before_the_commit(name)
    http = TestClient(dying(build()))
    say("ready")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            say(answered(http, json.loads(line)))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            say({"ended": os.waitstatus_to_exitcode(status)})


if __name__ == "__main__":
    main()
