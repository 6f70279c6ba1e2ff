"""Properties in the portal: what goes on at each, and what it has cost this year."""

import reflex as rx

from ontrack_app import ui
from portal.lists import PortalList, portal_list
from portal.shell import portal_load, portal_page
from state.portal_properties import PortalPropertiesState

LIST = PortalList(
    title="Properties",
    columns=(
        ui.Column("name", "Address", phone="title"),
        ui.Column("place", "City", phone="line"),
        ui.Column("open_work", "Open work", width="136", phone="side"),
        ui.Column("next_visit", "Next visit", width="200"),
        ui.Column("spend", "This year", num=True, width="120", phone="side"),
    ),
    cells=lambda row: [
        ui.lead_name(row.name),
        ui.hint(row.place),
        row.open_work,
        row.next_visit,
        ui.money(row.spend),
    ],
    href=None,
    empty_title="No properties yet",
    empty_text="Each address where work is done for you stands here.",
)


@rx.page(route="/portal/properties", title="Properties", on_load=portal_load(PortalPropertiesState.load))
def properties() -> rx.Component:
    """The list of properties."""
    return portal_page("/portal/properties", portal_list(PortalPropertiesState, LIST))
