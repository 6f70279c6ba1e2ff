"""Work that waits for a decision, as the inbox shows it: what was done, by whom, why it was not taken; in words, not as sent."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from models.audit_entries import AuditEntry
from models.sync import REASONS, Quarantined
from models.visits import Visit
from ontrack_app.schemas.quarantine import QuarantineCard
from ontrack_app.schemas.screens.common import Badge
from ontrack_app.schemas.screens.inbox import InboxRow
from ontrack_app.services import devices
from ontrack_app.services.screens import phone_words, related, words
from ontrack_app.services.sync import quarantine
from ontrack_app.services.sync.mutators import MUTATORS
from ontrack_app.work import Work

WHY = {
    "revoked": "The phone was signed off before this came from it.",
    "no_right": "Its sender does no visits any more.",
    "gone": "What it was for was no longer theirs: the visit went to others, or was taken off their list.",
    "unknown": "Its app is newer than this server. Enter it by hand, then discard it here.",
    "failed": "Something broke on our side when it came. Taking it in tries again.",
}
OUTCOMES = {"taken": ("took it in", "good"), "dropped": ("discarded it", "idle")}


def rows(work: Work, found: Sequence[Quarantined]) -> list[InboxRow]:
    """Pieces of work as rows; what is asked of other tables is asked once for all of them."""
    said = {row.id: quarantine.meant(row) for row in found}
    known = phone_words.names(work, said.values())
    visits = related.by_id(work, Visit, [row.visit_id for row in found])
    deciders = devices.names(work, [row.decided_by for row in found])
    reasons = _reasons(work, [row.id for row in found if row.decision == "dropped"])
    result = []
    for card in quarantine.cards(work, found):
        row = _row(work, card, visits.get(card.visit_id) if card.visit_id else None)
        told, row.text = phone_words.told(work, said[card.id], known)
        row.title = f"{told}: {row.title}" if row.title else told
        row.clock = phone_words.clock(said[card.id].offset_ms or 0)
        row.phone_time = words.moment(work, said[card.id].at)
        row.may_take = card.decision is None and said[card.id].kind in MUTATORS
        if card.decision is not None:
            who = deciders.get(card.decided_by, "") if card.decided_by else ""
            why = f": {reasons[card.id]}" if card.id in reasons else ""
            row.decided = (
                f"{who or 'Somebody'} {OUTCOMES[card.decision][0]}, {words.when(work, card.decided_at)}{why}"
            )
            row.decided_full = words.moment(work, card.decided_at)
        result.append(row)
    return result


def _row(work: Work, card: QuarantineCard, visit: Visit | None) -> InboxRow:
    done = card.decision is not None
    badge = Badge(word="Taken in" if card.decision == "taken" else "Discarded", tint=OUTCOMES[card.decision][1]) if card.decision else Badge(word=dict(REASONS)[card.reason], tint="waiting")  # fmt: skip
    return InboxRow(
        id=str(card.id),
        title=visit.title or "Visit" if visit else "",
        href=f"/visits/{visit.id}" if visit else "",
        badge=badge,
        who=card.member_name or "Somebody",
        phone=card.device_label,
        came=words.when(work, card.received_at),
        came_full=words.moment(work, card.received_at),
        why="" if done else WHY[card.reason],
        may_discard=not done,
    )


def _reasons(work: Work, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Why work was discarded, by its id; the trail keeps it."""
    if not ids:
        return {}
    asked = select(AuditEntry).where(
        col(AuditEntry.tenant_id) == work.actor.tenant_id,
        col(AuditEntry.row_id).in_(ids),
        col(AuditEntry.word) == "quarantine.dropped",
    )
    return {entry.row_id: entry.reason or "" for entry in work.all(asked) if entry.row_id is not None}
