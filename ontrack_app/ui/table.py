"""The only home of tables of records: columns, sort heads, rows that are links, the pager."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from ontrack_app.ui.button import icon_button
from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Child, Flag, Handler, Items, Text, when
from ontrack_app.ui.words import nav_link


@dataclass(frozen=True)
class Column:
    """One column; width as CSS; phone says where its value goes in the two-line row: title, line, side or hide; a
    `spare` one gives way on narrow desks, beside an aside or in the schedule."""

    key: str
    label: str
    sort: bool = False
    num: bool = False
    width: str = ""
    phone: str = "hide"
    spare: bool = False


@dataclass(frozen=True)
class Sort:
    """What the list is sorted by, and who to ask for another order: `on_sort(key)`."""

    by: Text
    descending: Flag
    on_sort: Handler


def _spare(column: Column) -> dict[str, str]:
    """The mark of a column that gives way."""
    return {"data-spare": "true"} if column.spare else {}


def _head_cell(column: Column, sort: Sort | None) -> rx.Component:
    """A column's head: plain words, or a button that sorts."""
    props: dict[str, Any] = {"scope": "col", "class_name": "num" if column.num else ""}
    props["custom_attrs"] = _spare(column)
    if sort is None or not column.sort:
        label = column.label or rx.el.span("Acts", class_name="ot-unseen")
        return rx.el.th(label, **props)
    way = rx.cond(sort.descending, "descending", "ascending")
    state = rx.cond(sort.by == column.key, way, "none")
    button = rx.el.button(
        column.label,
        icon("arrow-up", 12),
        type="button",
        class_name="ot-sort",
        on_click=sort.on_sort(column.key),
    )
    return rx.el.th(button, aria_sort=state, **props)


def _row(columns: Sequence[Column], values: Sequence[Child], href: Text | None) -> rx.Component:
    """One row; the first value carries the link that covers the row."""
    cells = []
    for at, (column, value) in enumerate(zip(columns, values, strict=True)):
        inner = nav_link(href, value, class_name="ot-row-link") if at == 0 and href is not None else value
        attrs = {"data-phone": column.phone} | _spare(column)
        cells.append(rx.el.td(inner, class_name="num" if column.num else "", custom_attrs=attrs))
    return rx.el.tr(*cells)


def data_table(
    columns: Sequence[Column],
    rows: Items,
    cells: Callable[[Any], Sequence[Child]],
    href: Callable[[Any], Text] | None,
    sort: Sort | None = None,
) -> rx.Component:
    """A table of `rows`; `cells(row)` gives one value per column, `href(row)` the page behind the whole row (None: no link)."""
    widths = [
        rx.el.col(custom_attrs=({"width": column.width} if column.width else {}) | _spare(column))
        for column in columns
    ]
    head = rx.el.tr(*[_head_cell(column, sort) for column in columns])
    body = rx.foreach(rows, lambda row: _row(columns, cells(row), href(row) if href else None))
    return rx.el.table(
        rx.el.colgroup(*widths), rx.el.thead(head), rx.el.tbody(body), class_name="ot-table ot-records"
    )


def list_body(*children: Child) -> rx.Component:
    """The part of a list page that holds the table or what stands in its place."""
    return rx.el.div(*children, class_name="ot-list")


def lead_name(name: Text, more: Text = "") -> rx.Component:
    """A row's first cell: the name, heaviest, and who or what is behind it, quiet."""
    return rx.el.span(rx.el.b(name), when(more, rx.el.span(more)), class_name="ot-lead-name", title=name)


def pager(text: Text, on_prev: Handler, on_next: Handler, has_prev: Flag, has_next: Flag) -> rx.Component:
    """The foot of a list: which rows these are, and the way to the others."""
    return rx.el.nav(
        rx.el.span(text, class_name="ot-grow"),
        icon_button("Previous page", "chevron-left", size="small", on_click=on_prev, disabled=_not(has_prev)),
        icon_button("Next page", "chevron-right", size="small", on_click=on_next, disabled=_not(has_next)),
        class_name="ot-pager",
        aria_label="Pages",
    )


def _not(flag: Flag) -> Flag:
    """The opposite of a bool or of a Var of one."""
    return ~flag if isinstance(flag, rx.Var) else not flag
