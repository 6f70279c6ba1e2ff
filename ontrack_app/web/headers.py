"""The only home of security headers: what every answer tells the browser, whoever made the answer."""

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=(), "
    "browsing-topics=(), serial=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
}
TWO_YEARS = "max-age=63072000; includeSubDomains"
HASHED_ASSETS = "/assets/"
FOR_EVER = "public, max-age=31536000, immutable"
CHECK_AGAIN = "no-cache"
NEVER = "no-store"
WORKER, WORKER_SCOPE = (
    "/crew/sw.js",
    "/crew",
)  # the router's own address of the crew's day has no slash at its end


class SecurityHeaders:
    """Adds the headers that an answer lacks; one that sets its own policy or caching keeps it.

    `page_policy` gives the content security policy of the page at a path. `static_files` are the paths without anybody's
    data: they may be cached, all else is `no-store`.
    """

    def __init__(
        self, app: ASGIApp, *, page_policy: Callable[[str], str], static_files: frozenset[str], secure: bool
    ) -> None:
        self.app = app
        self.page_policy = page_policy
        self.static_files = static_files
        self.secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and complete the headers of its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def completed(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(scope["path"], message["status"], MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, completed)

    def _complete(self, path: str, status: int, headers: MutableHeaders) -> None:
        for name, value in EVERYWHERE.items():
            headers.setdefault(name, value)
        if self.secure:
            headers.setdefault("strict-transport-security", TWO_YEARS)
        headers.setdefault("content-security-policy", self.page_policy(path))
        headers.setdefault("cache-control", self._caching(path, status))
        if path == WORKER:
            headers["service-worker-allowed"] = WORKER_SCOPE

    def _caching(self, path: str, status: int) -> str:
        if path not in self.static_files or status not in (200, 206, 304):
            return NEVER
        return FOR_EVER if path.startswith(HASHED_ASSETS) else CHECK_AGAIN
