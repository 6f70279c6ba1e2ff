"""Visits in the portal: who comes where, and when."""

import reflex as rx

from ontrack_app import ui
from portal.lists import PortalList, portal_list
from portal.shell import portal_load, portal_page
from state.portal_visits import PortalVisitsState

LIST = PortalList(
    title="Visits",
    columns=(
        ui.Column("title", "Work", phone="title"),
        ui.Column("place", "Property", phone="line"),
        ui.Column("when", "When", width="272", phone="line"),
        ui.Column("stage", "", width="136", phone="side"),
    ),
    cells=lambda row: [
        ui.lead_name(row.title),
        ui.hint(row.place),
        row.when,
        ui.stage_badge(row.stage.word, row.stage.tint),
    ],
    href=None,
    empty_title="No visits yet",
    empty_text="As soon as somebody is to come to you, the day and the time stand here.",
)


@rx.page(route="/portal/visits", title="Visits", on_load=portal_load(PortalVisitsState.load))
def visits() -> rx.Component:
    """The list of visits."""
    return portal_page("/portal/visits", portal_list(PortalVisitsState, LIST))
