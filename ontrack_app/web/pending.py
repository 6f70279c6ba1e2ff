"""The only home of where a browser goes whose session still owes something: a second factor, or setting one up."""

from urllib.parse import quote

from ontrack_app.db import begin
from ontrack_app.sessions import hash_secret
from ontrack_app.web.areas import is_safe_next

FACTOR, SET_UP, CONFIRM = "/auth/factor", "/auth/factor/set-up", "/auth/confirm"
PLACES = {"factor": FACTOR, "enrol": SET_UP}


def pending_of(session_hash: str) -> str | None:
    """What the session still owes: `factor`, `enrol`, nothing (empty); None where nobody is signed in."""
    if not session_hash:
        return None
    with begin(None) as doorway:
        found: str | None = doorway.value("SELECT auth.session_pending(:hash)", hash=session_hash)
    return found


def owed(session_hash: str, path: str) -> str:
    """The page on which the session gives what it owes, leading on to `path`; empty where it owes nothing."""
    place = PLACES.get(pending_of(session_hash) or "", "")
    return leading_to(place, path) if place else ""


def next_after(secret: str, path: str) -> str:
    """Where a browser goes that has just been given this session: to `path`, or first to what the session still owes."""
    return owed(hash_secret(secret), path) or path


def confirm_address(path: str) -> str:
    """The page that asks for a fresh proof and leads back to `path`, where that is a safe one."""
    return leading_to(CONFIRM, path if is_safe_next(path) else "")


def leading_to(place: str, path: str) -> str:
    """The address of a page that leads on to `path` afterwards."""
    return f"{place}?next={quote(path, safe='/')}" if path and path != "/" else place
