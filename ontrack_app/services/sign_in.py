"""Signing in: asking for a link, using it or its code once, leaving, changing company. Sessions are rows; browsers hold
the secret.

A link belongs to the browser that asked for it; another browser needs the code that the same mail carries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from models.access import Role
from ontrack_app.errors import Gone, TooMany
from ontrack_app.services import mails
from ontrack_app.sessions import hash_code, hash_secret, new_code, new_secret, plain_code
from ontrack_app.settings import settings

LINK_MINUTES = 10
WINDOW_SECONDS = 15 * 60
MOST_PER_ADDRESS = 8
MOST_PER_IP = 40
MOST_PER_TENANT = 400
MOST_CODES_PER_IP = 40
LINK_GONE = "This link has been used, has run out, or was replaced by a newer one."
CODE_GONE = (
    "This code has been used, has run out, was replaced by a newer one, or was typed wrong five times."
)
CODE_SHAPE = "A code has eight letters and digits, such as K7QX-2MPD."
CODE_NEEDED = "Type the code from the mail with this link."
CODE_WRONG = "This is not the code. Compare it with the newest mail; after five wrong ones it ends."


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
    """Where a request comes from: the session it carries (hash, empty for none), address, the browser's own words, and
    the hash of the cookie that ties links to it."""

    session_hash: str = ""
    ip: str = ""
    user_agent: str = ""
    browser: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that was just opened: the secret for the cookie, the role, and where the person wanted to go."""

    secret: str
    role: Role
    next: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a link or code: `opened` where the verdict is "in", else words. A wrong code has been counted, so the
    transaction must be kept: nothing is raised."""

    verdict: Literal["in", "gone", "wrong", "code"]
    opened: Opened | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class LinkWords:
    """What the page of a link says of it; `here` where this browser needs no code."""

    email: str
    company: str
    here: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a link: the address, the page to go on to, the browser (hash); without `mailed` nothing is sent."""

    email: str
    next_path: str = ""
    browser: str | None = None
    mailed: bool = True


def count_try(doorway: Doorway, email: str, ip: str) -> bool:
    """Counts one try, for known and unknown addresses alike; returns whether a mail may be sent to the company of the
    address. Call it in a transaction that is kept whatever follows, and say nothing of what it returns.

    Raises:
        TooMany: the address or the caller's network has asked too often.
    """
    mailed = {"email": email, "seconds": WINDOW_SECONDS, "most": MOST_PER_TENANT}
    counted = [
        _hit(doorway, f"sign-in:ip:{ip}", MOST_PER_IP),
        _hit(doorway, f"sign-in:to:{email}", MOST_PER_ADDRESS),
    ]
    if not all(counted):
        raise TooMany("Too many links were asked for. Wait a quarter of an hour, then ask again.")
    return bool(doorway.value("SELECT auth.hit_home(:email, :seconds, :most)", **mailed))


def count_code(doorway: Doorway, ip: str) -> None:
    """Counts one try of a code, in a transaction that is kept whatever follows.

    Raises:
        TooMany: the caller's network has tried too often.
    """
    if not _hit(doorway, f"code:ip:{ip}", MOST_CODES_PER_IP):
        raise TooMany("Too many codes were tried. Wait a quarter of an hour, then ask for a new link.")


def ask_for_link(doorway: Doorway, asking: Asking, base_url: str) -> None:
    """Makes a link with its code and queues the mail. For an unknown address the same work is done and nothing is sent."""
    secret, code = new_secret(), new_code()
    link_hash = hash_secret(secret)
    given = {
        "email": asking.email,
        "hash": link_hash,
        "next": asking.next_path,
        "lasts": f"{LINK_MINUTES} minutes",
        "browser": asking.browser,
        "code": hash_code(code, settings()),
        "mailed": asking.mailed,
    }
    doorway.value(
        "SELECT auth.add_link(:email, :hash, NULL, :next, CAST(:lasts AS interval), :browser, :code, :mailed)",
        **given,
    )
    company: str = doorway.value("SELECT auth.home_name(:email, NULL)", email=asking.email)
    letter = mails.sign_in_link(company, f"{base_url}/auth/link/{secret}", code, LINK_MINUTES)
    written = {"subject": letter.subject, "text": letter.as_text(), "html": letter.as_html()}
    doorway.value("SELECT auth.mail_link(:hash, :subject, :text, :html)", hash=link_hash, **written)


def look_at_link(doorway: Doorway, secret: str, caller: Caller) -> LinkWords:
    """Whom a link would sign in, without using it.

    Raises:
        Gone: it does not work (any more).
    """
    row = doorway.row(
        "SELECT email, tenant_name, here FROM auth.peek_link(:hash, :browser)",
        hash=hash_secret(secret),
        browser=caller.browser,
    )
    if row is None:
        raise Gone(LINK_GONE)
    return LinkWords(row.email, row.tenant_name, row.here)


def use_link(doorway: Doorway, secret: str, typed: str | None, caller: Caller) -> Tried:
    """Uses a link up and opens a session in place of the one that the browser carries; of many at once one gets in.
    `typed` is the code; None where the button of the asking browser was pressed."""
    if typed is not None and not plain_code(typed):
        return Tried("wrong", words=CODE_SHAPE)
    what = "auth.use_link(:link, :browser, :code, :session, :ip, :agent)"
    return _tried(doorway, what, caller, link=hash_secret(secret), code=typed)


def use_code(doorway: Doorway, email: str, typed: str, caller: Caller) -> Tried:
    """The same by the code alone, in the browser that asked for a link to this address."""
    if not plain_code(typed):
        return Tried("wrong", words=CODE_SHAPE)
    what = "auth.use_code(:email, :browser, :code, :session, :ip, :agent)"
    return _tried(doorway, what, caller, email=email, code=typed)


def _tried(doorway: Doorway, what: str, caller: Caller, **given: str | None) -> Tried:
    secret, typed = new_secret(), given.pop("code")
    row = doorway.row(
        f"SELECT verdict, role, next FROM {what}",  # noqa: S608 - one of two texts of ours
        **given,
        code=None if typed is None else hash_code(typed, settings()),
        browser=caller.browser,
        session=hash_secret(secret),
        ip=caller.ip,
        agent=caller.user_agent,
    )
    if row.verdict == "in":
        sign_out(doorway, caller.session_hash)
        return Tried("in", Opened(secret, Role(row.role), row.next))
    gone = LINK_GONE if typed is None else CODE_GONE
    return Tried(row.verdict, words={"gone": gone, "wrong": CODE_WRONG, "code": CODE_NEEDED}[row.verdict])


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
