"""Estimates as readers see them: one card, or a page of them with their lines read in one query."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col

from models.access import Permission
from models.estimates import ANSWERABLE, Estimate, EstimateLine, EstimateRevision
from models.signatures import Signature
from ontrack_app.schemas.common import MoneyBody, Page
from ontrack_app.schemas.documents import SignatureCard
from ontrack_app.schemas.estimates import EstimateCard
from ontrack_app.services import lines, listing, rows
from ontrack_app.services.listing import Query
from ontrack_app.work import Work, standing

COPIED = {
    "id", "number", "revision", "title", "stage", "client_id", "property_id", "lead_id", "contact_id", "job_id",
    "expires_on", "sent_at", "answered_at", "note_to_client", "changes_asked", *rows.TRAIL,
}  # fmt: skip

LINES = (
    standing(EstimateLine)
    .where(col(EstimateLine.estimate_id) == bindparam("estimate_id"))
    .order_by(col(EstimateLine.position))
)
REVISION = standing(EstimateRevision).where(
    col(EstimateRevision.estimate_id) == bindparam("estimate_id"),
    col(EstimateRevision.revision) == bindparam("revision"),
)
SIGNATURE = (
    standing(Signature)
    .where(col(Signature.noun) == "estimates", col(Signature.row_id) == bindparam("estimate_id"))
    .order_by(col(Signature.signed_at).desc())
    .limit(1)
)


def get(work: Work, estimate_id: UUID) -> EstimateCard:
    """One estimate; customers do not see drafts.

    Raises:
        NotFound: there is none here, or none that may be known.
    """
    work.actor.require(Permission.ESTIMATES_READ)
    return card(work, work.get(Estimate, estimate_id))


def list_page(work: Work, query: Query) -> Page[EstimateCard]:
    """A page of estimates, as `listing.Query` asks."""
    work.actor.require(Permission.ESTIMATES_READ)
    found = listing.page(work, Estimate, query)
    ids = [row.id for row in found.rows]
    stored: dict[UUID, list[EstimateLine]] = {row_id: [] for row_id in ids}
    all_lines = work.of(EstimateLine).where(col(EstimateLine.estimate_id).in_(ids))
    for line in work.all(all_lines.order_by(col(EstimateLine.position))):
        stored[line.estimate_id].append(line)
    return Page(items=[card(work, row, stored[row.id]) for row in found.rows], next_cursor=found.next_cursor)


def card(work: Work, estimate: Estimate, stored: Sequence[EstimateLine] | None = None) -> EstimateCard:
    """The estimate as the API shows it; costs are for the office alone."""
    currency = estimate.currency
    stored = lines_of(work, estimate.id) if stored is None else stored
    answered = estimate.stage in ("approved", "converted")
    sent = estimate.stage != "draft"
    return EstimateCard.model_construct(
        is_expired=is_expired(work, estimate),
        lines=lines.cards(stored, currency, with_cost=work.actor.is_office),
        subtotal=MoneyBody.of(estimate.subtotal_cents, currency),
        tax=MoneyBody.of(estimate.tax_cents, currency),
        total=MoneyBody.of(estimate.total_cents, currency),
        tax_rows=lines.tax_cards(estimate.tax_rows, currency),
        document_hash=_document_hash(work, estimate) if sent else None,
        signature=_signature(work, estimate) if answered else None,
        **{name: getattr(estimate, name) for name in COPIED},
    )


def lines_of(work: Work, estimate_id: UUID) -> list[EstimateLine]:
    """The lines of an estimate in their order."""
    found: list[EstimateLine] = work.all(LINES, estimate_id=estimate_id)
    return found


def today(work: Work) -> date:
    """The day in the tenant's time zone."""
    return work.at.astimezone(work.actor.tenant.zone).date()


def is_expired(work: Work, estimate: Estimate) -> bool:
    """Whether its last day has passed while it still waits for an answer."""
    return estimate.stage == "expired" or (estimate.stage in ANSWERABLE and past_its_day(work, estimate))


def past_its_day(work: Work, estimate: Estimate) -> bool:
    """Whether the last day of the offer is over, in the tenant's time zone."""
    return estimate.expires_on is not None and estimate.expires_on < today(work)


def revision_of(work: Work, estimate: Estimate) -> EstimateRevision | None:
    """The frozen document of the estimate's present revision, or None while it is a draft."""
    given = {"estimate_id": estimate.id, "revision": estimate.revision}
    found: EstimateRevision | None = work.once(_revision_key(estimate), lambda: work.first(REVISION, **given))
    return found


def keep_revision(work: Work, estimate: Estimate, frozen: EstimateRevision) -> None:
    """Remembers, to the end of the transaction, the revision that was frozen in it."""
    work.once(_revision_key(estimate), lambda: frozen)


def _revision_key(estimate: Estimate) -> tuple[str, UUID, int]:
    return "estimate revision", estimate.id, estimate.revision


def _document_hash(work: Work, estimate: Estimate) -> str | None:
    frozen = revision_of(work, estimate)
    return frozen.document_hash if frozen else None


def _signature(work: Work, estimate: Estimate) -> SignatureCard | None:
    signed: Signature | None = work.first(SIGNATURE, estimate_id=estimate.id)
    if signed is None:
        return None
    return SignatureCard.model_construct(**signed.model_dump(include=set(SignatureCard.model_fields)))
