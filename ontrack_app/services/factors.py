"""The only home of second factors: setting one up, proving it once per code, recovery codes, taking it off again.

All of it over the doorway, because a session that still owes its factor enters no company. The session is named by the hash of
its secret, the person by the session's row. What must happen once happens in one statement of `alembic/sql/0005_factors.sql`.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import pyotp
import segno

from models.access import Role
from models.ids import now
from ontrack_app.errors import Conflict, Gone, NotFresh, SignedOut, TooMany
from ontrack_app.services.seals import hash_recovery_code, seal, unseal
from ontrack_app.services.sign_in import Caller, Doorway, Opened
from ontrack_app.sessions import hash_secret, new_secret

ISSUER = "OnTrack"
DIGITS = 6
WINDOW = 1  # steps of 30 seconds before and after the present one
CODES = 10
CODE_LENGTH = 10
CODE_SIGNS = "23456789abcdefghijkmnpqrstuvwxyz"  # 32 signs, none that is taken for another
FEW_CODES = 3
TOO_MANY = "Too many codes were tried. Wait a quarter of an hour, then try again."
NOT_FRESH = "Confirm first that it is you. It takes a moment, and then holds for five minutes."
OPEN_TOO_LONG = "The page was open for too long. Start again: a new code to scan will be shown."


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a session's person: what the session owes (`pending`), since when there is a factor, how many recovery
    codes are left, which companies ask for a factor, and whether the proof is fresh."""

    user_id: UUID
    email: str
    tenant_name: str
    role: Role
    pending: str
    since: datetime | None
    codes_left: int
    required_by: tuple[str, ...]
    is_fresh: bool

    @property
    def has_factor(self) -> bool:
        """Whether a factor is set up and counts."""
        return self.since is not None

    @property
    def runs_out(self) -> bool:
        """Whether it is time for new recovery codes."""
        return self.has_factor and self.codes_left <= FEW_CODES


@dataclass(frozen=True, slots=True)
class Draft:
    """A seed that is being set up; shown once to its person, and never written where words are kept."""

    email: str
    seed: str = field(repr=False)

    @property
    def typed(self) -> str:
        """The seed in groups of four, for typing."""
        return " ".join(self.seed[at : at + 4] for at in range(0, len(self.seed), 4))

    @property
    def uri(self) -> str:
        """The seed as an otpauth address, which an app on the same phone opens."""
        return _totp(self.seed, self.email).provisioning_uri()

    @property
    def qr(self) -> str:
        """The address as a QR code in SVG: black on white with its quiet zone, whatever the page's colours are."""
        code = segno.make(self.uri, error="m", micro=False)
        return str(code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True))


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A factor that now counts: the rotated session, and the recovery codes, which nobody will see again."""

    opened: Opened
    codes: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Passed:
    """A proof that was accepted: the rotated session, and how many recovery codes are left where one was spent."""

    opened: Opened
    codes_left: int | None = None


def standing(doorway: Doorway, session_hash: str) -> Standing:
    """How the person of a session stands, pending or not.

    Raises:
        SignedOut: there is no live session of a member.
    """
    row = doorway.row("SELECT * FROM auth.factor_state(:hash)", hash=session_hash)
    if row is None:
        raise SignedOut("You are signed out. Sign in to go on.")
    return Standing(
        user_id=row.user_id,
        email=row.email,
        tenant_name=row.tenant_name,
        role=Role(row.role),
        pending=row.pending,
        since=row.since,
        codes_left=row.codes_left,
        required_by=tuple(row.required_by),
        is_fresh=row.is_fresh,
    )


def count_try(doorway: Doorway, caller: Caller) -> None:
    """Counts a try to give any code. Call it in a transaction that is kept whatever follows.

    Raises:
        TooMany: the person or the caller's network has tried too often. SignedOut: there is no session.
    """
    standing(doorway, caller.session_hash)
    if not doorway.value("SELECT auth.count_factor_try(:hash, :ip)", hash=caller.session_hash, ip=caller.ip):
        raise TooMany(TOO_MANY)


def begin(doorway: Doorway, session_hash: str) -> Draft:
    """Makes a new seed for the person; it counts once a code of it was given. One that counts already goes on until then.

    Raises:
        SignedOut: there is no session. NotFresh: its proof is too old.
    """
    person = standing(doorway, session_hash)
    seed = pyotp.random_base32()
    sealed = seal(person.user_id, seed)
    if not doorway.value("SELECT auth.begin_factor(:hash, :sealed)", hash=session_hash, sealed=sealed):
        raise NotFresh(NOT_FRESH)
    return Draft(person.email, seed)


def draft(doorway: Doorway, session_hash: str) -> Draft:
    """The seed that this session is setting up.

    Raises:
        SignedOut: there is no session. Gone: it began none, or more than ten minutes ago.
    """
    person = standing(doorway, session_hash)
    return Draft(person.email, unseal(person.user_id, _draft(doorway, session_hash)))


def confirm(doorway: Doorway, caller: Caller, typed: str) -> Confirmed | None:
    """Makes the seed count, once a code of it is given; None where the code is not of it. The person's other sessions end.

    Raises:
        SignedOut: there is no session. Gone: nothing is being set up here.
    """
    person = standing(doorway, caller.session_hash)
    sealed = _draft(doorway, caller.session_hash)
    step = step_of(unseal(person.user_id, sealed), typed)
    if step is None:
        _note_wrong(doorway, caller, "setting up")
        return None
    codes, opened = new_codes(), new_secret()
    role = doorway.value(
        "SELECT auth.confirm_factor(:hash, :sealed, :step, :codes, :new, :ip)",
        hash=caller.session_hash,
        sealed=sealed,
        step=step,
        codes=_hashed(person.user_id, codes),
        new=hash_secret(opened),
        ip=caller.ip,
    )
    if role is None:
        raise Gone(OPEN_TOO_LONG)
    return Confirmed(Opened(opened, Role(role)), codes)


def prove(doorway: Doorway, caller: Caller, typed: str) -> Passed | None:
    """Spends a code: six digits of the app, or a recovery code; None where it is wrong or was used before.

    Raises:
        SignedOut: there is no session.
    """
    person = standing(doorway, caller.session_hash)
    step, recovery = _read(doorway, caller.session_hash, person.user_id, typed)
    opened = new_secret()
    given = {"hash": caller.session_hash, "new": hash_secret(opened), "ip": caller.ip}
    row = None
    if step is not None or recovery is not None:
        asked = "SELECT role, codes_left FROM auth.pass_factor(:hash, CAST(:step AS bigint), CAST(:code AS text), :new, :ip)"
        row = doorway.row(asked, step=step, code=recovery, **given)
    if row is None or row.role is None:
        _note_wrong(doorway, caller, "code" if is_digits(typed) else "recovery code")
        return None
    return Passed(Opened(opened, Role(row.role)), None if recovery is None else row.codes_left)


def renew_codes(doorway: Doorway, caller: Caller) -> tuple[str, ...]:
    """Ten new recovery codes; those before are worth nothing.

    Raises:
        SignedOut: there is no session. NotFresh: its proof is too old, or there is no factor.
    """
    person = standing(doorway, caller.session_hash)
    codes = new_codes()
    given = {
        "hash": caller.session_hash,
        "codes": _hashed(person.user_id, codes) if person.is_fresh else [],
        "ip": caller.ip,
    }
    if not doorway.value("SELECT auth.renew_codes(:hash, :codes, :ip)", **given):
        raise NotFresh(NOT_FRESH)
    return codes


def remove(doorway: Doorway, caller: Caller) -> Opened:
    """Takes the factor off the person's account; their other sessions end.

    Raises:
        SignedOut: there is no session. NotFresh: its proof is too old. Conflict: a company asks for a factor, or there is none.
    """
    person = standing(doorway, caller.session_hash)
    if person.required_by:
        names = " and ".join(person.required_by)
        raise Conflict(f"{names} asks for two steps from everybody with your role, so it stays on.")
    if not person.has_factor:
        raise Conflict("Two-step sign-in is off already.")
    opened = new_secret()
    given = {"hash": caller.session_hash, "new": hash_secret(opened), "ip": caller.ip}
    role = doorway.value("SELECT auth.remove_factor(:hash, :new, :ip)", **given)
    if role is None:
        raise NotFresh(NOT_FRESH)
    return Opened(opened, Role(role))


def step_of(seed: str, typed: str) -> int | None:
    """The step of 30 seconds that a code belongs to: the present one, the one before or after; None for any other."""
    code = plain(typed)
    if not is_digits(code):
        return None
    try:
        return _totp(seed).verify_and_get_timecode(code, for_time=now().timestamp(), valid_window=WINDOW)
    except pyotp.OTPVerificationError:
        return None


def new_codes() -> tuple[str, ...]:
    """Ten recovery codes as people write them: two groups of five."""
    found = ("".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH)) for _ in range(CODES))
    return tuple(f"{code[:5]}-{code[5:]}" for code in found)


def plain(typed: str) -> str:
    """A typed code without the spaces and dashes that it was shown with."""
    return "".join(sign for sign in typed[:100].lower() if not sign.isspace() and sign not in "-–")


def is_digits(typed: str) -> bool:
    """Whether this has the shape of a code of the app."""
    code = plain(typed)
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def _read(doorway: Doorway, session_hash: str, user_id: UUID, typed: str) -> tuple[int | None, str | None]:
    """What was typed, as the step that it is of or as the hash of a recovery code; neither where it has no such shape."""
    if is_digits(typed):
        sealed = doorway.value("SELECT auth.factor_seed(:hash)", hash=session_hash)
        return (None if sealed is None else step_of(unseal(user_id, sealed), typed)), None
    code = plain(typed)
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_SIGNS):
        return None, None
    return None, hash_recovery_code(user_id, code)


def _draft(doorway: Doorway, session_hash: str) -> str:
    sealed: str | None = doorway.value("SELECT auth.factor_draft(:hash)", hash=session_hash)
    if sealed is None:
        raise Gone(OPEN_TOO_LONG)
    return sealed


def _hashed(user_id: UUID, codes: tuple[str, ...]) -> list[str]:
    return [hash_recovery_code(user_id, plain(code)) for code in codes]


def _note_wrong(doorway: Doorway, caller: Caller, kind: str) -> None:
    given = {"hash": caller.session_hash, "ip": caller.ip, "kind": kind}
    doorway.value("SELECT auth.note_wrong_code(:hash, :ip, :kind)", **given)


def _totp(seed: str, email: str | None = None) -> pyotp.TOTP:
    return pyotp.TOTP(seed, digits=DIGITS, name=email, issuer=ISSUER)
