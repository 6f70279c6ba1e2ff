"""The front door: imports the screens, mounts what is not a screen, and builds the one app object."""

import reflex as rx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ontrack_app.embedded.drain import announced
from ontrack_app.settings import settings
from ontrack_app.ui.theme import STYLESHEETS, head


def index() -> rx.Component:
    """The one page, until the screens stand."""
    return rx.el.main(rx.heading("OnTrack"))


async def livez(_request: Request) -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("ok")


async def readyz(_request: Request) -> PlainTextResponse:
    """Work is welcome."""
    stopping = announced(settings().data_dir)
    return PlainTextResponse("stopping" if stopping else "ok", status_code=503 if stopping else 200)


outside = Starlette(routes=[Route("/livez", livez), Route("/readyz", readyz)])
app = rx.App(stylesheets=STYLESHEETS, head_components=head(), html_lang="en", api_transformer=outside)
app.add_page(index, route="/", title="OnTrack")
