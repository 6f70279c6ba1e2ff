"""The only home of what a list page is made of: head, tabs, search and filters, rows in their states, pager."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.shell import live


@dataclass(frozen=True)
class ListScreen:
    """What one noun's list says: `cells(row)` one value per column, `href(row)` its page, words for when there is nothing.

    `right` stands at the end of the filter row; `draw(rows)` draws the rows where one table is not enough. An empty
    `search` leaves the field for words out.
    """

    title: str
    columns: Sequence[ui.Column]
    cells: Callable[[Any], Sequence[Any]]
    href: Callable[[Any], Any]
    empty_title: str
    empty_text: str
    actions: Sequence[rx.Component] = field(default_factory=tuple)
    empty_action: rx.Component | None = None
    search: str = "Filter by words"
    right: Sequence[rx.Component] = field(default_factory=tuple)
    draw: Callable[[Any], rx.Component] | None = None


def list_screen(state: Any, screen: ListScreen) -> rx.Component:
    """A list whose State is a `ListState` with `rows` and `load`; it shows what others change as they change it."""
    head = ui.page_header(screen.title, *screen.actions)
    page: rx.Component = rx.fragment(head, list_parts(state, screen), live(state.load))
    return page


def list_parts(state: Any, screen: ListScreen) -> rx.Component:
    """A list without its head, for a page that has one already."""
    words = [ui.search_box(state.q, state.search, placeholder=screen.search)] if screen.search else []
    parts: rx.Component = rx.fragment(
        rx.cond(state.foot.tabs.length() > 1, ui.view_tabs(state.foot.tabs, state.foot.tab, state.pick_tab)),
        ui.filter_row(
            *words,
            rx.foreach(state.foot.filters, lambda one: _filter(state, one)),
            right=tuple(screen.right),
        ),
        ui.list_body(list_states(state, screen)),
        rx.cond(
            state.status == "full",
            ui.pager(
                state.foot.text,
                state.previous_page,
                state.next_page,
                state.foot.has_prev,
                state.foot.has_next,
            ),
        ),
    )
    return parts


def _filter(state: Any, one: Any) -> rx.Component:
    """One filter: a select while it has options, else a chip that can be taken off."""
    drawn: rx.Component = rx.cond(
        one.options.length() > 0,
        ui.filter_select(one.label, one.options, one.value, lambda value: state.filter_by(one.name, value)),
        ui.filter_chip(one.label, one.shown, state.filter_by(one.name, "")),
    )
    return drawn


def list_states(state: Any, screen: ListScreen) -> rx.Component:
    """The rows of a list, or what stands in their place: loading, empty, nothing found, an error."""
    sort = ui.Sort(state.sort_by, state.descending, state.sort_rows)
    words = rx.cond(state.trouble, state.trouble, "The list could not be read. Nothing is lost.")
    table = (
        ui.data_table(screen.columns, state.rows, screen.cells, screen.href, sort=sort)
        if screen.draw is None
        else screen.draw(state.rows)
    )
    return ui.by_status(
        state.status,
        full=table,
        empty=ui.empty(screen.empty_title, screen.empty_text, screen.empty_action),
        none=ui.empty("Nothing in this view", "The other tabs have something in them."),
        nothing=ui.nothing_found(state.q, "Other words or fewer filters may find it.", state.clear_filters),
        error=ui.error_panel("This list is not here", words, state.clear_filters),
    )
