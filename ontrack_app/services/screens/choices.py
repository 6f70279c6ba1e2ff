"""Two values to choose from, as the inbox shows them: what stands and who wrote it, what lost and who said it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from models.audit_entries import AuditEntry
from models.conflicts import Conflict
from models.contacts import Contact
from models.properties import Property
from models.sync import SyncMutation
from models.visits import VISIT_MACHINE, Visit
from ontrack_app.schemas.conflicts import ConflictCard
from ontrack_app.schemas.screens.common import Badge
from ontrack_app.schemas.screens.inbox import InboxRow, InboxValue
from ontrack_app.services import conflicts, devices
from ontrack_app.services.properties import one_line
from ontrack_app.services.screens import phone_words, words
from ontrack_app.services.screens.lists import PER_PAGE
from ontrack_app.work import Work

NOTHING = "Nothing"
OUTCOMES = {"used": "took the one from the phone", "kept": "left it as it was"}
Author = tuple[str, str]  # who wrote what stands, and when


def rows(work: Work, found: Sequence[Conflict]) -> list[InboxRow]:
    """Conflicts as rows; what is asked of other tables is asked once for all of them."""
    assert len(found) <= PER_PAGE
    cards = conflicts.cards(work, found)
    records = conflicts.present(work, found)
    wrote = _authors(work, found)
    clocks = _clocks(work, found)
    deciders = devices.names(work, [one.decided_by for one in found])
    result = []
    for card in cards:
        row = _row(work, card, records.get((card.noun, card.row_id)))
        row.clock = phone_words.clock(clocks.get(card.mutation_id, 0))
        row.sides = _values(card, wrote.get(card.row_id, ("", "")))
        if card.decision is not None:
            who = deciders.get(card.decided_by, "") if card.decided_by else ""
            row.decided = (
                f"{who or 'Somebody'} {OUTCOMES[card.decision]}, {words.when(work, card.decided_at)}"
            )
            row.decided_full = words.moment(work, card.decided_at)
        result.append(row)
    return result


def _row(work: Work, card: ConflictCard, record: Any) -> InboxRow:
    title, href = _about(record)
    return InboxRow(
        id=str(card.id),
        title=title,
        href=href,
        badge=Badge(word="Two values", tint="waiting")
        if card.decision is None
        else Badge(word="Chosen", tint="idle"),
        who=card.member_name or "Somebody",
        phone=card.device_label,
        phone_time=words.moment(work, card.device_at),
        came=words.when(work, card.created_at),
        came_full=words.moment(work, card.created_at),
    )


def _about(record: Any) -> tuple[str, str]:
    """What a conflict is about, and its page."""
    if isinstance(record, Property):
        return f"How to get in at {one_line(record)}", f"/properties/{record.id}"
    if isinstance(record, Contact):
        return f"Phone number of {record.name}", f"/clients/{record.client_id}"
    if isinstance(record, Visit):
        return f"Where the visit “{record.title or 'Visit'}” stands", f"/visits/{record.id}"
    return "Something that is no longer here", ""


def _values(card: ConflictCard, author: Author) -> list[InboxValue]:
    stage = card.kind == "stage"
    word = _stage if stage else _plain
    then = word(card.kept.get("stage" if stage else "value"))
    lost = word(card.lost.get("stage" if stage else "value"))
    stood = InboxValue(whose="Stands here", text=then, note=", ".join(part for part in author if part))
    said = InboxValue(
        whose=f"{card.member_name or 'The crew'} said", text=lost, note=str(card.lost.get("reason") or "")
    )
    if card.decision is not None:
        stood.whose = "Stood here"
        return [stood, said]
    now = None if card.now is None else word(card.now)
    if now is not None and now != then:
        stood.text, stood.note = now, f"Changed since: then it was “{then}”"
    stood.verb = "Leave it so"
    if card.usable:
        said.verb, said.use = "Take this", True
    else:
        said.note = " ".join(part for part in (said.note, _stuck(card, now)) if part)
    return [stood, said]


def _stuck(card: ConflictCard, now: str | None) -> str:
    """Why what was said cannot take its place, and what to do."""
    if card.kind == "stage" and now is not None:
        return f"A visit that is {now.lower()} cannot be brought there. Plan another visit, then leave this one so."
    return "It is no longer here, so nothing can be put in its place."


def _stage(stage: Any) -> str:
    return VISIT_MACHINE.label(str(stage)) if stage in VISIT_MACHINE.words else NOTHING


def _plain(value: Any) -> str:
    return str(value or "") or NOTHING


def _authors(work: Work, found: Sequence[Conflict]) -> dict[UUID, Author]:
    """Who last wrote what stands, by the record's id: from the trail, which knows it by the field's name."""
    wrote: dict[UUID, Author] = {}
    for field in {one.field for one in found if one.decision is None}:
        ids = [one.row_id for one in found if one.field == field]
        asked = (
            select(AuditEntry)
            .where(col(AuditEntry.tenant_id) == work.actor.tenant_id, col(AuditEntry.row_id).in_(ids))
            .where(
                func.jsonb_exists(col(AuditEntry.after), field), col(AuditEntry.word) != "conflicts.created"
            )
            .distinct(col(AuditEntry.row_id))
            .order_by(col(AuditEntry.row_id), col(AuditEntry.n).desc())
        )
        for entry in work.all(asked):
            if entry.row_id is not None:
                wrote[entry.row_id] = (entry.actor_name or "OnTrack", words.when(work, entry.at))
    return wrote


def _clocks(work: Work, found: Sequence[Conflict]) -> dict[UUID, int]:
    """How far the phones' clocks were off when they said it, in milliseconds, by mutation."""
    ids = [one.mutation_id for one in found]
    said: list[SyncMutation] = work.all(work.of(SyncMutation).where(col(SyncMutation.mutation_id).in_(ids)))
    return {one.mutation_id: int(one.clock.get("offset_ms") or 0) for one in said if one.mutation_id}
