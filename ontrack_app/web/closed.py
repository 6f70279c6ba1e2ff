"""The only home of the order of the outer doors: headers round the guard, the guard round the body limit, that round the app."""

from collections.abc import Mapping
from pathlib import Path

from starlette.types import ASGIApp

from ontrack_app import refusals
from ontrack_app.sessions import cookie_name
from ontrack_app.settings import Settings
from ontrack_app.web.body_limit import BodyLimit
from ontrack_app.web.csp import PagePolicies, policy, static_files
from ontrack_app.web.guard import OPEN_PREFIXES, Doors, Guard, Lookup
from ontrack_app.web.headers import SecurityHeaders
from ontrack_app.web.origins import ourselves


def closed(
    app: ASGIApp,
    settings: Settings,
    lookup: Lookup,
    front_end: Path,
    *,
    body_limits: Mapping[str, int] | None = None,
) -> ASGIApp:
    """The app behind every outer door. `front_end` is the directory of the built pages; `body_limits` are bytes by path prefix."""
    us = ourselves(settings)
    files = static_files(front_end)
    pages, plain = PagePolicies(front_end, us.socket_sources), policy()

    def page_policy(path: str) -> str:
        return plain if path.startswith(OPEN_PREFIXES) else pages.of(path)

    doors = Doors(us=us, cookie=cookie_name(settings), lookup=lookup, static_files=files, told=note_foreign)
    guarded = Guard(BodyLimit(app, body_limits), doors)
    return SecurityHeaders(
        guarded, page_policy=page_policy, static_files=files, secure=settings.base_url.startswith("https://")
    )


def note_foreign(words: str, ip: str) -> None:
    """Puts on record what came from another site."""
    refusals.note(words, None, ip)
