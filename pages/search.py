"""Search in the office: one box over everything, reached from the rail."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.shell import office_page
from state.home import SearchState
from state.session import on_load

COLUMNS = (
    ui.Column("title", "Found", phone="title"),
    ui.Column("line", "What it says", phone="line"),
    ui.Column("badge", "Stage", width="128", phone="side"),
)


@rx.page(route="/search", title="Search", on_load=on_load(SearchState.load))
def search() -> rx.Component:
    """The search page."""
    box = ui.search_box(SearchState.q, SearchState.search, placeholder="Name, address, phone or number")
    start = ui.empty(
        "Search everything",
        "Leads, clients, contacts, properties, estimates, jobs and invoices: two letters or digits of a name, an address, a phone number or a document number are enough.",
    )
    shown = ui.by_status(
        SearchState.status,
        full=rx.fragment(rx.foreach(SearchState.groups, _group)),
        empty=start,
        nothing=ui.nothing_found(
            SearchState.q, "Part of a name, an address or a number is enough.", SearchState.clear
        ),
        error=ui.error_panel("The search did not work", "Nothing is lost.", SearchState.load),
    )
    return office_page("search", ui.page_header("Search"), ui.filter_row(box), ui.body(shown))


def _group(group: Any) -> rx.Component:
    def cells(hit: Any) -> list[Any]:
        badge = rx.cond(hit.badge.word, ui.stage_badge(hit.badge.word, hit.badge.tint))
        return [ui.lead_name(hit.title, hit.more), ui.hint(hit.line), badge]

    table = ui.data_table(COLUMNS, group.rows, cells, lambda hit: hit.href)
    every = rx.cond(group.all_href, ui.link("All of them", group.all_href))
    return ui.section(group.title, table, note=group.count, action=every)
