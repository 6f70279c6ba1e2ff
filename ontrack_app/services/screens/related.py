"""The only home of what a page of rows needs of other rows: fetched in one query per table, never one per row."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, or_, text
from sqlmodel import col

from models.base import TenantRow
from models.clients import Client
from ontrack_app.rls import SEARCHABLE
from ontrack_app.services.listing import pattern
from ontrack_app.work import Work

Row = TypeVar("Row", bound=TenantRow)
OF_A_CLIENT, OF_A_PERSON = (("client_id", "clients"),), (("member_id", "members"),)
BELONGS = {
    **dict.fromkeys(("conflicts", "devices", "quarantine"), OF_A_PERSON),
    **dict.fromkeys(("estimates", "jobs", "invoices", "payments", "properties"), OF_A_CLIENT),
    "visits": (("job_id", "jobs"),),
    "expenses": (("visit_id", "visits"), ("job_id", "jobs")),
    "tasks": (("visit_id", "visits"),),
}


def by_id(work: Work, model: type[Row], ids: Iterable[UUID | None]) -> dict[UUID, Row]:
    """The rows of these ids, by id; ids that are empty or not there are left out."""
    wanted = {row_id for row_id in ids if row_id is not None}
    if not wanted:
        return {}
    found: list[Row] = work.all(work.of(model).where(col(model.id).in_(wanted)))
    return {row.id: row for row in found}


def client_names(work: Work, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of clients, by id."""
    return {row_id: client.name for row_id, client in by_id(work, Client, ids).items()}


def matching(model: type[TenantRow], words: str) -> list[ColumnElement[bool]]:
    """Rows whose own words hold `words`, or those of the client, job or person that they belong to; no condition for none."""
    if not words.strip():
        return []
    found = pattern(words)
    table = str(model.__tablename__)
    own = (("id", table),) if table in SEARCHABLE else ()
    conditions = []
    for column, searched in (*own, *BELONGS.get(table, ())):
        search = text(f"SELECT f FROM app.search_{searched}(:words_of_{searched}) f")  # noqa: S608 - our own tables' names
        conditions.append(getattr(model, column).in_(search.bindparams(**{f"words_of_{searched}": found})))
    return [or_(*conditions)]
