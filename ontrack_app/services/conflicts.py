"""Conflicts: values that lost, kept beside those that stand, until somebody says which it is to be."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.base import NounRow
from models.conflicts import Conflict
from models.contacts import Contact
from models.properties import Property
from models.sync import SyncMutation
from models.visits import Visit
from ontrack_app.errors import Conflict as NotNow
from ontrack_app.errors import NotFound
from ontrack_app.schemas.common import Page
from ontrack_app.schemas.conflicts import ConflictCard
from ontrack_app.services import contacts, devices, listing, properties, visits
from ontrack_app.services.clocks import Clock
from ontrack_app.services.listing import Query
from ontrack_app.work import Work

# What two can want differently, and the one field of it.
ABOUT: dict[str, tuple[type[NounRow], str]] = {
    "properties": (Property, "access_notes"),
    "contacts": (Contact, "phone"),
    "visits": (Visit, "stage"),
}


def list_page(work: Work, query: Query) -> Page[ConflictCard]:
    """A page of conflicts, as `listing.Query` asks; a crew member gets its own.

    Raises:
        Forbidden: the actor performs no visits. Invalid: as `listing.page` says.
    """
    work.actor.require(Permission.VISITS_PERFORM)
    found = listing.page(work, Conflict, query)
    return Page(items=cards(work, found.rows), next_cursor=found.next_cursor)


def get(work: Work, conflict_id: UUID) -> ConflictCard:
    """One conflict.

    Raises:
        NotFound: there is none here, or none that may be known. Forbidden: the actor performs no visits.
    """
    work.actor.require(Permission.VISITS_PERFORM)
    return cards(work, [work.get(Conflict, conflict_id)])[0]


def decide(work: Work, conflict_id: UUID, *, use: bool) -> ConflictCard:
    """Uses the value that lost, or lets the other stand. What is decided once stays decided.

    Raises:
        NotFound: there is none here. Conflict: it cannot be used any more. Forbidden: as its words say.
    """
    work.actor.require(Permission.VISITS_PERFORM)
    conflict = work.lock(Conflict, conflict_id)
    if conflict.member_id != work.actor.member_id and not work.actor.is_office:
        raise NotFound("There is no conflict with this id.")
    if conflict.decision is None:
        if use:
            _use(work, conflict)
        conflict.decision = "used" if use else "kept"
        conflict.decided_at, conflict.decided_by = work.at, work.actor.member_id
        after = {"decision": conflict.decision, "field": conflict.field, "row_id": conflict.row_id}
        work.record("conflicts.decided", conflict, after=after)
    return cards(work, [conflict])[0]


def _use(work: Work, conflict: Conflict) -> None:
    lost: dict[str, Any] = conflict.lost
    if conflict.noun == "properties":
        properties.note_access(work, conflict.row_id, str(lost["value"]))
    elif conflict.noun == "contacts":
        contacts.note_phone(work, conflict.row_id, str(lost["value"]))
    elif conflict.noun == "visits":
        visit = work.lock(Visit, conflict.row_id)
        who = devices.names(work, [conflict.member_id]).get(conflict.member_id, "the crew")
        why = lost.get("reason") or f"As {who} said on the phone"
        visits.bring(work, visit, str(lost["stage"]), reason=why, at=happened(work, conflict))
    else:
        raise NotNow("This value cannot be used by itself. Enter it where it belongs.")


def happened(work: Work, conflict: Conflict) -> datetime:
    """When the losing value was given, by our time: the phone's, put right by what its clock was off then."""
    asked = work.of(SyncMutation).where(col(SyncMutation.mutation_id) == conflict.mutation_id)
    said: SyncMutation | None = work.first(asked)
    offset = int(said.clock.get("offset_ms") or 0) if said is not None else 0
    return Clock(conflict.device_at, offset_ms=offset).happened(work)


def cards(work: Work, found: Collection[Conflict]) -> list[ConflictCard]:
    """Conflicts as the API shows them; what they are about is asked once for all of them."""
    people = devices.names(work, [one.member_id for one in found])
    phones = devices.labels(work, [one.device_id for one in found])
    rows = present(work, found)
    copied = set(ConflictCard.model_fields) - {"now", "usable", "device_label", "member_name"}
    return [
        ConflictCard.model_construct(
            now=_value(one, rows.get((one.noun, one.row_id))),
            usable=one.decision is None and _usable(one, rows.get((one.noun, one.row_id))),
            device_label=phones.get(one.device_id, ""),
            member_name=people.get(one.member_id, ""),
            **one.model_dump(include=copied),
        )
        for one in found
    ]


def present(work: Work, found: Collection[Conflict]) -> dict[tuple[str, UUID], NounRow]:
    """The records that conflicts are about, by noun and id; of those that may be known."""
    rows: dict[tuple[str, UUID], NounRow] = {}
    for noun, (model, _) in ABOUT.items():
        ids = {one.row_id for one in found if one.noun == noun}
        if ids:
            rows |= {(noun, row.id): row for row in work.all(work.of(model).where(col(model.id).in_(ids)))}
    return rows


def _value(conflict: Conflict, row: NounRow | None) -> str | None:
    return None if row is None else str(getattr(row, conflict.field) or "")


def _usable(conflict: Conflict, row: NounRow | None) -> bool:
    if isinstance(row, Visit):
        return visits.way_to(row, str(conflict.lost.get("stage"))) is not None
    return row is not None
