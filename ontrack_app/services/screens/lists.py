"""The only home of list screens: which rows the address asks for, each view with its live count, the foot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, func, select
from sqlmodel import col

from models.base import TenantRow
from models.fields import FieldList
from ontrack_app.schemas.screens.common import Filter, ListPage, ListQuery, Option, Tab
from ontrack_app.services import listing
from ontrack_app.services.listing import Query
from ontrack_app.services.screens import related, words
from ontrack_app.work import Work

PER_PAGE = 25
COUNTED_AT_MOST = 10_000
Row = TypeVar("Row", bound=TenantRow)


@dataclass(frozen=True)
class View:
    """One tab of a list: its key in the address, its label, and the conditions that its rows meet.

    A `linked` one is a tab only while an address asks for it: what home counts has the same definition as its list.
    """

    key: str
    label: str
    conditions: tuple[ColumnElement[bool], ...] = ()
    linked: bool = False


def page(
    work: Work, model: type[Row], views: Sequence[View], asked: ListQuery, *, sort: str = "-created_at"
) -> tuple[list[Row], ListPage]:
    """The rows of one page in the view that is asked for (the first one if there is no such view), and the foot.

    `sort` is the order while the address names none.

    Raises:
        Invalid: an unknown filter or sort, or a value that does not fit its field.
    """
    view = next((view for view in views if view.key == asked.tab), views[0])
    offset = (asked.page - 1) * PER_PAGE
    query = Query(limit=PER_PAGE, offset=offset, sort=asked.sort or sort, filters=dict(asked.filters))
    narrowed = (*view.conditions, *related.matching(model, asked.q))
    found = listing.page(work, model, query, *narrowed)
    tabs = [one for one in views if one is view or not one.linked]
    counts = _counts(work, model, tabs)
    whole = not (asked.q.strip() or asked.filters)
    total = counts[view.key] if whole else listing.count(work, model, query, *narrowed)
    foot = words.list_page(offset, len(found.rows), total, [_tab(one, counts[one.key]) for one in tabs])
    if whole and total > COUNTED_AT_MOST:
        foot.text = f"{offset + 1:,}–{offset + len(found.rows):,} of {count_text(total)}"
    foot.tab, foot.sort, foot.has_next = view.key, query.sort, found.next_cursor is not None
    return found.rows, foot


def filter_of(
    asked: ListQuery, name: str, label: str, options: Sequence[tuple[str, str]] = (), *, shown: str = ""
) -> Filter:
    """One filter as the list's head shows it: a select when it has options, a chip with the words `shown` otherwise."""
    choices = [Option(value=value, label=text) for value, text in options]
    value = asked.filters.get(name, "")
    if value and choices and value not in {choice.value for choice in choices}:
        choices.append(Option(value=value, label=shown or value))
    if choices:
        choices.insert(0, Option(value="", label="Any"))
    return Filter(
        name=name, label=label, value=value, shown=(shown or value) if value else "", options=choices
    )


def other_filters(asked: ListQuery, fields: FieldList, known: Collection[str]) -> list[Filter]:
    """Filters that only an address sets, as chips, so that a list always says why it is what it is."""
    others = [(name, fields.get(name)) for name in asked.filters if name not in known]
    return [filter_of(asked, name, field.label) for name, field in others if field is not None]


def counted(work: Work, model: type[Row], views: Sequence[View]) -> list[Tab]:
    """Every view as a tab with its live count."""
    counts = _counts(work, model, views)
    return [_tab(view, counts[view.key]) for view in views]


def _counts(work: Work, model: type[Row], views: Sequence[View]) -> dict[str, int]:
    """The number of rows of every view, all counted in one query and no further than is shown."""
    alive = listing.alive(work, model)
    counts = [
        select(func.count())
        .select_from(
            select(col(model.id)).where(*alive, *view.conditions).limit(COUNTED_AT_MOST + 1).subquery()
        )
        .scalar_subquery()
        for view in views
    ]
    found = work.session.execute(select(*counts)).one()
    return {view.key: int(number) for view, number in zip(views, found, strict=True)}


def _tab(view: View, number: int) -> Tab:
    return Tab(key=view.key, label=view.label, count=count_text(number))


def count_text(number: int) -> str:
    """A live count: 1,204, or 10,000+ where nobody counts any further."""
    return f"{number:,}" if number <= COUNTED_AT_MOST else f"{COUNTED_AT_MOST:,}+"
