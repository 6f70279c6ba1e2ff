"""The server-rendered pages behind the real outer doors, without screens: enough for a walk to a provider and back."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.types import ASGIApp

from ontrack_app.settings import settings
from ontrack_app.web.closed import closed
from ontrack_app.web.routes import routes


def app() -> ASGIApp:
    """What the walk's web process serves."""
    pages = Starlette(routes=routes(settings()))
    return closed(pages, settings(), lambda _: None, Path("no-front-end"))
