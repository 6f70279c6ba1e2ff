"""The only home of form tokens and of the Origin check: which native POST is really from a page of ours, in this browser.

Two kinds of token. A page for somebody without a session binds its token to a cookie of that browser and to its purpose, and
the token ages. A page of a signed-in person binds it to the session (`form_token`), and it lives as long as the session.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer

from ontrack_app.errors import Forbidden
from ontrack_app.sessions import hash_secret
from ontrack_app.settings import Settings, settings
from ontrack_app.web.origins import ourselves

FIELD = "form_token"
OPEN_SECONDS = 12 * 3600
TOO_OLD = "This page was open for too long, or cookies are off. Nothing is lost: press the button again."


class FormExpired(Forbidden):
    """The token is missing, too old or another browser's; the page is shown again with what was typed."""

    noted = False


@dataclass(frozen=True, slots=True)
class Form:
    """A form that came back: how long it was on the screen (seconds), and its own mark."""

    age: float
    mark: str


def browser_cookie(given: Settings) -> str:
    """The cookie that ties the forms of people without a session to their browser."""
    if given.base_url.startswith("https://"):
        return "__Host-ontrack-form"
    return f"ontrack_form_{given.port}"


def check_origin(origins: Sequence[str], given: Settings) -> None:
    """Stops a POST that does not come from a page of ours; one exact Origin, nothing else counts.

    Raises:
        Forbidden: another origin, none, or several.
    """
    if len(origins) != 1 or origins[0] not in ourselves(given).origins:
        raise Forbidden(
            "This was sent from another site, so nothing was done. Open the page here and try again."
        )


def blank(browser: str, purpose: str) -> str:
    """The token of a form about to be shown; `browser` is the value of the cookie."""
    token: str = _timed(purpose).dumps([_of(browser), secrets.token_hex(8)])
    return token


def came_back(token: str, browser: str, purpose: str) -> Form:
    """The form that a token belongs to.

    Raises:
        FormExpired: it is missing, changed, too old, another purpose's or another browser's.
    """
    try:
        (owner, mark), made = _timed(purpose).loads(token, max_age=OPEN_SECONDS, return_timestamp=True)
    except (BadData, ValueError, TypeError):
        raise FormExpired(TOO_OLD) from None
    if not secrets.compare_digest(str(owner), _of(browser)):
        raise FormExpired(TOO_OLD)
    return Form((datetime.now(UTC) - made).total_seconds(), str(mark))


def form_token(session_hash: str) -> str:
    """The token of every form on the pages of one session; it gives away nothing of the session."""
    token: str = _of_sessions().dumps(hash_secret(session_hash))
    return token


def check_form_token(token: str, session_hash: str) -> None:
    """Stops a POST whose token is not this session's.

    Raises:
        Forbidden: it is missing or another session's.
    """
    try:
        owner = str(_of_sessions().loads(token))
    except BadData:
        owner = ""
    if not secrets.compare_digest(owner, hash_secret(session_hash)):
        raise Forbidden("This page is from an earlier sign-in. Load it again, then press the button.")


def _of(browser: str) -> str:
    return hash_secret(browser)[:32]


def _timed(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_key(), salt=f"ontrack.form.{purpose}")


def _of_sessions() -> URLSafeSerializer:
    return URLSafeSerializer(_key(), salt="ontrack.form-of-session")


def _key() -> str:
    return settings().secret_key.get_secret_value()
