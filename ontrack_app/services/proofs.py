"""The only home of fresh proofs by mail: a typed code for somebody without a second factor, to their own address alone."""

import secrets

from models.access import Role
from ontrack_app.errors import Conflict, TooMany
from ontrack_app.services import mails
from ontrack_app.services.brands import Face
from ontrack_app.services.factors import plain, standing
from ontrack_app.services.seals import hash_mailed_code
from ontrack_app.services.sign_in import Caller, Doorway, Opened
from ontrack_app.sessions import hash_secret, new_secret

CODE_MINUTES = 10
DIGITS = 6
WINDOW_SECONDS = 15 * 60
MOST_MAILS = 5
TOO_MANY = "Too many codes were asked for. Wait a quarter of an hour, then ask again."
BY_APP = "Your account has two-step sign-in: take the code from your app."


def count_mail(doorway: Doorway, session_hash: str) -> None:
    """Counts one code asked for. Call it in a transaction that is kept whatever follows.

    Raises:
        SignedOut: there is no session. TooMany: too many were asked for.
    """
    bucket = f"proof-mail:{standing(doorway, session_hash).user_id}"
    given = {"bucket": bucket, "seconds": WINDOW_SECONDS, "most": MOST_MAILS}
    if not doorway.value("SELECT auth.hit(:bucket, :seconds, :most)", **given):
        raise TooMany(TOO_MANY)


def mail_code(doorway: Doorway, session_hash: str) -> str:
    """Mails a code to the person of the session; one that was mailed before is worth nothing. The address.

    Raises:
        SignedOut: there is no session. Conflict: the person has a factor, and it is the factor that is asked for.
    """
    person = standing(doorway, session_hash)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    letter = _letter(person.tenant_name, f"{code[:3]} {code[3:]}")
    email: str | None = doorway.value(
        "SELECT auth.mail_proof_code(:hash, :code, :subject, :text, :html)",
        hash=session_hash,
        code=hash_mailed_code(session_hash, code),
        subject=letter.subject,
        text=letter.as_text(),
        html=letter.as_html(),
    )
    if email is None:
        raise Conflict(BY_APP)
    return email


def prove(doorway: Doorway, caller: Caller, typed: str) -> Opened | None:
    """Spends the mailed code; None where it is wrong, used, replaced, too old, or was tried five times.

    Raises:
        SignedOut: there is no session.
    """
    standing(doorway, caller.session_hash)
    opened = new_secret()
    role = doorway.value(
        "SELECT auth.pass_proof_code(:hash, :code, :new, :ip)",
        hash=caller.session_hash,
        code=hash_mailed_code(caller.session_hash, plain(typed)),
        new=hash_secret(opened),
        ip=caller.ip,
    )
    if role is None:
        given = {"hash": caller.session_hash, "ip": caller.ip, "kind": "mailed code"}
        doorway.value("SELECT auth.note_wrong_code(:hash, :ip, :kind)", **given)
        return None
    return Opened(opened, Role(role))


def _letter(company: str, code: str) -> mails.Letter:
    return mails.Letter(
        subject=f"Your code for {company}",
        heading=f"Confirm that it is you, for {company}",
        face=Face(name="OnTrack", mark="OT", color="#1c2024"),
        body=["Type this code into the page that asks for it."],
        facts=[("Code", code)],
        small=[
            f"It works once, for {CODE_MINUTES} minutes, in the browser that asked for it. Give it to nobody.",
            "You did not ask for it? Then somebody has your browser open: sign out there, in your account.",
        ],
    )
