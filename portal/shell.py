"""The only home of the portal's frame: under whose name, the reader's pages, the states of a record's page."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from state.portal import PortalState
from state.session import SessionState, on_load

LINKS = (
    ("Overview", "/portal/"),
    ("Estimates", "/portal/estimates"),
    ("Invoices", "/portal/invoices"),
    ("Visits", "/portal/visits"),
    ("Photos", "/portal/photos"),
    ("Properties", "/portal/properties"),
)
WHO: Any = PortalState.frame
BRAND = ui.Brand(name=WHO.name, line=WHO.line, mark=WHO.mark, phone=WHO.phone, tokens=WHO.tokens)
FRAME = ui.Frame(
    tenant_name=WHO.name,
    tenant_place=WHO.line,
    tenant_mark=WHO.mark,
    person_name=SessionState.name,
    person_initials=SessionState.initials,
    person_role=SessionState.role_label,
    tenants=SessionState.companies,
    form_token=SessionState.form_token,
)


def portal_load(*handlers: Any) -> list[Any]:
    """The on_load list of a page of the portal."""
    return on_load(PortalState.load, *handlers)


def portal_page(active: str, *children: Any) -> rx.Component:
    """A page of the portal; `active` is the address of its place. The bearer of a document's link has no other place."""
    return ui.portal_shell(
        *children,
        brand=BRAND,
        frame=FRAME,
        links=LINKS,
        active=active,
        confined=WHO.confined,
        toasts=ui.toasts(SessionState.toasts, SessionState.dismiss),
    )


def record_page(
    state: Any, full: rx.Component, *, missing: tuple[Any, Any], back: tuple[str, str]
) -> rx.Component:
    """A record whose State is a `RecordState`; `missing` is title and words, `back` the label and address of its list."""
    way = rx.cond(WHO.confined, rx.fragment(), ui.link_button(*back, icon_name="arrow-left"))
    return ui.by_status(
        rx.cond(rx.State.is_hydrated, state.status, "loading"),
        full=full,
        loading=ui.panel(ui.skeleton_rows(8)),
        missing=ui.panel(ui.empty(missing[0], missing[1], way)),
        error=ui.panel(ui.error_panel("This page could not be read", "Nothing is lost.", state.load)),
    )


def paper(record: Any, title: str, note: Any = "") -> rx.Component:
    """Lines and totals of a document, as on paper."""
    return ui.panel(
        ui.line_table(record.lines),
        ui.totals(record.rows, record.total_label, record.total),
        title=title,
        action=rx.cond(note, ui.quiet(note), pdf_link(record)),
    )


def pdf_link(record: Any) -> rx.Component:
    """The document as a file."""
    return ui.nav_link(record.pdf, ui.icon("download"), "PDF", external=True, class_name="ot-link ot-row")


def terms(record: Any) -> rx.Component:
    """The contractor's terms behind one line, where there are any."""
    return rx.cond(record.terms, ui.panel(ui.fold("Terms", ui.prose(record.terms))))
