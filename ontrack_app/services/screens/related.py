"""The only home of what a page of rows needs of other rows: fetched in one query per table, never one per row."""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlmodel import col

from models.base import NounRow
from models.clients import Client
from ontrack_app.schemas.screens.common import Tab
from ontrack_app.services.listing import COUNTED_AT_MOST, pattern
from ontrack_app.work import Work

Row = TypeVar("Row", bound=NounRow)


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


def matching(model: Any, words: str) -> list[ColumnElement[bool]]:
    """Rows whose own words or whose client's words hold `words`; no condition for none."""
    if not words.strip():
        return []
    own = text(f"SELECT f FROM app.search_{model.__tablename__}(:own_words) f")  # noqa: S608 - our own table's name
    theirs = text("SELECT f FROM app.search_clients(:client_words) f")
    found = pattern(words)
    return [
        or_(
            col(model.id).in_(own.bindparams(own_words=found)),
            col(model.client_id).in_(theirs.bindparams(client_words=found)),
        )
    ]


def count(work: Work, model: type[Row], *conditions: ColumnElement[bool]) -> int:
    """How many rows that are not put away meet the conditions, counted no further than 100,000."""
    inner = (
        select(col(model.id))
        .where(col(model.tenant_id) == work.actor.tenant_id, col(model.archived_at).is_(None), *conditions)
        .limit(COUNTED_AT_MOST)
    )
    return int(work.session.execute(select(func.count()).select_from(inner.subquery())).scalar_one())


def stage_counts(work: Work, model: Any) -> dict[str, int]:
    """How many rows stand in each stage, in one query."""
    query = (
        select(col(model.stage), func.count())
        .where(col(model.tenant_id) == work.actor.tenant_id, col(model.archived_at).is_(None))
        .group_by(col(model.stage))
    )
    return {stage: int(number) for stage, number in work.session.execute(query)}


def tab(key: str, label: str, number: int) -> Tab:
    """One view of a list with its count."""
    return Tab(key=key, label=label, count=f"{number:,}")
