"""The front door: imports the screens, mounts what is not a screen, and builds the one app object behind the outer doors.

A module in `pages/` or `portal/` is a screen: it registers itself with `@rx.page(route=…, on_load=on_load(…))`.
"""

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import reflex as rx
from reflex.utils.prerequisites import get_web_dir
from reflex_base.constants import Dirs
from reflex_base.registry import RegistrationContext
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from ontrack_app import redaction
from ontrack_app.api.app import build
from ontrack_app.settings import PROJECT_ROOT, settings
from ontrack_app.ui.connection import connection_line
from ontrack_app.ui.leave import leave
from ontrack_app.ui.theme import STYLESHEETS, head
from ontrack_app.web import docs_page, probes
from ontrack_app.web.closed import closed
from ontrack_app.web.routes import BODY_LIMITS, routes
from state.ending import close_ended
from state.guarding import DenyByDefault
from state.news import tell_news
from state.session import SessionState, look_up, on_backend_error, on_frontend_error, on_load
from state.sockets import install

SCREENS = ("pages", "portal")


def import_screens() -> None:
    """Imports every module of the screens, so that their pages and States are known."""
    for package in SCREENS:
        for module in walk_packages([str(PROJECT_ROOT / package)], prefix=f"{package}."):
            import_module(module.name)


def index() -> rx.Component:
    """The one page, until a screen has the route `/`."""
    page: rx.Component = rx.el.main(rx.heading("OnTrack"), rx.text(SessionState.name))
    return page


def beside_rest(inner: ASGIApp) -> ASGIApp:
    """REST answers everything below /api, so that unknown addresses and methods there are problem documents too."""
    rest = build()
    rest.router.routes.append(docs_page.route(rest.openapi))

    async def choose(scope: Scope, receive: Receive, send: Send) -> None:
        is_rest = scope["type"] == "http" and (scope["path"] == "/api" or scope["path"].startswith("/api/"))
        await (rest if is_rest else inner)(scope, receive, send)

    return choose


def behind_doors(inner: ASGIApp) -> ASGIApp:
    """The whole app behind the guard; last of the transformers, so that nothing stands outside of it."""
    front_end = Path(get_web_dir() / Dirs.STATIC)
    return closed(inner, settings(), look_up, front_end, body_limits=BODY_LIMITS)


redaction.install()
import_screens()
outside = Starlette(routes=[*probes.ROUTES, *routes(settings())])
app = rx.App(
    stylesheets=STYLESHEETS,
    head_components=head(),
    html_lang="en",
    toaster=None,
    extra_app_wraps={
        (45, "Leave"): lambda _stateful: leave(SessionState.leave_to),
        (5, "Overlay"): lambda is_stateful: connection_line() if is_stateful else None,
    },
    api_transformer=[outside, beside_rest, behind_doors],
    backend_exception_handler=on_backend_error,
    frontend_exception_handler=on_frontend_error,
)
if not any(given.get("route") == "/" for _, given in RegistrationContext.get().decorated_pages):
    app.add_page(index, route="/", title="OnTrack", on_load=on_load())
app.add_middleware(DenyByDefault())
app.register_lifespan_task(close_ended)
app.register_lifespan_task(tell_news)
install(app)
