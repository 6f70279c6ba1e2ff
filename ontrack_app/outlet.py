"""The only home of what crews' phones are told of: which rows, and who wrote the fields that crews may change too.

It listens to every flush of every session, so that no door and no service can forget it. What it collects lies in the
session until `Work.seal` hands it to `app.note_changes`, which knows who goes on which visit and gives the numbers.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from models.base import TenantRow
from models.checklist_items import ChecklistItem
from models.clients import Client
from models.conflicts import Conflict
from models.contacts import Contact
from models.expenses import Expense
from models.files import File
from models.ids import new_id, now
from models.jobs import Job
from models.materials import Material
from models.members import Member
from models.notes import Note
from models.price_items import PriceItem
from models.properties import Property
from models.signatures import Signature
from models.tasks import Task
from models.time_entries import TimeEntry
from models.visits import Visit, VisitAssignee

TOUCHED, WRITERS, WRITER = "touched", "writers", "writer"
UNSEEN_STAGES = frozenset({"unscheduled", "cancelled"})
# Fields that a crew may change and the office may change meanwhile: each write leaves the id of the change that wrote it.
SHARED_FIELDS: dict[type[TenantRow], tuple[str, ...]] = {
    Property: ("access_notes",),
    Contact: ("phone",),
}
# A crew is shown the visits of these days around its company's today, whatever their stage (`shown._mine`).
BACK, AHEAD = timedelta(days=1), timedelta(days=15)
A_DAY = timedelta(days=1)  # today began at most so long ago, wherever the company is
Mark = dict[str, Any]


def _row(row: Any) -> Mark:
    return {"noun": row.__tablename__, "id": row.id}


def _of_visit(row: Any) -> Mark:
    return {"noun": row.__tablename__, "id": row.id, "visit": row.visit_id}


def _on_visit(row: Any) -> Mark | None:
    return {"noun": row.__tablename__, "id": row.id, "visit": row.row_id} if row.noun == "visits" else None


def _file(row: File) -> Mark | None:
    """Once all of it has come: pieces of an upload are its sender's concern alone."""
    past: Any = inspect(row).attrs  # type: ignore[union-attr]
    return _on_visit(row) if {row.stage, *past.stage.history.deleted} != {"uploading"} else None


def _own(row: Any) -> Mark:
    return {"noun": row.__tablename__, "id": row.id, "member": row.member_id}


def _visit(row: Visit) -> Mark:
    past: Any = inspect(row).attrs  # type: ignore[union-attr]
    stages = {row.stage, *past.stage.history.deleted}
    moved = any(past[name].history.has_changes() for name in ("planned_start", "archived_at", "job_id"))
    comes_or_goes = len(stages) > 1 and (bool(stages & UNSEEN_STAGES) or not _is_near(row))
    return {"noun": "visits", "id": row.id, "visit": row.id, "wide": moved or comes_or_goes}


def _is_near(visit: Visit) -> bool:
    """Whether it is shown by its day alone, wherever the company is; of others it depends on the stage."""
    planned = visit.planned_start
    return planned is not None and -BACK <= planned - now() <= AHEAD - A_DAY


def _assignee(row: VisitAssignee) -> Mark:
    return {
        "noun": "visits",
        "id": row.visit_id,
        "visit": row.visit_id,
        "member": row.member_id,
        "wide": True,
    }


def _stock(row: PriceItem) -> Mark | None:
    """Materials alone, and not for a price: no crew is told of one."""
    state: Any = inspect(row)
    past = state.attrs
    shown = ("name", "unit", "code", "kind", "archived_at")
    told = "material" in {row.kind, *past.kind.history.deleted}
    new = state.pending or any(past[name].history.has_changes() for name in shown)
    return {"noun": "stock", "id": row.id} if told and new else None


def _mate(row: Member) -> Mark | None:
    past: Any = inspect(row).attrs  # type: ignore[union-attr]
    return _row(row) if past.name.history.has_changes() else None


OUTLET: dict[type[Any], Callable[[Any], Mark | None]] = {
    Visit: _visit, VisitAssignee: _assignee, Job: _row, Property: _row, Client: _row, Contact: _row,
    PriceItem: _stock, Member: _mate,
    Note: _on_visit, Signature: _on_visit, ChecklistItem: _of_visit, Material: _of_visit, Task: _of_visit,
    File: _file,
    TimeEntry: _own, Expense: _own, Conflict: _own,
}  # fmt: skip


@event.listens_for(Session, "after_flush")
def _collect(session: Session, _context: Any) -> None:
    for rows, is_new in ((session.new, True), (session.dirty, False), (session.deleted, False)):
        for row in rows:
            find = OUTLET.get(type(row))
            if find is not None and (rows is not session.dirty or session.is_modified(row)):
                _note(session, row, find(row), is_new=is_new)


def _note(session: Session, row: Any, mark: Mark | None, *, is_new: bool) -> None:
    if mark is None:
        return
    touched: dict[tuple[Any, ...], Mark] = session.info.setdefault(TOUCHED, {})
    key = (mark["noun"], mark["id"], mark.get("member"))
    wide = mark.get("wide") or touched.get(key, {}).get("wide", False)
    touched[key] = {"visit": None, "member": None, **mark, "wide": wide}
    for field in SHARED_FIELDS.get(type(row), ()):
        history = inspect(row).attrs[field].history
        if not is_new and history.has_changes():
            writers: dict[tuple[str, UUID, str], Mark] = session.info.setdefault(WRITERS, {})
            writers[(row.__tablename__, row.id, field)] = {
                "noun": row.__tablename__,
                "id": row.id,
                "field": field,
                "hash": value_hash(getattr(row, field)),
                "writer": session.info.get(WRITER) or _writer(session),
            }


def _writer(session: Session) -> UUID:
    made: UUID = session.info.setdefault("own_writer", new_id())
    return made


def value_hash(value: Any) -> str:
    """A value by which it is recognised without being kept twice."""
    return hashlib.sha256(str(value).encode()).hexdigest()


def marks(session: Session) -> dict[str, list[Mark]]:
    """What this transaction has to tell so far, as `app.note_changes` takes it."""
    return {name: list(session.info.get(name, {}).values()) for name in (TOUCHED, WRITERS)}


def kept(session: Session) -> dict[str, Any]:
    """What has been collected so far, to be put back when what follows is taken back."""
    return {name: dict(session.info.get(name, {})) for name in (TOUCHED, WRITERS)}


def put_back(session: Session, before: dict[str, Any]) -> None:
    """Forgets what was collected since `kept`."""
    session.info.update(before)


def forget(session: Session) -> None:
    """Starts anew: what was collected has been told."""
    for name in (TOUCHED, WRITERS, WRITER, "own_writer"):
        session.info.pop(name, None)


def written_by(session: Session, noun: str, row_id: UUID, field: str) -> UUID | None:
    """Which change of this very transaction wrote the field, if one did."""
    found = session.info.get(WRITERS, {}).get((noun, row_id, field))
    writer: UUID | None = found["writer"] if found else None
    return writer
