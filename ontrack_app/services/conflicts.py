"""Conflicts: values that lost, kept beside those that stand, until somebody says which it is to be."""

from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.conflicts import Conflict
from models.contacts import Contact
from models.properties import Property
from models.visits import Visit
from ontrack_app.errors import Conflict as NotNow
from ontrack_app.errors import NotFound
from ontrack_app.schemas.jobs import VisitMoveBody
from ontrack_app.services import contacts, properties, visits
from ontrack_app.work import Work


def open_ones(work: Work) -> list[Conflict]:
    """What nobody has decided yet, the oldest first; a crew member gets its own."""
    work.actor.require(Permission.VISITS_READ)
    query = work.of(Conflict).where(col(Conflict.decision).is_(None))
    if not work.actor.is_office:
        query = query.where(col(Conflict.member_id) == work.actor.member_id)
    found: list[Conflict] = work.all(query.order_by(col(Conflict.created_at), col(Conflict.id)))
    return found


def decide(work: Work, conflict_id: UUID, *, use: bool) -> Conflict:
    """Uses the value that lost, or lets the other stand. What is decided once stays decided.

    Raises:
        NotFound: there is none here. Conflict: it cannot be used any more. Forbidden: as its words say.
    """
    work.actor.require(Permission.VISITS_PERFORM)
    conflict = work.lock(Conflict, conflict_id)
    if conflict.member_id != work.actor.member_id and not work.actor.is_office:
        raise NotFound("There is no conflict with this id.")
    if conflict.decision is not None:
        return conflict
    if use:
        _use(work, conflict)
    conflict.decision = "used" if use else "kept"
    conflict.decided_at, conflict.decided_by = work.at, work.actor.member_id
    after = {"decision": conflict.decision, "field": conflict.field, "row_id": conflict.row_id}
    work.record("conflicts.decided", conflict, after=after)
    return conflict


def _use(work: Work, conflict: Conflict) -> None:
    lost: dict[str, Any] = conflict.lost
    if conflict.noun == str(Property.__tablename__) and conflict.field == "access_notes":
        properties.note_access(work, conflict.row_id, str(lost["value"]))
    elif conflict.noun == str(Contact.__tablename__) and conflict.field == "phone":
        contacts.note_phone(work, conflict.row_id, str(lost["value"]))
    elif conflict.noun == str(Visit.__tablename__) and conflict.field == "stage":
        body = VisitMoveBody(reason=lost.get("reason"))
        visits.move(work, conflict.row_id, str(lost["move"]), body)
    else:
        raise NotNow("This value cannot be used by itself. Enter it where it belongs.")
