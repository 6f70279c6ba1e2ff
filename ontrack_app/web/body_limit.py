"""The only home of the limit on request bodies: counted while they stream, whatever the sender says their length is."""

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ontrack_app.web.answers import header_values, problem

DEFAULT_LIMIT = 2 * 1024 * 1024


class BodyTooLargeError(Exception):
    """Ends the reading of a body that went past its limit; never leaves this file's middleware."""


class BodyLimit:
    """Answers 413 for a body over the limit of its path: the longest matching prefix, else `DEFAULT_LIMIT` bytes."""

    def __init__(self, app: ASGIApp, limits: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.limits = sorted((limits or {}).items(), key=lambda item: -len(item[0]))

    def limit_for(self, path: str) -> int:
        """How many bytes a request to this path may bring."""
        return next((limit for prefix, limit in self.limits if path.startswith(prefix)), DEFAULT_LIMIT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with a counted body, or answer for the app."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.limit_for(scope["path"])
        lengths = header_values(scope, b"content-length")
        if any(not length.isascii() or not length.isdigit() for length in lengths):
            await problem(send, 400, "Not understood", "The length of the request is not a number.")
        elif any(int(length) > limit for length in lengths):
            await too_large(send, limit)
        else:
            await self._counted(scope, receive, send, limit)

    async def _counted(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        count, over, started = 0, False, False

        async def counting() -> Message:
            nonlocal count, over
            message = await receive()
            count += len(message.get("body", b""))
            if over or count > limit:
                over = True
                raise BodyTooLargeError
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            if over and not started:
                return
            started = True
            await send(message)

        try:
            await self.app(scope, counting, watched)
        except Exception:
            if not over:
                raise
        if over and not started:
            await too_large(send, limit)


async def too_large(send: Send, limit: int) -> None:
    """Say how much would have been accepted."""
    await problem(send, 413, "Too large", f"At most {limit // 1024:,} KB are accepted in one request.")
