"""The only home of the grid that lines are typed in, and of the price-book search that is its last row."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from ontrack_app.ui.button import icon_button
from ontrack_app.ui.icons import icon
from ontrack_app.ui.kinds import Handler, Items, joined, when
from ontrack_app.ui.widgets import GridKeys, entry

_TAXES_LIST = "ot-tax-codes"


@dataclass(frozen=True)
class PriceSearch:
    """The last row: results (id, name, kind, price) for what was typed; `on_query(text)`, `on_pick(id)`, `on_write(text)` for a line of one's own."""

    results: Items
    query: Any
    on_query: Handler
    on_pick: Handler
    on_write: Handler


@dataclass(frozen=True)
class Cell:
    """One column of the grid; width as CSS."""

    name: str
    label: str
    width: str
    num: bool = False
    more: dict[str, Any] = field(default_factory=dict)


_CELLS = (
    Cell("description", "Item", "auto"),
    Cell("quantity", "Qty", "64px", True),
    Cell("unit", "Unit", "52px"),
    Cell("price", "Price", "92px", True),
    Cell("discount", "Discount", "80px", True),
    Cell("taxes", "Tax", "92px", more={"list": _TAXES_LIST}),
)


def _cell(line: Any, cell: Cell, on_commit: Handler) -> rx.Component:
    """One cell to type in; told to the server when it is left."""
    box = entry(
        getattr(line, cell.name),
        cell=True,
        class_name="ot-cell",
        type="text",
        auto_complete="off",
        aria_label=cell.label,
        placeholder=cell.label,
        on_commit=lambda text: on_commit(line.id, cell.name, text),
        custom_attrs={"data-cell": cell.name, **({"inputMode": "decimal"} if cell.num else {}), **cell.more},
    )
    return rx.el.td(box, class_name="cell num" if cell.num else "cell")


def _line(line: Any, on_commit: Handler, on_remove: Handler) -> rx.Component:
    """A line's row, and under it what is wrong with it."""
    remove = icon_button(
        "Remove this line", "x", size="small", on_click=on_remove(line.id), custom_attrs={"tabIndex": "-1"}
    )
    wrong = rx.el.tr(
        rx.el.td(
            rx.el.span(icon("circle-alert", 14), line.error, class_name="ot-error", role="alert"), col_span=8
        ),
        class_name="ot-line-error",
    )
    cells = [_cell(line, cell, on_commit) for cell in _CELLS]
    row = rx.el.tr(*cells, rx.el.td(line.amount, class_name="num amount"), rx.el.td(remove))
    return rx.fragment(row, when(line.error, wrong), key=line.id)


def _finder(search: PriceSearch) -> rx.Component:
    """The price-book search that is the last row, and its results."""
    box = entry(
        search.query,
        delay=150,
        class_name="ot-cell",
        type="text",
        auto_complete="off",
        placeholder="Add a line: type to search the price book",
        aria_label="Add a line from the price book",
        on_commit=search.on_query,
        custom_attrs={"data-finder": "true"},
    )

    def one(found: Any) -> rx.Component:
        """One item of the price book."""
        return rx.el.li(
            rx.el.button(
                icon("package"),
                rx.el.span(found.name, class_name="ot-cut"),
                rx.el.span(found.kind, class_name="ot-quiet"),
                rx.el.span(found.price, class_name="num"),
                type="button",
                on_click=search.on_pick(found.id),
                custom_attrs={"data-result": "true", "tabIndex": "-1"},
            ),
            key=found.id,
        )

    results = rx.el.ul(
        rx.foreach(search.results, one),
        when(search.query, rx.el.li(_own(search))),
        class_name="ot-finder-menu",
    )
    return rx.el.div(icon("search"), box, results, class_name="ot-finder")


def _own(search: PriceSearch) -> rx.Component:
    """The result that is no item of the price book: what was typed, as a line of its own."""
    return rx.el.button(
        icon("plus"),
        rx.el.span(joined("Write “", search.query, "” as a line of your own"), class_name="ot-cut"),
        rx.el.span(),
        rx.el.span(rx.el.kbd("Ctrl Enter", class_name="ot-key"), class_name="num"),
        type="button",
        on_click=search.on_write(search.query),
        custom_attrs={"data-result": "true", "data-own": "true", "tabIndex": "-1"},
    )


def _keys() -> rx.Component:
    """What the keys do, printed at the foot."""
    said = (("Tab", "next cell"), ("Enter", "next row"), ("Esc", "put back"))
    return rx.el.div(
        *[rx.el.span(rx.el.kbd(key, class_name="ot-key"), what) for key, what in said], class_name="ot-keys"
    )


def line_editor(
    lines: Any, on_commit: Handler, on_remove: Handler, search: PriceSearch, tax_codes: Items
) -> rx.Component:
    """Lines typed like a spreadsheet (id, description, quantity, unit, price, discount, taxes, amount, error); `on_commit(line_id, field, text)`."""
    head = rx.el.tr(
        *[rx.el.th(cell.label, scope="col", class_name="num" if cell.num else "") for cell in _CELLS],
        rx.el.th("Amount", scope="col", class_name="num"),
        rx.el.th(rx.el.span("Remove", class_name="ot-unseen"), scope="col"),
    )
    widths = [cell.width for cell in _CELLS] + ["100px", "32px"]
    columns = rx.el.colgroup(*[rx.el.col(custom_attrs={"width": width}) for width in widths])
    body = rx.el.tbody(rx.foreach(lines, lambda line: _line(line, on_commit, on_remove)))
    codes = rx.el.datalist(rx.foreach(tax_codes, lambda code: rx.el.option(value=code)), id=_TAXES_LIST)
    table = rx.el.table(columns, rx.el.thead(head), body, class_name="ot-table ot-lines ot-grid")
    return GridKeys.create(table, codes, _finder(search), _keys(), rows=lines.length(), class_name="ot-grid")
