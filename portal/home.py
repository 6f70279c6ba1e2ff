"""The portal's first page: what waits for the reader, what goes on, what is dealt with, the balance."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from portal.shell import WHO, portal_load, portal_page
from state.portal import PortalHomeState

HOME: Any = PortalHomeState.home


@rx.page(route="/portal", title="Overview", on_load=portal_load(PortalHomeState.load))
def home() -> rx.Component:
    """The first page of clients and property managers."""
    page = ui.by_status(
        PortalHomeState.status,
        full=_full(),
        loading=ui.panel(ui.skeleton_rows(8)),
        error=ui.panel(
            ui.error_panel("This page could not be read", "Nothing is lost.", PortalHomeState.load)
        ),
    )
    return portal_page("/portal/", page)


def _full() -> rx.Component:
    head = rx.el.div(ui.portal_intro(WHO.client, HOME.heading), _request(), class_name="ot-portal-head")
    main = rx.fragment(_waiting(), _work(), _past())
    return rx.fragment(head, ui.portal_columns(main, rx.fragment(_balance(), _spend()), narrow=True))


def _request() -> rx.Component:
    """The way to ask for more work: the contractor's public form."""
    return ui.link_button("Request work", WHO.request_href, icon_name="plus", external=True)


def _waiting() -> rx.Component:
    rows = ui.rows(rx.foreach(HOME.waiting, _ask))
    more = rx.cond(HOME.waiting_more, ui.row(ui.quiet(HOME.waiting_more), ui.link("Estimates", "/portal/estimates"), ui.link("Invoices", "/portal/invoices"), gap=12))  # fmt: skip
    return rx.cond(HOME.waiting.length() > 0, ui.panel(rows, more, title="Waits for you"))


def _ask(row: Any) -> rx.Component:
    act = rx.cond(
        row.first,
        ui.link_button(row.verb, row.href, "primary"),
        ui.link_button(row.verb, row.href),
    )
    return ui.ask_row(row.title, row.quiet, ui.fact_badge(row.when.word, row.when.tint), row.amount, act)


def _work() -> rx.Component:
    rows = ui.rows(
        rx.foreach(
            HOME.work,
            lambda row: ui.happen_row(
                row.title, row.place, row.when, ui.stage_badge(row.stage.word, row.stage.tint)
            ),
        )
    )
    none = ui.empty("Nothing is planned", "As soon as a day is set, it stands here.")
    return ui.panel(
        rx.cond(HOME.work.length() > 0, rows, none),
        title=rx.cond(HOME.manager, "Open work", "Planned visits"),
        action=ui.link("All visits", "/portal/visits"),
    )


def _past() -> rx.Component:
    rows = ui.rows(
        rx.foreach(
            HOME.past,
            lambda row: ui.document_row(
                row.href, row.title, row.quiet, ui.stage_badge(row.stage.word, row.stage.tint), row.amount
            ),
        )
    )
    return rx.cond(HOME.past.length() > 0, ui.panel(rows, title="Earlier documents"))


def _balance() -> rx.Component:
    return ui.panel(
        ui.big_sum(HOME.balance_label, HOME.balance),
        rx.cond(HOME.balance_note, rx.el.p(HOME.balance_note, class_name="ot-quiet")),
    )


def _spend() -> rx.Component:
    rows = ui.rows(
        rx.foreach(HOME.spend, lambda row: ui.share_row(row.place, row.quiet, row.amount, row.share))
    )
    total = ui.totals([], "Invoiced in " + HOME.spend_year, HOME.spend_total)
    none = ui.empty("Nothing was invoiced this year", "Each invoice counts for its property.")
    full = rx.cond(HOME.spend.length() > 0, rx.fragment(rows, total), none)
    return rx.cond(HOME.manager, ui.panel(full, title="Spend by property", action=ui.quiet(HOME.spend_year)))
