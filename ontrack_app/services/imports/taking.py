"""The only home of taking rows in: one batch in one transaction, each lead once however often its row is brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, literal_column, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlmodel import col

from models.access import Permission
from models.base import JSON
from models.ids import new_id
from models.imports import Import, ImportRefusal
from models.leads import LEAD_FIELDS, Lead
from ontrack_app.schemas.imports import Mapping
from ontrack_app.services import pipeline_stages
from ontrack_app.services.imports.reading import Draft, Refused, Repeat
from ontrack_app.work import Work, fold

COLUMNS = tuple(column.name for column in Lead.__table__.columns)  # type: ignore[attr-defined]
FRESH = {"tenant_id", "id", "created_at", "updated_at"}
BLANK = Lead.model_construct(name="").model_dump(exclude=FRESH)
SEARCHABLE = tuple(fact.attribute for fact in LEAD_FIELDS.having("searchable"))
Item = Draft | Refused | Repeat


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a batch: the rows that became leads, and those whose lead was here already."""

    taken: tuple[Draft, ...]
    here: tuple[Draft, ...]


def start(work: Work, file_name: str, mapping: Mapping) -> UUID:
    """Opens an import, which counts what its batches take; its id."""
    work.actor.require(Permission.LEADS_WRITE)
    shown = mapping.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return work.add(
        Import(tenant_id=work.actor.tenant_id, noun="leads", file_name=file_name[:200], mapping=shown)
    ).id


def take(work: Work, import_id: UUID, batch: Sequence[Item]) -> Outcome:
    """Takes a batch in: leads that are new, words for rows that were refused, counts and one entry in the trail.

    Two imports of the same list may run at once: the database lets each number at a source in once.

    Raises:
        NotFound: there is no such import. Forbidden: the actor may not write leads.
    """
    work.actor.require(Permission.LEADS_WRITE)
    outcome = _add_leads(work, [item for item in batch if isinstance(item, Draft)])
    refused = [item for item in batch if isinstance(item, Refused)]
    if refused:
        work.session.execute(insert(ImportRefusal), [_refusal(work, import_id, item) for item in refused])
    counts = {
        "taken": len(outcome.taken),
        "repeated": len(outcome.here) + sum(isinstance(item, Repeat) for item in batch),
        "refused": len(refused),
    }
    row = work.lock(Import, import_id)
    for name, count in counts.items():
        setattr(row, name, getattr(row, name) + count)
    work.changed(row)
    work.record("leads.imported", row, after={**counts, "file_name": row.file_name})
    return outcome


def preview(work: Work, batch: Sequence[Item]) -> Outcome:
    """What `take` would do with a batch, with nothing written."""
    work.actor.require(Permission.LEADS_READ)
    drafts = [item for item in batch if isinstance(item, Draft)]
    sources = {draft.values["source"] for draft in drafts}
    refs = [draft.values["source_ref"] for draft in drafts]
    query = (
        select(Lead.source, Lead.source_ref)  # type: ignore[call-overload]
        .where(col(Lead.tenant_id) == work.actor.tenant_id)
        .where(col(Lead.source).in_(sources), col(Lead.source_ref).in_(refs))
    )
    known = {tuple(found) for found in work.session.execute(query)}
    return _parted(drafts, {_number(draft) for draft in drafts} - known)


def finish(work: Work, import_id: UUID) -> None:
    """Closes an import whose file has been read to its end.

    Raises:
        NotFound: there is no such import.
    """
    row = work.lock(Import, import_id)
    row.finished_at = work.at
    work.changed(row)


def _add_leads(work: Work, drafts: Sequence[Draft]) -> Outcome:
    if not drafts:
        return Outcome((), ())
    stage = pipeline_stages.of_kind(pipeline_stages.words(work), "open").key
    rows = [_lead(work, draft, stage) for draft in drafts]
    rows.sort(
        key=lambda row: (row["source"], row["source_ref"])
    )  # so that two imports never wait for each other
    given = func.jsonb_populate_recordset(literal_column("NULL::leads"), bindparam("rows", rows, type_=JSON))
    found = given.table_valued(*COLUMNS)
    statement = (
        pg_insert(Lead)
        .from_select(COLUMNS, select(*(found.c[name] for name in COLUMNS)))
        .on_conflict_do_nothing(index_elements=["tenant_id", "source", "source_ref"])
        .returning(col(Lead.source), col(Lead.source_ref))
    )
    new = {tuple(row) for row in work.session.execute(statement)}
    return _parted(drafts, new)


def _lead(work: Work, draft: Draft, stage: str) -> dict[str, Any]:
    """The columns of a new lead, as `Work.add` would fill them."""
    values = {**BLANK, **draft.values}
    values.setdefault("created_at", work.at)
    searchable = (str(values.get(name) or "") for name in SEARCHABLE)
    return values | {
        "tenant_id": work.actor.tenant_id,
        "id": new_id(),
        "stage": stage,
        "created_by": work.actor.user_id,
        "updated_at": work.at,
        "updated_by": work.actor.user_id,
        "search_text": fold(" ".join(searchable)),
    }


def _refusal(work: Work, import_id: UUID, item: Refused) -> dict[str, Any]:
    return {
        "tenant_id": work.actor.tenant_id,
        "id": new_id(),
        "import_id": import_id,
        "row_number": item.row,
        "words": item.words,
        "row": item.cells,
    }


def _parted(drafts: Sequence[Draft], new: set[tuple[Any, ...]]) -> Outcome:
    taken = tuple(draft for draft in drafts if _number(draft) in new)
    return Outcome(taken, tuple(draft for draft in drafts if _number(draft) not in new))


def _number(draft: Draft) -> tuple[str, str]:
    return draft.values["source"], draft.values["source_ref"]
