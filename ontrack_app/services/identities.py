"""Signing in with others: what was started and for whom, and which person an identity of another provider is connected to.

An identity is issuer and subject. Its e-mail counts for nothing: who knows an address, or owns it elsewhere, gets nothing here.
"""

from dataclasses import dataclass
from datetime import datetime

from models.access import Role
from ontrack_app.errors import Conflict, Gone, NotFresh, TooMany
from ontrack_app.integrations.oidc import Identity
from ontrack_app.services import sign_in
from ontrack_app.services.sign_in import WINDOW_SECONDS, Caller, Doorway, Opened
from ontrack_app.sessions import hash_secret, new_secret

FLOW_MINUTES = 10
MOST_STARTS, MOST_ANSWERS = 40, 60
NOT_FRESH = "Confirm first that it is you. It takes a moment, and then holds for five minutes."
TAKEN = "This {label} account cannot be connected here. Choose another one, or go on signing in by mail."
OTHER = "You have connected another {label} account. Disconnect that one first."


@dataclass(frozen=True, slots=True)
class Started:
    """A sign-in that was started: `state`, `nonce` and `verifier` for the provider, `browser` for the browser's cookie."""

    state: str
    nonce: str
    verifier: str
    browser: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A started sign-in whose answer came. `wrong` says in a few words what did not fit, and then there is nothing else."""

    wrong: str
    purpose: str = ""
    nonce: str = ""
    verifier: str = ""
    next: str = ""
    started: datetime | None = None


@dataclass(frozen=True, slots=True)
class Connected:
    """An identity that is connected to a person, by the provider's name in lower case."""

    provider: str
    email: str
    linked_at: datetime
    used_at: datetime | None


def count_start(doorway: Doorway, ip: str) -> None:
    """Counts one start, in a transaction that is kept whatever follows.

    Raises:
        TooMany: the caller's network has started too many.
    """
    _count(doorway, f"oidc:start:{ip}", MOST_STARTS)


def count_answer(doorway: Doorway, ip: str) -> None:
    """Counts one answer, in a transaction that is kept whatever follows.

    Raises:
        TooMany: the caller's network has sent too many.
    """
    _count(doorway, f"oidc:answer:{ip}", MOST_ANSWERS)


def start(doorway: Doorway, provider: str, next_path: str, linking: str = "") -> Started:
    """Keeps what a sign-in is started with; `linking` is the hash of the session whose person gets it connected.

    Raises:
        NotFresh: that person has not proven in the last minutes who they are, or their session has ended.
    """
    made = Started(new_secret(), new_secret(), new_secret(), new_secret())
    kept = doorway.value(
        "SELECT auth.start_oidc(:state, :browser, :provider, :session, :nonce, :verifier, :next)",
        state=hash_secret(made.state),
        browser=hash_secret(made.browser),
        provider=provider,
        session=linking,
        nonce=made.nonce,
        verifier=made.verifier,
        next=next_path,
    )
    if not kept:
        raise NotFresh(NOT_FRESH)
    return made


def take(doorway: Doorway, provider: str, state: str, browser: str, caller: Caller) -> Taken:
    """Uses up what was started with this state, right or wrong; commit it before anything else is done."""
    row = doorway.row(
        "SELECT * FROM auth.take_oidc(:state, :browser, :provider, :session)",
        state=hash_secret(state),
        browser=hash_secret(browser),
        provider=provider,
        session=caller.session_hash,
    )
    if row.wrong:
        return Taken(row.wrong, row.purpose or "")
    return Taken("", row.purpose, row.nonce, row.verifier, row.next, row.started)


def enter(doorway: Doorway, identity: Identity, caller: Caller) -> Opened | None:
    """Opens a session for the identity's person, in place of the one that the browser carries; None where it has nobody."""
    secret = new_secret()
    role = doorway.value(
        "SELECT auth.sign_in_by_identity(:issuer, :subject, :session, :ip, :agent)",
        issuer=identity.issuer,
        subject=identity.subject,
        session=hash_secret(secret),
        ip=caller.ip,
        agent=caller.user_agent,
    )
    if role is None:
        return None
    sign_in.sign_out(doorway, caller.session_hash)
    return Opened(secret, Role(role))


def connect(doorway: Doorway, identity: Identity, provider: str, label: str, caller: Caller) -> None:
    """Connects an identity to the person of the caller's session.

    Raises:
        Conflict: it is somebody else's, or the person has another one of this provider. Gone: the session has ended.
    """
    verdict = doorway.value(
        "SELECT auth.link_identity(:session, :issuer, :subject, :provider, :email, :ip)",
        session=caller.session_hash,
        issuer=identity.issuer,
        subject=identity.subject,
        provider=provider,
        email=identity.email,
        ip=caller.ip,
    )
    if verdict == "gone":
        raise Gone("Your sign-in has ended, so nothing was connected. Sign in, then connect it again.")
    if verdict != "linked":
        raise Conflict((OTHER if verdict == "other" else TAKEN).format(label=label))


def disconnect(doorway: Doorway, provider: str, caller: Caller) -> None:
    """Takes a provider's identity from the person of the caller's session; nothing happens where there is none.

    Raises:
        NotFresh: the person has not proven in the last minutes who they are.
    """
    given = {"session": caller.session_hash, "provider": provider, "ip": caller.ip}
    if doorway.value("SELECT auth.unlink_identity(:session, :provider, :ip)", **given) is None:
        raise NotFresh(NOT_FRESH)


def connected(doorway: Doorway, session_hash: str) -> list[Connected]:
    """What is connected to the person of a session."""
    rows = doorway.rows("SELECT * FROM auth.identities_of(:session)", session=session_hash)
    return [Connected(row.provider, row.email, row.linked_at, row.used_at) for row in rows]


def note_refusal(doorway: Doorway, provider: str, reason: str, caller: Caller) -> None:
    """Puts a refused answer among the security events, of the person of the caller's session; `reason` in words of ours."""
    given = {"session": caller.session_hash, "ip": caller.ip, "detail": f"{provider}: {reason}"}
    doorway.value("SELECT auth.note_oidc_refusal(:session, :ip, :detail)", **given)


def _count(doorway: Doorway, bucket: str, most: int) -> None:
    given = {"bucket": bucket, "seconds": WINDOW_SECONDS, "most": most}
    if not doorway.value("SELECT auth.hit(:bucket, :seconds, :most)", **given):
        raise TooMany("Too many sign-ins were started here. Wait a quarter of an hour, then try again.")
