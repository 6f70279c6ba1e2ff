"""The only home of refusals: every way a request can be turned down, each with its HTTP status.

    Refusal
    ├── SignedOut 401   ├── Forbidden 403   ├── NotFound 404   ├── Conflict 409   ├── Gone 410
    ├── Stale 412       ├── TooLarge 413    ├── Invalid 422    └── TooMany 429
    (Unsound 460: the bytes are not those that were announced; the number is that of resumable uploads.
    Forbidden has one kind of its own: NotFresh, which a fresh proof of who it is turns into a yes.)

Services raise them with words a customer can read; the three doors turn them into a toast, problem JSON or an exit code.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One input that was refused: which field, and what to give instead."""

    field: str
    message: str


class Refusal(Exception):
    """A request that is turned down for a reason its sender can read and act on."""

    status: ClassVar[int] = 400
    title: ClassVar[str] = "This cannot be done"

    def __init__(self, detail: str, *, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)


class SignedOut(Refusal):
    """Nobody is signed in, or the session or key has ended."""

    status = 401
    title = "Sign in first"


class Forbidden(Refusal):
    """The row is visible, the action is not allowed."""

    status = 403
    title = "Not allowed"
    noted: ClassVar[bool] = True  # whether it is a security event


class NotFresh(Forbidden):
    """It is allowed, after proving again who it is: the proof is older than a few minutes."""

    title = "Confirm that it is you"
    noted = False


class NotFound(Refusal):
    """No such row, or one whose existence may not be known."""

    status = 404
    title = "Not found"


class Conflict(Refusal):
    """The row's present state does not allow it."""

    status = 409
    title = "Not possible now"


class Gone(Refusal):
    """It existed, and its time is over: an expired link, a used code."""

    status = 410
    title = "No longer valid"


class Stale(Refusal):
    """Somebody changed the row in the meantime."""

    status = 412
    title = "Changed in the meantime"


class TooLarge(Refusal):
    """More than is accepted in one piece."""

    status = 413
    title = "Too large"


class Invalid(Refusal):
    """An input that cannot be understood or used."""

    status = 422
    title = "Check what was entered"


class Unsound(Refusal):
    """Bytes that came are not those that the sender meant."""

    status = 460
    title = "Checksum mismatch"


class TooMany(Refusal):
    """More tries than are allowed in this time."""

    status = 429
    title = "Too many tries"
