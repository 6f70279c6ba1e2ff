"""The only home of what a list page of the portal is made of: title, views, rows in their states, pager."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from ontrack_app import ui
from portal.shell import WHO


@dataclass(frozen=True)
class PortalList:
    """What one list says; `href(row)` is the page behind a row, None where there is none."""

    title: str
    columns: Sequence[ui.Column]
    cells: Callable[[Any], Sequence[Any]]
    href: Callable[[Any], Any] | None
    empty_title: str
    empty_text: str


def portal_list(state: Any, screen: PortalList) -> rx.Component:
    """A list whose State is a `ListState` with `rows` and `load`."""
    return rx.fragment(
        ui.portal_intro(WHO.client, screen.title),
        rx.cond(state.foot.tabs.length() > 1, ui.view_tabs(state.foot.tabs, state.foot.tab, state.pick_tab)),
        ui.panel(
            _rows(state, screen),
            rx.cond(
                (state.status == "full") & (state.foot.has_prev | state.foot.has_next),
                ui.pager(
                    state.foot.text,
                    state.previous_page,
                    state.next_page,
                    state.foot.has_prev,
                    state.foot.has_next,
                ),
            ),
        ),
    )


def _rows(state: Any, screen: PortalList) -> rx.Component:
    return ui.by_status(
        state.status,
        full=ui.data_table(screen.columns, state.rows, screen.cells, screen.href),
        loading=ui.skeleton_rows(6),
        empty=ui.empty(screen.empty_title, screen.empty_text),
        none=ui.empty("Nothing in this view", "The other tabs have something in them."),
        nothing=ui.nothing_found(state.q, "Fewer filters may find it.", state.clear_filters),
        error=ui.error_panel("This list is not here", "Nothing is lost.", state.clear_filters),
    )
