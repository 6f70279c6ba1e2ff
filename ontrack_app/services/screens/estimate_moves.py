"""The moves of an estimate as screens ask for them: with the version that was seen."""

from uuid import UUID

from models.access import Permission
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.documents import SignatureBody
from ontrack_app.schemas.estimates import EstimateMoveBody
from ontrack_app.services import estimates
from ontrack_app.services.screens import papers
from ontrack_app.work import Work


def move(work: Work, estimate_id: UUID, name: str, reason: str, version: int) -> None:
    """Makes one move that needs no more than a reason.

    Raises:
        NotFound, Conflict, Forbidden, Invalid, Stale: as their words say; a refused move changes nothing.
    """
    body = EstimateMoveBody(reason=reason or None)
    estimates.move(work, estimate_id, name, body, version=version)


def approve_for_client(work: Work, estimate_id: UUID, name: str, evidence: str, version: int) -> None:
    """Records that the client agreed outside of the portal: who, and how that is known.

    Raises:
        Invalid: without a name or without evidence. NotFound, Conflict, Forbidden, Stale: as their words say.
    """
    work.actor.require(Permission.ESTIMATES_ANSWER)
    if not name.strip():
        words = "Say who agreed."
        raise Invalid(words, errors=[FieldError("name", words)])
    with papers.amounts_in_words("name"):
        signature = SignatureBody(kind="typed", name=name.strip())
    with papers.amounts_in_words("evidence"):
        body = EstimateMoveBody(signature=signature, evidence=evidence)
    estimates.move(work, estimate_id, "approve", body, version=version)
