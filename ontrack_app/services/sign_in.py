"""Signing in: asking for a link, using it once, leaving, changing company. Sessions are rows; browsers hold the secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from models.access import Role
from ontrack_app.errors import Gone, TooMany
from ontrack_app.services import mails
from ontrack_app.sessions import hash_secret, new_secret

LINK_MINUTES = 10
WINDOW_SECONDS = 15 * 60
MOST_PER_ADDRESS = 8
MOST_PER_IP = 40
LINK_GONE = "This link has been used, has run out, or was replaced by a newer one."


class Doorway(Protocol):
    """A transaction without a tenant (`begin(None)`): it reaches the functions of schema `auth` only."""

    def rows(self, sql: str, **values: Any) -> Sequence[Any]:
        """Every row."""

    def row(self, sql: str, **values: Any) -> Any:
        """The first row, or None."""

    def value(self, sql: str, **values: Any) -> Any:
        """The first value, or None."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request comes from: the session it carries (hash, empty for none), address and browser."""

    session_hash: str = ""
    ip: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was just opened: the secret for the cookie, the role, and where the person wanted to go."""

    secret: str
    role: Role
    next: str = ""


@dataclass(frozen=True, slots=True)
class LinkWords:
    """What the page with the button says of a link."""

    email: str
    company: str


def count_try(doorway: Doorway, email: str, ip: str) -> None:
    """Counts one try, for known and unknown addresses alike. Call it in a transaction that is kept whatever follows.

    Raises:
        TooMany: the address or the caller's network has asked too often.
    """
    if not all(
        [
            _hit(doorway, f"sign-in:ip:{ip}", MOST_PER_IP),
            _hit(doorway, f"sign-in:to:{email}", MOST_PER_ADDRESS),
        ]
    ):
        raise TooMany("Too many links were asked for. Wait a quarter of an hour, then ask again.")


def ask_for_link(doorway: Doorway, email: str, next_path: str, base_url: str) -> None:
    """Makes a link and queues its mail. For an unknown address the same work is done and nothing is sent."""
    secret = new_secret()
    link_hash = hash_secret(secret)
    given = {"email": email, "hash": link_hash, "next": next_path, "lasts": f"{LINK_MINUTES} minutes"}
    doorway.value("SELECT auth.add_link(:email, :hash, NULL, :next, CAST(:lasts AS interval))", **given)
    company: str = doorway.value("SELECT auth.home_name(:email, NULL)", email=email)
    letter = mails.sign_in_link(company, f"{base_url}/auth/link/{secret}", LINK_MINUTES)
    written = {"subject": letter.subject, "text": letter.as_text(), "html": letter.as_html()}
    doorway.value("SELECT auth.mail_link(:hash, :subject, :text, :html)", hash=link_hash, **written)


def look_at_link(doorway: Doorway, secret: str) -> LinkWords:
    """Whom a link would sign in, without using it.

    Raises:
        Gone: it does not work (any more).
    """
    row = doorway.row("SELECT email, tenant_name FROM auth.peek_link(:hash)", hash=hash_secret(secret))
    if row is None:
        raise Gone(LINK_GONE)
    return LinkWords(row.email, row.tenant_name)


def use_link(doorway: Doorway, secret: str, caller: Caller) -> Opened:
    """Uses a link up and opens a session in place of the one that the browser carries.

    Raises:
        Gone: it does not work (any more); of two at once, one gets in.
    """
    opened = new_secret()
    row = doorway.row(
        "SELECT role, next FROM auth.use_link(:link, :session, :ip, :agent)",
        link=hash_secret(secret),
        session=hash_secret(opened),
        ip=caller.ip,
        agent=caller.user_agent,
    )
    if row is None or row.role is None:
        raise Gone(LINK_GONE)
    sign_out(doorway, caller.session_hash)
    return Opened(opened, Role(row.role), row.next)


def open_session(doorway: Doorway, email: str, slug: str | None, caller: Caller) -> Opened | None:
    """Opens a session without a link (development, and a tenant's own tests); None where nobody has that address there."""
    opened = new_secret()
    role = doorway.value(
        "SELECT auth.open_session(:email, :slug, :session, :ip, :agent)",
        email=email,
        slug=slug,
        session=hash_secret(opened),
        ip=caller.ip,
        agent=caller.user_agent,
    )
    if role is None:
        return None
    sign_out(doorway, caller.session_hash)
    return Opened(opened, Role(role))


def sign_out(doorway: Doorway, session_hash: str) -> None:
    """Ends a session; nothing happens where there is none."""
    if session_hash:
        doorway.value("SELECT auth.end_session(:hash)", hash=session_hash)


def switch(doorway: Doorway, session_hash: str, slug: str) -> Opened | None:
    """Goes on in another company under a new session; None where the person has no place there."""
    opened = new_secret()
    given = {"hash": session_hash, "slug": slug, "new": hash_secret(opened)}
    role = doorway.value("SELECT auth.switch_tenant(:hash, :slug, :new)", **given)
    return None if role is None else Opened(opened, Role(role))


def _hit(doorway: Doorway, bucket: str, most: int) -> bool:
    given = {"bucket": bucket, "seconds": WINDOW_SECONDS, "most": most}
    return bool(doorway.value("SELECT auth.hit(:bucket, :seconds, :most)", **given))
