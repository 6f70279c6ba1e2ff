"""A browser without scripts: opens our pages over ASGI, keeps cookies, and sends the forms that it was shown."""

import asyncio
import re
from html import unescape
from typing import Any

import httpx
from starlette.applications import Starlette

from models.ids import new_id
from ontrack_app.settings import Settings, settings
from ontrack_app.web.routes import routes

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


class Browser:
    """One person's browser; `open` and `send` answer like httpx."""

    def __init__(self, *, ip: str = "192.0.2.1", given: Settings | None = None) -> None:
        self.origin = settings().base_url
        self.cookies = httpx.Cookies()
        self._app = Starlette(routes=routes(given or settings()))
        self._ip = ip

    def open(self, path: str, method: str = "GET", **more: Any) -> httpx.Response:
        """Loads a page, without following where it leads."""
        return asyncio.run(self._ask([(method, path, more)]))[0]

    def send(
        self, path: str, form: dict[str, str], *, origin: str | None = "ours", **more: Any
    ) -> httpx.Response:
        """Posts a form as a browser does."""
        headers = {"origin": self.origin if origin == "ours" else origin} if origin is not None else {}
        return self.open(path, "POST", data=form, headers=headers, **more)

    def send_at_once(self, path: str, form: dict[str, str], times: int) -> list[httpx.Response]:
        """Posts the same form several times in parallel."""
        return asyncio.run(
            self._ask([("POST", path, {"data": form, "headers": {"origin": self.origin}})] * times)
        )

    def open_at_once(self, path: str, times: int) -> list[httpx.Response]:
        """Loads the same page several times in parallel."""
        return asyncio.run(self._ask([("GET", path, {})] * times))

    async def _ask(self, calls: list[tuple[str, str, dict[str, Any]]]) -> list[httpx.Response]:
        transport = httpx.ASGITransport(self._app, client=(self._ip, 40000), raise_app_exceptions=True)
        async with httpx.AsyncClient(
            transport=transport, base_url=self.origin, cookies=self.cookies
        ) as client:
            answers = await asyncio.gather(
                *(client.request(method, path, **more) for method, path, more in calls)
            )
            self.cookies = client.cookies
        return list(answers)


def hidden(page: httpx.Response) -> dict[str, str]:
    """What the first form of a page would send by itself."""
    return {name: unescape(value) for name, value in HIDDEN.findall(page.text)}


def fresh_ip() -> str:
    """A network that nobody else in these tests counts against."""
    return f"2001:db8::{new_id().hex[-4:]}:{new_id().hex[-8:-4]}"
