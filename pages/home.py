"""Home in the office: a list of what waits, each count opening what it counted; who is out; what just happened."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.shell import live, office_page
from state.home import HomeState
from state.session import on_load


@rx.page(route="/", title="Home", on_load=on_load(HomeState.load))
def home() -> rx.Component:
    """The first page of the office."""
    head = ui.page_header(
        HomeState.home.day,
        ui.link_button("New lead", "/leads/new", "primary", "plus"),
        sub=HomeState.home.sub,
    )
    nothing = ui.empty(
        "Nothing waits for you",
        "New leads, answers to estimates, jobs without a visit and late invoices appear here as they come.",
        ui.link_button("Write a lead down", "/leads/new", icon_name="plus"),
    )
    trouble = ui.error_panel("Home could not be read", "Nothing is lost.", HomeState.load)
    full = ui.stack(rx.foreach(HomeState.home.groups, _group), gap=0)
    main = ui.by_status(
        HomeState.status, full=full, empty=nothing, error=trouble, loading=ui.skeleton_rows(9)
    )
    side = rx.match(
        HomeState.status, ("loading", ui.skeleton_rows(5)), ("error", rx.fragment()), _side(HomeState.home)
    )
    return office_page("home", head, ui.home_columns(main, side), live(HomeState.load))


def _group(group: Any) -> rx.Component:
    return ui.todo_group(group.title, rx.foreach(group.rows, _row))


def _row(row: Any) -> rx.Component:
    return ui.todo_row(row.count, row.title, row.href, sum=row.sum, age=row.age, hot=row.hot)


def _side(shown: Any) -> rx.Component:
    visits = rx.cond(
        shown.visits.length() > 0,
        rx.foreach(shown.visits, _visit),
        ui.quiet("Nobody has a visit today."),
    )
    out = ui.section("Today’s visits", visits, note=shown.more_visits, action=ui.link("Schedule", "/visits"))
    happened = ui.section(
        "Just happened",
        rx.cond(shown.latest.length() > 0, ui.timeline(shown.latest), ui.quiet("Nothing yet.")),
    )
    return rx.fragment(out, happened)


def _visit(visit: Any) -> rx.Component:
    badge = ui.stage_badge(visit.badge.word, visit.badge.tint)
    return ui.side_row(visit.crew, visit.title, visit.place, badge, "/visits/" + visit.id)
