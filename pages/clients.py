"""Clients in the office: the list, a client's page, the form of a new one."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.lists import ListScreen, list_screen
from pages.records import fact_badges, form_dialog, form_page, history, papers, record_screen
from pages.shell import office_page
from state.clients import ClientFormState, ClientsState, ClientState, ContactFormState
from state.properties import PropertyFormState
from state.session import on_load

Contact: Any = ContactFormState
COLUMNS = (
    ui.Column("name", "Name", sort=True, phone="title"),
    ui.Column("reach", "Reach", width="176", phone="line"),
    ui.Column("place", "Property"),
    ui.Column("kind", "Kind", width="136"),
    ui.Column("fact", "", width="120", phone="side"),
    ui.Column("owed", "Owes", num=True, width="112", phone="side"),
)
PEOPLE = (
    ui.Column("name", "Name", phone="title"),
    ui.Column("email", "E-mail", phone="line"),
    ui.Column("phone", "Phone", width="144", phone="line"),
    ui.Column("first", "", width="112"),
    ui.Column("edit", "", width="48", phone="side"),
)
PLACES = (
    ui.Column("address", "Address", phone="title"),
    ui.Column("city", "Town", width="168", phone="line"),
    ui.Column("access", "Access"),
)


def _cells(row: Any) -> list[Any]:
    return [
        ui.lead_name(row.name, row.contact),
        row.reach,
        ui.hint(row.place),
        row.kind,
        ui.fact_badge(row.fact.word, row.fact.tint),
        ui.money(row.owed),
    ]


SCREEN = ListScreen(
    title="Clients",
    columns=COLUMNS,
    cells=_cells,
    href=lambda row: "/clients/" + row.id,
    empty_title="No clients yet",
    empty_text="Whoever pays for work stands here. Winning a lead makes its client; others are added by hand.",
    actions=(ui.link_button("New client", "/clients/new", "primary", "plus"),),
    empty_action=ui.link_button("Add the first client", "/clients/new", icon_name="plus"),
)


@rx.page(route="/clients", title="Clients", on_load=on_load(ClientsState.load))
def clients() -> rx.Component:
    """The list of clients."""
    return office_page("clients", list_screen(ClientsState, SCREEN))


@rx.page(route="/clients/new", title="New client", on_load=on_load(ClientFormState.start))
def new_client() -> rx.Component:
    """The form of a new client."""
    head = ui.detail_header(
        "New client",
        ("Clients", "/clients", "New"),
        [],
        quiet="Contacts and properties are added on its page.",
    )
    return office_page(
        "clients", head, form_page(ClientFormState, "Add client", "/clients", ClientFormState.create)
    )


@rx.page(route="/clients/[client_id]", title="Client", on_load=on_load(ClientState.load))
def client() -> rx.Component:
    """One client."""
    contact_title = rx.cond(ContactFormState.contact, "Edit contact", "Add contact")
    return office_page(
        "clients",
        record_screen(ClientState, _record(ClientState.record), noun="client", back="/clients"),
        form_dialog(ClientFormState, "Edit client", "Save client", ClientFormState.save),
        form_dialog(ContactFormState, contact_title, "Save contact", ContactFormState.save),
        form_dialog(PropertyFormState, "Add property", "Add property", PropertyFormState.create),
    )


def _record(record: Any) -> rx.Component:
    new_estimate = ui.link_button("New estimate", record.estimate_href, "primary", "file-plus")
    head = ui.detail_header(
        record.title,
        ("Clients", "/clients", record.title),
        fact_badges(record),
        record.quiet,
        actions=[new_estimate],
    )
    edit = ui.button("Edit", "quiet", "pencil", size="small", on_click=ClientFormState.edit)
    main = ui.stack(
        ui.section("Money", ui.money_strip(record.money)),
        ui.section("Facts", ui.facts_from(record.facts), action=edit),
        _people(record),
        _places(record),
        papers(record),
        gap=0,
    )
    return rx.fragment(head, ui.two_columns(main, history(record, ClientState.add_note)))


def _people(record: Any) -> rx.Component:
    def cells(person: Any) -> list[Any]:
        return [
            ui.lead_name(person.name, person.job_title),
            rx.cond(person.email, ui.link(person.email, "mailto:" + person.email)),
            rx.cond(person.phone, ui.link(person.phone, "tel:" + person.phone)),
            ui.quiet(person.first),
            ui.icon_button("Edit this contact", "pencil", size="small", on_click=Contact.edit(person.id)),
        ]

    add = ui.button("Contact", "quiet", "plus", size="small", on_click=ContactFormState.start)
    nobody = ui.quiet("Nobody yet. Estimates and invoices are mailed to a contact.")
    table = ui.data_table(PEOPLE, record.people, cells, None)
    return ui.section("Contacts", rx.cond(record.people.length() > 0, table, nobody), action=add)


def _places(record: Any) -> rx.Component:
    def cells(place: Any) -> list[Any]:
        return [ui.lead_name(place.address), place.city, ui.hint(place.access)]

    add = ui.button("Property", "quiet", "plus", size="small", on_click=PropertyFormState.start)
    none = ui.quiet("None yet. A property is a place where work is done.")
    table = ui.data_table(PLACES, record.places, cells, lambda place: "/properties/" + place.id)
    return ui.section("Properties", rx.cond(record.places.length() > 0, table, none), action=add)
