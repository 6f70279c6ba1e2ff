"""The only home of lists: one query language over any noun's field list, filtered, sorted and paged in SQL."""

import base64
import json
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute
from sqlmodel import col

from models.base import NounRow, TenantRow
from models.fields import Field, FieldList
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.work import Work, fold

MOST = 200
COMMON = 1000  # rows that hold the words, from where on an index of words is the longer way
COUNTED_AT_MOST = 100_000
Row = TypeVar("Row", bound=TenantRow)


@dataclass(frozen=True)
class Query:
    """What is asked of a list. `sort` is a field's name, with `-` for descending; several filter values are or-ed."""

    limit: int = 25
    cursor: str | None = None
    offset: int = 0
    sort: str = "-created_at"
    q: str = ""
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Found(Generic[Row]):
    """Rows of one page, and the cursor of the next (None at the end)."""

    rows: list[Row]
    next_cursor: str | None


def page(work: Work, model: type[Row], query: Query, *conditions: ColumnElement[bool]) -> Found[Row]:
    """One page of a noun's list.

    Raises:
        Invalid: an unknown filter or sort, a value that does not fit its field, a limit out of range, a broken cursor.
    """
    if not 1 <= query.limit <= MOST:
        raise _wrong("limit", f"limit is a whole number from 1 to {MOST}.")
    fields = fields_of(model)
    sort, descending = _sort(fields, query.sort)
    column = getattr(model, sort.attribute)
    statement = select(model).where(
        *_conditions(work, model, query), *_holding(work, model, query.q), *conditions
    )
    if query.cursor:
        statement = statement.where(_after(model, column, descending, query.cursor))
    statement = _ordered(statement, model, column, descending).limit(query.limit + 1).offset(query.offset)
    rows = list(work.session.execute(statement).scalars())
    if len(rows) <= query.limit:
        return Found(rows, None)
    last = rows[query.limit - 1]
    return Found(rows[: query.limit], _cursor(getattr(last, sort.attribute), last.id))


def count(work: Work, model: type[Row], query: Query, *conditions: ColumnElement[bool]) -> int:
    """How many rows the query finds in all pages, counted no further than 100,000."""
    inner = (
        select(col(model.id))
        .where(*_conditions(work, model, query), *_found(model, query.q), *conditions)
        .limit(COUNTED_AT_MOST)
    )
    found = work.session.execute(select(func.count()).select_from(inner.subquery())).scalar_one()
    return int(found)


def fields_of(model: type[TenantRow]) -> FieldList:
    """The noun's field list."""
    if model.FIELDS is None:
        raise LookupError(f"{model.__name__} has no field list")
    return model.FIELDS


def alive(work: Work, model: type[TenantRow]) -> list[ColumnElement[bool]]:
    """The tenant's rows of a table, but for those that were put away, where rows can be."""
    ours = col(model.tenant_id) == work.actor.tenant_id
    return [ours, col(model.archived_at).is_(None)] if issubclass(model, NounRow) else [ours]


def pattern(words: str) -> str:
    """The LIKE pattern that finds `words` anywhere in a row's search words."""
    safe = fold(words).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{safe}%"


def _holding(work: Work, model: type[Row], words: str) -> list[ColumnElement[bool]]:
    """The rows of a page that hold the words: by their ids, which the index of words finds. Where it finds too many, it is
    quicker to walk the list in its order and look at each row's words until the page is full."""
    if not words.strip():
        return []
    _searchable(model)
    table = model.__tablename__
    search = text(
        f"SELECT count(*) AS hits, array_agg(f)::text AS ids FROM app.search_{table}(:words, :most) f"  # noqa: S608 - our own table's name
    )
    found = work.session.execute(search, {"words": pattern(words), "most": COMMON}).one()
    if found.hits == COMMON:
        # The planner takes LIKE with long words to be rare and would sort everything; of this it thinks every third row.
        return [func.strpos(model.search_text, fold(words)) > 0]  # type: ignore[attr-defined]
    return [
        col(model.id) == any_(cast(bindparam("holding", found.ids, Text), ARRAY(Uuid)))
    ]  # never read here, so left as text


def _searchable(model: type[Row]) -> None:
    """Refuses words where no index of words is kept."""
    if not fields_of(model).having("searchable"):
        raise _wrong("q", "This list is not searched by words. Its filters narrow it.")


def _found(model: type[Row], words: str) -> list[ColumnElement[bool]]:
    """All rows that hold the words."""
    if not words.strip():
        return []
    _searchable(model)
    search = text(f"SELECT f FROM app.search_{model.__tablename__}(:words) f")  # noqa: S608 - our own table's name
    return [col(model.id).in_(search.bindparams(words=pattern(words)))]


def _conditions(work: Work, model: type[Row], query: Query) -> list[ColumnElement[bool]]:
    conditions = alive(work, model)
    fields = fields_of(model)
    for name, value in query.filters.items():
        found = fields.get(name)
        if found is None or not found.filterable or work.actor.role not in (*found.see, "system"):
            known = ", ".join(item.name for item in fields.having("filterable"))
            raise _wrong(name, f"“{name}” is no filter of this list. Filters are {known}.")
        conditions.append(_equals(getattr(model, found.attribute), found, value))
    return conditions


def _equals(column: InstrumentedAttribute[Any], found: Field, value: str) -> ColumnElement[bool]:
    if value == "none" and (
        found.type == "member" or (found.type == "choice" and column.expression.nullable)
    ):
        return column.is_(None)
    values = [_read(found, column, item) for item in value.split(",")] if found.type != "long" else [value]
    return column == values[0] if len(values) == 1 else column.in_(values)


def _read(found: Field, column: InstrumentedAttribute[Any], value: str) -> Any:
    if "\x00" in value:
        raise _wrong(found.name, f"“{found.label}” holds a sign that cannot be searched for.")
    kind = _kind(column)
    try:
        if kind is bool:
            return {"true": True, "false": False}[value.lower()]
        if kind is UUID:
            return UUID(value)
        if kind in (date, datetime):
            return kind.fromisoformat(value)
        return kind(value)
    except (KeyError, ValueError):
        expected = {bool: "true or false", UUID: "an id", date: "a date such as 2026-05-31"}.get(
            kind, "another value"
        )
        raise _wrong(found.name, f"“{found.label}” is {expected}, not “{value[:80]}”.") from None


def _kind(column: Any) -> type:
    """The Python type of a column's values; SQLModel's own text type does not say."""
    try:
        kind: type = column.type.python_type
    except NotImplementedError:
        return str
    return kind


def _sort(fields: FieldList, sort: str) -> tuple[Field, bool]:
    found = fields.get(sort.removeprefix("-"))
    if found is None or not found.sortable:
        known = ", ".join(item.name for item in fields.having("sortable"))
        raise _wrong("sort", f"This list sorts by {known}; put - before it for the other way round.")
    return found, sort.startswith("-")


def _ordered(statement: Select[Any], model: type[Row], column: Any, descending: bool) -> Select[Any]:
    """Rows without a value count as the smallest. Where none can be, saying so would keep the index from being used."""
    if not column.expression.nullable:
        row_id = col(model.id)
        way = (column.desc(), row_id.desc()) if descending else (column.asc(), row_id.asc())
        return statement.order_by(*way)
    if descending:
        return statement.order_by(column.desc().nulls_last(), col(model.id).desc())
    return statement.order_by(column.asc().nulls_first(), col(model.id).asc())


def _after(model: type[Row], column: Any, descending: bool, cursor: str) -> ColumnElement[bool]:
    value, row_id = _read_cursor(cursor, _kind(column))
    beyond = operator.lt if descending else operator.gt
    same = and_(column.is_(None) if value is None else column == value, beyond(col(model.id), row_id))
    if value is None:
        return same if descending else or_(same, column.is_not(None))
    further = beyond(column, value)
    return or_(further, same, column.is_(None)) if descending else or_(further, same)


def _cursor(value: Any, row_id: UUID) -> str:
    plain = value.isoformat() if hasattr(value, "isoformat") else value if value is None else str(value)
    return base64.urlsafe_b64encode(json.dumps([plain, str(row_id)]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, kind: type) -> tuple[Any, UUID]:
    try:
        plain, row_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if plain is None:
            return None, UUID(row_id)
        if kind in (date, datetime):
            return kind.fromisoformat(plain), UUID(row_id)
        return kind(plain), UUID(row_id)
    except (ValueError, TypeError, ArithmeticError):
        raise _wrong("cursor", "This cursor is not one of ours; start again without it.") from None


def _wrong(name: str, words: str) -> Invalid:
    return Invalid(words, errors=[FieldError(name, words)])
