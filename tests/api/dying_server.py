"""The application over HTTP, in a process that is killed at the point that a request names in X-Die-At."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ontrack_app.api.app import build
from ontrack_app.integrations import files, scanners
from ontrack_app.integrations.scanner_policy import ContentPolicy
from ontrack_app.services.files import uploads
from tests.factories.dying import DyingStore, dies

HOME = "FILES_OF_THE_TEST"
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


def app() -> ASGIApp:
    """The API, with a store on disk."""
    files.make_store = lambda _: DyingStore(Path(os.environ[HOME]), at)  # noqa: TID251 - the test says where
    scanners.make_scanner = lambda _: ContentPolicy()
    for name in ("start", "take"):
        before_the_commit(name)
    return dying(build())
