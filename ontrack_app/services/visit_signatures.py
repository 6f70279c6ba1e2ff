"""Signatures on a visit: a customer's, on a crew's phone, bound to the hash of the words that were shown."""

import hashlib

from models.access import Permission
from models.signatures import Signature
from models.visits import Visit
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.crew_work import VisitSignatureBody
from ontrack_app.services.clocks import Clock
from ontrack_app.work import Work


def capture(work: Work, body: VisitSignatureBody, clock: Clock) -> Signature:
    """Keeps a signature as evidence, with the words that were shown; it approves nothing by itself.

    Raises:
        NotFound: the visit is not one that the actor may know. Invalid: nothing drawn, or the hash is of other words.
    """
    work.actor.require(Permission.VISITS_PERFORM)
    visit = work.get(Visit, body.visit_id)
    if hashlib.sha256(body.shown.encode()).hexdigest() != body.hash:
        words = "The hash is not that of the words that were shown."
        raise Invalid(words, errors=[FieldError("hash", words)])
    if body.kind == "drawn" and not body.strokes:
        words = "There is nothing drawn yet."
        raise Invalid(words, errors=[FieldError("strokes", words)])
    row = Signature(
        tenant_id=visit.tenant_id,
        id=body.id,
        noun="visits",
        row_id=visit.id,
        kind=body.kind,
        name=body.name,
        strokes=body.strokes,
        evidence=body.shown,
        document_hash=body.hash,
        signed_at=clock.happened(work),
        signed_by=work.actor.user_id,
        ip=work.actor.ip,
        user_agent=work.actor.user_agent,
    )
    work.add(row)
    after = {"signature_id": row.id, "name": row.name, "hash": row.document_hash, **clock.evidence(work)}
    work.record("visits.signed", visit, after=after)
    return row
