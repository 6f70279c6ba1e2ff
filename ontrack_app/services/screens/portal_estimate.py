"""One estimate as its client reads it: what is offered, until when, and what happened to it."""

from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.contacts import Contact
from models.estimates import Estimate
from models.properties import Property
from models.signatures import Signature
from models.visits import OVER, Visit
from ontrack_app.schemas.screens.common import Badge
from ontrack_app.schemas.screens.portal_estimates import PortalEstimate
from ontrack_app.services import brands
from ontrack_app.services.estimates.cards import is_expired, lines_of
from ontrack_app.services.screens import papers, portal, words
from ontrack_app.work import Work

KINDS = {
    "sent": "open", "changes_requested": "changes", "approved": "approved", "converted": "approved", "declined": "declined",
    "expired": "expired", "voided": "withdrawn",
}  # fmt: skip
BADGES = {
    "open": ("Waits for you", "waiting"),
    "changes": ("Change asked", "planned"),
    "approved": ("Approved", "good"),
    "declined": ("Declined", "bad"),
    "expired": ("Expired", "idle"),
    "withdrawn": ("Withdrawn", "idle"),
}
TITLES = {
    "changes": "You asked for a change",
    "approved": "You approved this estimate",
    "declined": "You declined this estimate",
    "expired": "This price is no longer open",
    "withdrawn": "This estimate was withdrawn",
}


def record(work: Work, estimate_id: UUID) -> PortalEstimate:
    """The page of one estimate.

    Raises:
        NotFound: there is none that this reader may know; a revision in the making is one of those.
    """
    work.actor.require(Permission.ESTIMATES_READ)
    estimate = work.get(Estimate, estimate_id)
    stored = lines_of(work, estimate.id)
    paper, kind = papers.paper(work, estimate, stored), kind_of(work, estimate)
    place = work.find(Property, estimate.property_id) if estimate.property_id else None
    return PortalEstimate(
        id=str(estimate.id),
        version=estimate.version,
        kind=kind,
        above=_above(work, estimate, kind),
        title=estimate.title or f"Estimate {estimate.number}",
        note=estimate.note_to_client,
        place=portal.place_line(place),
        stage=stage_badge(work, estimate),
        lines=paper.lines,
        lines_words=_lines_words(estimate, len(stored)),
        rows=paper.rows,
        total_label=f"Total, {estimate.currency}",
        total=paper.total,
        terms=estimate.terms,
        pdf=f"/api/v1/estimates/{estimate.id}/pdf",
        signer=signer_of(work, estimate),
        today=words.day(words.local(work, work.at).date()),
        answer_title=TITLES.get(kind, ""),
        answer=_answer(work, estimate, kind),
        quoted=estimate.changes_asked if kind == "changes" else "",
        visits=_visits(work, estimate),
        may_decline=kind in ("open", "changes"),
    )


def kind_of(work: Work, estimate: Estimate) -> str:
    """open, changes, approved, declined, expired or withdrawn; past its day it is expired, whatever the clock has done."""
    return "expired" if is_expired(work, estimate) else KINDS[estimate.stage]


def stage_badge(work: Work, estimate: Estimate) -> Badge:
    """Where the estimate stands, in its client's words."""
    word, tint = BADGES[kind_of(work, estimate)]
    return Badge(word=word, tint=tint)


def signer_of(work: Work, estimate: Estimate) -> str:
    """The name under a drawn signature: the person's own, else the contact's that it was sent to."""
    if work.actor.name:
        return work.actor.name
    contact = work.find(Contact, estimate.contact_id) if estimate.contact_id else None
    return contact.name if contact else work.actor.email


def _above(work: Work, estimate: Estimate, kind: str) -> str:
    revision = f", revision {estimate.revision}" if estimate.revision > 1 else ""
    until = (
        f" · open to {portal.day(work, estimate.expires_on)}"
        if kind == "open" and estimate.expires_on
        else ""
    )
    return f"Estimate {estimate.number}{revision}{until}"


def _lines_words(estimate: Estimate, count: int) -> str:
    taxes = [str(row["label"]) for row in estimate.tax_rows]
    listed = " and ".join(part for part in (", ".join(taxes[:-1]), taxes[-1]) if part) if taxes else ""
    return f"{words.some(count, 'line')}{', ' if listed else ''}{listed}"


def _answer(work: Work, estimate: Estimate, kind: str) -> str:
    """What happened, and what happens next."""
    name = brands.face(work).name
    on = words.day(words.local(work, estimate.answered_at).date()) if estimate.answered_at else ""
    last_day = words.day(estimate.expires_on)
    said = {
        "changes": f"Sent to {name} on {on}. They work on it and send you a new revision with its own link.",
        "approved": f"{_signed(work, estimate)} {name} has it and plans the work with you. There is nothing else to do here.",
        "declined": f"{name} knows since {on}. Changed your mind? Ask them for a new one.",
        "expired": f"It was open to {last_day}. Ask {name} for a new one; the price may be another.",
        "withdrawn": f"Ask {name} if you did not expect this.",
    }
    return said.get(kind, "").strip()


def _signed(work: Work, estimate: Estimate) -> str:
    query = work.of(Signature).where(col(Signature.noun) == "estimates", col(Signature.row_id) == estimate.id)
    found: Signature | None = work.first(query.order_by(col(Signature.signed_at).desc()))
    return f"Signed by {found.name}, {words.moment(work, found.signed_at)}." if found else ""


def _visits(work: Work, estimate: Estimate) -> list[str]:
    """When somebody comes, once that is planned; the bearer of a link does not see it."""
    if estimate.job_id is None or work.actor.scope == "document":
        return []
    query = work.of(Visit).where(
        col(Visit.job_id) == estimate.job_id,
        col(Visit.archived_at).is_(None),
        col(Visit.planned_start).is_not(None),
        col(Visit.stage).not_in(OVER),
    )
    found: list[Visit] = work.all(query.order_by(col(Visit.planned_start)))
    return [words.window(work, visit.planned_start, visit.planned_end) for visit in found]
