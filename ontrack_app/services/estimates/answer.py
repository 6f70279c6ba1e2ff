"""The moves of an estimate: sent, answered by the client, revised, made into a job, voided."""

from collections.abc import Callable
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.estimates import ESTIMATE_MACHINE, Estimate, EstimateLine
from models.ids import new_id
from models.invoices import Invoice
from models.jobs import Job
from models.signatures import Signature
from ontrack_app.errors import Conflict, FieldError, Invalid
from ontrack_app.schemas.estimates import EstimateCard, EstimateMoveBody
from ontrack_app.services import document_links, numbers
from ontrack_app.services.estimates.cards import card, past_its_day, revision_of
from ontrack_app.services.estimates.send import send
from ontrack_app.work import Work, index_words


def move(
    work: Work, estimate_id: UUID, name: str, body: EstimateMoveBody, *, version: int | None = None
) -> EstimateCard:
    """Makes one move.

    Raises:
        NotFound, Conflict, Forbidden, Invalid, Stale: as their words say; a refused move changes nothing.
    """
    work.actor.require(Permission.ESTIMATES_READ)
    estimate = work.lock(Estimate, estimate_id, version=version)
    if name == "convert" and estimate.job_id is not None:
        work.actor.require(Permission.ESTIMATES_WRITE)
        return card(work, estimate)
    work.advance(estimate, ESTIMATE_MACHINE, name, reason=body.reason)
    after: dict[str, Callable[[Work, Estimate, EstimateMoveBody], list[EstimateLine] | None]] = {
        "send": _send, "approve": _approve, "request_changes": _request_changes, "decline": _decline, "revise": _revise,
        "convert": _convert, "void": _void,
    }  # fmt: skip
    with work.session.no_autoflush:
        stored = after[name](work, estimate, body)
    return card(work, estimate, stored)


def _send(work: Work, estimate: Estimate, _: EstimateMoveBody) -> list[EstimateLine]:
    return send(work, estimate)


def _approve(work: Work, estimate: Estimate, body: EstimateMoveBody) -> None:
    _refuse_expired(work, estimate)
    frozen = revision_of(work, estimate)
    if frozen is None:
        raise Conflict("This revision was never sent, so nobody can have agreed to it.")
    if body.signature is None:
        words = "Approving needs a signature: type your name or draw it."
        raise Invalid(words, errors=[FieldError("signature", words)])
    evidence = (body.evidence or "").strip()
    if not work.actor.is_customer and not evidence:
        words = "Say how the client agreed, such as “signed on paper, scan in the files”."
        raise Invalid(words, errors=[FieldError("evidence", words)])
    if body.signature.kind == "drawn" and not body.signature.strokes:
        words = "There is nothing drawn yet."
        raise Invalid(words, errors=[FieldError("signature.strokes", words)])
    work.add(
        Signature(
            tenant_id=estimate.tenant_id,
            id=new_id(),
            noun="estimates",
            row_id=estimate.id,
            kind=body.signature.kind,
            name=body.signature.name,
            strokes=body.signature.strokes,
            evidence=evidence,
            document_hash=frozen.document_hash,
            signed_at=work.at,
            signed_by=work.actor.user_id,
            ip=work.actor.ip,
            user_agent=work.actor.user_agent,
        )
    )
    estimate.answered_at = work.at


def _request_changes(work: Work, estimate: Estimate, body: EstimateMoveBody) -> None:
    _refuse_expired(work, estimate)
    estimate.changes_asked = (body.reason or "").strip()
    estimate.answered_at = work.at


def _decline(work: Work, estimate: Estimate, _: EstimateMoveBody) -> None:
    estimate.answered_at = work.at


def _revise(work: Work, estimate: Estimate, _: EstimateMoveBody) -> None:
    estimate.revision += 1
    estimate.sent_at = estimate.answered_at = None
    document_links.revoke(work, estimate)


def _convert(work: Work, estimate: Estimate, _: EstimateMoveBody) -> None:
    job = Job(
        tenant_id=estimate.tenant_id,
        id=new_id(),
        number=numbers.take(work, "job"),
        title=estimate.title or estimate.number,
        client_id=estimate.client_id,
        property_id=estimate.property_id,
    )
    work.write(work.add(job))
    work.record("jobs.created", job, after={"number": job.number, "estimate": estimate.number})
    estimate.job_id = job.id
    index_words(estimate)


def _void(work: Work, estimate: Estimate, _: EstimateMoveBody) -> None:
    if estimate.job_id is not None:
        billed = work.of(Invoice).where(
            col(Invoice.job_id) == estimate.job_id, col(Invoice.stage) == "issued"
        )
        if work.first(billed) is not None:
            raise Conflict("Its job has an issued invoice. Void or credit that first.")
    document_links.revoke(work, estimate)


def _refuse_expired(work: Work, estimate: Estimate) -> None:
    if past_its_day(work, estimate):
        raise Conflict(f"{estimate.number} expired on {estimate.expires_on}. Ask for a new one.")
