"""The only home of what the office's documents share on their pages: the grid, totals, margin, words of others."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from state.session import SessionState


def grid(state: Any) -> rx.Component:
    """The lines of a draft, with the price-book search as their last row."""
    search = ui.PriceSearch(state.found, state.query, state.find, state.pick, state.write)
    return ui.line_editor(state.paper.lines, state.commit, state.remove, search, state.record.tax_codes)


def totals(paper: Any) -> rx.Component:
    """What the lines come to, the currency named once."""
    return ui.totals(paper.rows, paper.label, paper.total)


def margin(paper: Any) -> rx.Component:
    """What stays after costs; nothing while no cost is known."""
    found = paper.margin
    head = ui.row(
        rx.el.b("Margin"), ui.icon("lock", 14), ui.quiet("office only"), rx.el.span(class_name="ot-grow"), rx.el.b(found.percent)
    )  # fmt: skip
    rows = rx.el.dl(
        rx.el.div(rx.el.dt("Cost"), rx.el.dd(found.cost)),
        rx.el.div(rx.el.dt("Margin"), rx.el.dd(found.left)),
        class_name="ot-totals",
    )
    of = rx.cond(found.known, rx.el.p("Cost is known for ", found.known, ".", class_name="ot-quiet ot-small"))
    return rx.cond(found.percent, rx.el.div(head, rows, of, class_name="ot-well"))


def currency_word() -> rx.Component:
    """The tenant's currency, quiet, behind a heading."""
    return ui.quiet(SessionState.currency)


def words_in_a_well(text: Any, by: Any = "") -> rx.Component:
    """What somebody wrote, on a tinted ground; nothing while there is nothing."""
    return rx.cond(text, rx.el.blockquote(text, rx.el.small(by), class_name="ot-well ot-said"))
