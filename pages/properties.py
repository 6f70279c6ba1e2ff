"""Properties in the office: the list and a property's page."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.lists import ListScreen, list_screen
from pages.records import form_dialog, history, papers, record_screen
from pages.shell import office_page
from state.properties import PropertiesState, PropertyFormState, PropertyState
from state.session import on_load

COLUMNS = (
    ui.Column("street", "Address", sort=True, phone="title"),
    ui.Column("city", "Town", sort=True, width="184", phone="side"),
    ui.Column("client", "Client", phone="line"),
    ui.Column("access", "Access"),
)
UNITS = (ui.Column("address", "Unit", phone="title"), ui.Column("access", "Access", phone="line"))


def _cells(row: Any) -> list[Any]:
    return [ui.lead_name(row.address), row.city, ui.hint(row.client), ui.quiet(ui.hint(row.access))]


SCREEN = ListScreen(
    title="Properties",
    columns=COLUMNS,
    cells=_cells,
    href=lambda row: "/properties/" + row.id,
    empty_title="No properties yet",
    empty_text="The places where work is done stand here. Winning a lead with an address makes one; others are added on their client's page.",
    empty_action=ui.link_button("Go to the clients", "/clients", icon_name="building-2"),
)


@rx.page(route="/properties", title="Properties", on_load=on_load(PropertiesState.load))
def properties() -> rx.Component:
    """The list of properties."""
    return office_page("properties", list_screen(PropertiesState, SCREEN))


@rx.page(route="/properties/[property_id]", title="Property", on_load=on_load(PropertyState.load))
def place() -> rx.Component:
    """One property."""
    return office_page(
        "properties",
        record_screen(PropertyState, _record(PropertyState.record), noun="property", back="/properties"),
        form_dialog(PropertyFormState, "Edit property", "Save property", PropertyFormState.save),
    )


def _record(record: Any) -> rx.Component:
    new_estimate = ui.link_button("New estimate", record.estimate_href, "primary", "file-plus")
    head = ui.detail_header(
        record.title, ("Properties", "/properties", record.title), [], record.quiet, actions=[new_estimate]
    )
    edit = ui.button("Edit", "quiet", "pencil", size="small", on_click=PropertyFormState.edit)
    access = rx.cond(
        record.access,
        ui.prose(record.access),
        ui.quiet("None. Gate, dogs and keys are what crews ask for first."),
    )
    units = ui.data_table(
        UNITS,
        record.units,
        lambda unit: [ui.lead_name(unit.address), ui.hint(unit.access)],
        lambda unit: "/properties/" + unit.id,
    )
    main = ui.stack(
        ui.section("Access notes", access),
        ui.section("Facts", ui.facts_from(record.facts), action=edit),
        rx.cond(record.units.length() > 0, ui.section("Units", units)),
        papers(record),
        gap=0,
    )
    return rx.fragment(head, ui.two_columns(main, history(record, PropertyState.add_note)))
