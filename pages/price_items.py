"""The price book in the office: the list, and the form of an entry."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.lists import ListScreen, list_screen
from pages.records import form_fields, record_screen
from pages.shell import fresh, office_page
from state.price_items import PriceItemFormState, PriceItemsState
from state.session import on_load

COLUMNS = (
    ui.Column("name", "Name", sort=True, phone="title"),
    ui.Column("kind", "Kind", width="104", phone="line"),
    ui.Column("taxes", "Taxes", width="144"),
    ui.Column("unit", "Unit", width="72"),
    ui.Column("unit_cost", "Cost", num=True, width="112"),
    ui.Column("unit_price", "Price", sort=True, num=True, width="120", phone="side"),
)


def _cells(row: Any) -> list[Any]:
    return [
        ui.lead_name(row.name, row.code),
        row.kind,
        row.taxes,
        row.unit,
        ui.quiet(row.cost),
        ui.money(row.price),
    ]


SCREEN = ListScreen(
    title="Price book",
    columns=COLUMNS,
    cells=_cells,
    href=lambda row: "/price-items/" + row.id,
    empty_title="The price book is empty",
    empty_text="What you sell stands here: services, materials, labour and fees. Lines of estimates are filled from it.",
    actions=(ui.link_button("New entry", "/price-items/new", "primary", "plus"),),
    empty_action=ui.link_button("Add the first entry", "/price-items/new", icon_name="plus"),
)


@rx.page(route="/price-items", title="Price book", on_load=on_load(PriceItemsState.load))
def price_items() -> rx.Component:
    """The list of the price book."""
    return office_page("price_items", list_screen(PriceItemsState, SCREEN))


@rx.page(route="/price-items/new", title="New entry", on_load=on_load(PriceItemFormState.start))
def new_price_item() -> rx.Component:
    """The form of a new entry."""
    head = ui.detail_header("New entry", ("Price book", "/price-items", "New"), [])
    return office_page("price_items", head, _form("Add to the price book", PriceItemFormState.create))


@rx.page(route="/price-items/[price_item_id]", title="Price", on_load=on_load(PriceItemFormState.load))
def price_item() -> rx.Component:
    """One entry."""
    title = PriceItemFormState.title
    quiet = "Lines that were filled from it keep what they have."
    head = ui.detail_header(title, ("Price book", "/price-items", title), [], quiet)
    full = rx.fragment(head, _form("Save entry", PriceItemFormState.save))
    return office_page(
        "price_items", record_screen(PriceItemFormState, full, noun="entry", back="/price-items")
    )


def _form(verb: str, on_submit: Any) -> rx.Component:
    state: Any = PriceItemFormState
    ticks = rx.foreach(state.taxes, lambda one: ui.check_input(one.name, one.label, one.chosen))
    taxes = rx.cond(
        state.taxes.length() > 0,
        ui.field_group("Taxes on it", ticks, error=state.errors["tax_codes"]),
    )
    cancel = ui.link_button("Cancel", "/price-items", kind="quiet")
    inside = ui.form(form_fields(state), taxes, ui.save_bar(verb, cancel), on_submit=on_submit)
    return ui.body(ui.by_status(fresh("full"), full=inside))
