"""The only home of the probes: whether the process answers, and whether work is welcome."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ontrack_app.embedded.drain import announced
from ontrack_app.settings import settings


async def livez(_request: Request) -> PlainTextResponse:
    """The process answers."""
    return PlainTextResponse("ok")


async def readyz(_request: Request) -> PlainTextResponse:
    """Work is welcome."""
    stopping = announced(settings().data_dir)
    return PlainTextResponse("stopping" if stopping else "ok", status_code=503 if stopping else 200)


ROUTES = [Route("/livez", livez), Route("/readyz", readyz)]
