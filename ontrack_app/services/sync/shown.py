"""The only home of what a phone holds: which rows are a member's, and which of their fields. No price, cost or margin is here.

`rows` answers for a snapshot and for a pull alike, so that both can never say different things.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Select,
    Uuid,
    and_,
    any_,
    bindparam,
    column,
    func,
    or_,
    select,
    text,
    true,
)
from sqlmodel import col

from models.base import TenantRow
from models.checklist_items import ChecklistItem
from models.clients import Client
from models.conflicts import Conflict
from models.contacts import Contact
from models.expenses import Expense
from models.files import File
from models.jobs import Job
from models.materials import Material
from models.notes import Note
from models.price_items import PriceItem
from models.properties import Property
from models.signatures import Signature
from models.sync import FieldWriter
from models.tasks import Task
from models.time_entries import TimeEntry
from models.visits import UNDER_WAY, Visit, VisitAssignee
from ontrack_app.outlet import AHEAD, BACK, SHARED_FIELDS, UNSEEN_STAGES
from ontrack_app.work import TENANT, Work, standing

LEFT_FOR = timedelta(days=14)


def _mine() -> Select[Any]:
    """The member's visits, each with its job: yesterday to in two weeks, what is under way, and what was left over."""
    start, stage = col(Visit.planned_start), col(Visit.stage)
    on = and_(
        col(VisitAssignee.tenant_id) == bindparam(TENANT),
        col(VisitAssignee.visit_id) == col(Visit.id),
        col(VisitAssignee.member_id) == bindparam("member"),
    )
    near = and_(start >= bindparam("since"), start < bindparam("until"))
    late = and_(stage == "scheduled", start >= bindparam("left"), start < bindparam("until"))
    return (
        select(col(Visit.id), col(Visit.job_id))
        .select_from(Visit)
        .join(VisitAssignee, on)
        .where(col(Visit.tenant_id) == bindparam(TENANT), col(Visit.archived_at).is_(None))
        .where(stage.not_in(UNSEEN_STAGES), or_(near, late, stage.in_(UNDER_WAY)))
    )


def _among(column: Any, name: str) -> ColumnElement[bool]:
    """The column is one of the ids that are given by this name."""
    return column == any_(bindparam(name, type_=ARRAY(Uuid)))  # type: ignore[no-any-return]


def _by_visit(column: Any) -> ColumnElement[bool]:
    return _among(column, "visits")


def _by_job(name: str) -> Select[Any]:
    jobs = select(getattr(Job, name)).where(col(Job.tenant_id) == bindparam(TENANT))
    return jobs.where(_among(col(Job.id), "jobs"))


@dataclass(frozen=True)
class Kind:
    """One kind of row: its table, the columns that are shown, and the condition under which it is the member's."""

    model: type[TenantRow]
    columns: tuple[str, ...]
    mine: ColumnElement[bool]
    more: Callable[[dict[str, Any]], dict[str, Any]] = dict
    source: FromClause | None = None

    def query(self, *, some: bool) -> Select[Any]:
        """The rows that are the member's; `some` of them by id, or all."""
        table = (self.model.__table__ if self.source is None else self.source).columns  # type: ignore[attr-defined]
        found = select(table["id"], *(table[name] for name in self.columns))
        found = found.where(self.mine).order_by(table["id"])
        if "tenant_id" in table:
            found = found.where(table["tenant_id"] == bindparam(TENANT))
        if "archived_at" in table:
            found = found.where(table["archived_at"].is_(None))
        return found.where(_among(table["id"], "ids")) if some else found


def _flag(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Shows that something was done, not when and by whom."""

    def more(row: dict[str, Any]) -> dict[str, Any]:
        return {(key.removesuffix("_at") if key in name else key): (value is not None if key in name else value) for key, value in row.items()}  # fmt: skip

    return more


def _claim(row: dict[str, Any]) -> dict[str, Any]:
    """A claim with why it was rejected; the words beside an approval speak of amounts."""
    return _flag("approved_at")(row | {"decision": row["decision"] if row["stage"] == "rejected" else ""})


def _row_is_visit(row: dict[str, Any]) -> dict[str, Any]:
    return {("visit_id" if key == "row_id" else key): value for key, value in row.items()}


# The price book's materials by name: a function of the database gives them, because a crew sees no row of the book.
STOCK = func.app.stock().table_valued(
    column("id", Uuid), column("name"), column("unit"), column("code"), name="stock"
)
CREWS = text("SELECT visit_id, id, name FROM app.crews(:visits) ORDER BY name, id")


def _with_picture(row: dict[str, Any]) -> dict[str, Any]:
    """A file with the address of its small picture, which only a clean one has."""
    is_shown = row["stage"] == "clean" and str(row["content_type"]).startswith("image/")
    row = row | {"content_type": f"/files/{row['id']}?variant=thumbnail" if is_shown else ""}
    return {
        ("thumbnail_url" if key == "content_type" else key): value
        for key, value in _row_is_visit(row).items()
    }


KINDS: dict[str, Kind] = {
    "visits": Kind(
        Visit,
        ("job_id", "title", "stage", "planned_start", "planned_end", "departed_at", "actual_start", "actual_end",
         "instructions", "version"),
        _by_visit(col(Visit.id)),
    ),
    "jobs": Kind(
        Job,
        ("number", "title", "stage", "client_id", "property_id", "instructions"),
        _among(col(Job.id), "jobs"),
    ),
    "properties": Kind(
        Property,
        ("client_id", "street", "unit", "city", "region", "postal_code", "country", "access_notes"),
        col(Property.id).in_(_by_job("property_id")),
    ),
    "clients": Kind(Client, ("name", "do_not_service"), col(Client.id).in_(_by_job("client_id"))),
    "contacts": Kind(
        Contact, ("client_id", "name", "job_title", "phone", "is_primary"), col(Contact.client_id).in_(_by_job("client_id"))
    ),
    "notes": Kind(
        Note,
        ("row_id", "text", "author_name", "created_at"),
        and_(col(Note.noun) == "visits", _by_visit(col(Note.row_id))),
        _row_is_visit,
    ),
    "checklist_items": Kind(
        ChecklistItem,
        ("visit_id", "kind", "label", "required", "position", "stage", "value", "answered_at"),
        _by_visit(col(ChecklistItem.visit_id)),
    ),
    "time_entries": Kind(
        TimeEntry,
        ("visit_id", "kind", "started_at", "ended_at", "skewed", "corrects_id", "approved_at", "locked_at"),
        and_(col(TimeEntry.member_id) == bindparam("member"), col(TimeEntry.started_at) >= bindparam("left")),
        _flag("approved_at locked_at"),
    ),
    "materials": Kind(
        Material, ("visit_id", "name", "quantity", "unit"), _by_visit(col(Material.visit_id))
    ),
    "stock": Kind(PriceItem, ("name", "unit", "code"), true(), source=STOCK),
    "expenses": Kind(
        Expense,
        ("visit_id", "title", "receipt_id", "stage", "decision", "approved_at"),
        and_(col(Expense.member_id) == bindparam("member"), _by_visit(col(Expense.visit_id))),
        _claim,
    ),
    "tasks": Kind(Task, ("visit_id", "kind", "text", "due_on", "stage"), _by_visit(col(Task.visit_id))),
    "signatures": Kind(
        Signature,
        ("row_id", "kind", "name", "document_hash", "signed_at"),
        and_(col(Signature.noun) == "visits", _by_visit(col(Signature.row_id))),
        _row_is_visit,
    ),
    "files": Kind(
        File,
        ("row_id", "name", "kind", "phase", "stage", "note", "taken_at", "content_type"),
        and_(col(File.noun) == "visits", col(File.stage) != "uploading", _by_visit(col(File.row_id))),
        _with_picture,
    ),
    "conflicts": Kind(
        Conflict,
        ("kind", "noun", "row_id", "field", "lost", "kept", "device_at", "created_at", "mutation_id"),
        and_(col(Conflict.member_id) == bindparam("member"), col(Conflict.decision).is_(None)),
    ),
}  # fmt: skip
MINE = _mine()
QUERIES = {(name, some): kind.query(some=some) for name, kind in KINDS.items() for some in (True, False)}
WRITERS = standing(FieldWriter).where(
    col(FieldWriter.noun) == bindparam("noun"),
    _among(col(FieldWriter.row_id), "ids"),
)
SHARED = {str(model.__tablename__): fields for model, fields in SHARED_FIELDS.items()}


def window(work: Work) -> dict[str, Any]:
    """The member, the days it is shown, and its visits and jobs of those days, as the queries take them; read once.

    Another day is another scope.
    """
    return work.once("shown", lambda: _window(work))


def _window(work: Work) -> dict[str, Any]:
    midnight = datetime.combine(today(work), time.min, work.actor.tenant.zone)
    days = {
        TENANT: work.actor.tenant_id,
        "member": work.actor.member_id,
        "since": midnight - BACK,
        "until": midnight + AHEAD,
        "left": midnight - LEFT_FOR,
    }
    found = work.session.execute(MINE, days).all()
    return days | {"visits": [row.id for row in found], "jobs": list({row.job_id for row in found})}


def today(work: Work) -> Any:
    """The day that it is where the company works."""
    return work.at.astimezone(work.actor.tenant.zone).date()


def fields_of(noun: str) -> list[str]:
    """The names of the fields that a row of this kind has."""
    names = list(KINDS[noun].more(dict.fromkeys(KINDS[noun].columns)))
    return [*names, "crew"] if noun == "visits" else names


def rows(work: Work, noun: str, ids: Sequence[UUID] | None = None) -> dict[UUID, dict[str, Any]]:
    """The member's rows of a kind, all or those of the ids that are among them, as they are now."""
    given = window(work) | ({} if ids is None else {"ids": list(ids)})
    found = work.session.execute(QUERIES[noun, ids is not None], given).mappings()
    more = KINDS[noun].more
    whole = {row["id"]: more(dict(row)) for row in found}
    rows = {
        row_id: {key: value for key, value in row.items() if key != "id"} for row_id, row in whole.items()
    }
    if noun == "visits" and rows:
        _add_crews(work, rows)
    return rows


def _add_crews(work: Work, visits: dict[UUID, dict[str, Any]]) -> None:
    for fields in visits.values():
        fields["crew"] = []
    for visit_id, member_id, name in work.session.execute(CREWS, {"visits": list(visits)}):
        visits[visit_id]["crew"].append({"id": member_id, "name": name})


def writers(work: Work, noun: str, ids: Sequence[UUID]) -> Mapping[UUID, dict[str, UUID | None]]:
    """Who wrote the fields of these rows that a crew may change."""
    fields = SHARED.get(noun, ())
    known: dict[UUID, dict[str, UUID | None]] = {row_id: dict.fromkeys(fields) for row_id in ids}
    if fields and known:
        for row in work.all(WRITERS, noun=noun, ids=list(known)):
            known[row.row_id][row.field] = row.mutation_id
    return known if fields else {}
