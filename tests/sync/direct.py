"""Calls of the application in this process, without a network and from any thread."""

import asyncio
from typing import Any

import httpx

from ontrack_app.api.app import build


class Direct:
    """Calls the application in this process, without a network."""

    def __init__(self) -> None:
        self._transport = httpx.ASGITransport(build(), raise_app_exceptions=False)
        self._runner = asyncio.Runner()

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The answer of one call."""
        return self._runner.run(self._ask(httpx.Request(method, f"http://x{path}", **more)))

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        answer = await self._transport.handle_async_request(request)
        await answer.aread()
        return answer

    def close(self) -> None:
        """Ends the loop."""
        self._runner.close()
