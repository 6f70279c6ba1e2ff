"""Leads in the office: the list, a lead's page, the form of a new one."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.galleries import gallery_section
from pages.lists import ListScreen, list_screen
from pages.records import badges, form_dialog, form_page, history, record_screen
from pages.shell import live, office_page
from state.files import FilesState
from state.leads import LeadFormState, LeadsState, LeadState
from state.session import on_load

LEAD: Any = LeadState
COLUMNS = (
    ui.Column("name", "Name", sort=True, phone="title"),
    ui.Column("need", "Need", phone="line"),
    ui.Column("place", "Place"),
    ui.Column("stage", "Stage", width="104", phone="side"),
    ui.Column("owner", "Owner", width="56"),
    ui.Column("value", "Value", sort=True, num=True, width="104"),
    ui.Column("updated_at", "Touched", sort=True, num=True, width="96", phone="side"),
)


def _cells(row: Any) -> list[Any]:
    return [
        ui.lead_name(row.name),
        ui.hint(row.need),
        ui.hint(row.place),
        ui.stage_badge(row.stage.word, row.stage.tint),
        ui.avatar(row.owner_initials, row.owner),
        ui.money(row.value),
        ui.quiet(ui.hint(row.touched, row.touched_full)),
    ]


SCREEN = ListScreen(
    title="Leads",
    columns=COLUMNS,
    cells=_cells,
    href=lambda row: "/leads/" + row.id,
    empty_title="No leads yet",
    empty_text="Somebody who may want work done stands here: from a call, from your request form or from a list.",
    actions=(ui.link_button("New lead", "/leads/new", "primary", "plus"),),
    empty_action=ui.link_button("Write the first lead down", "/leads/new", icon_name="plus"),
)


@rx.page(route="/leads", title="Leads", on_load=on_load(LeadsState.load))
def leads() -> rx.Component:
    """The list of leads."""
    return office_page("leads", list_screen(LeadsState, SCREEN))


@rx.page(route="/leads/new", title="New lead", on_load=on_load(LeadFormState.start))
def new_lead() -> rx.Component:
    """The form of a new lead."""
    head = ui.detail_header(
        "New lead", ("Leads", "/leads", "New"), [], quiet="A name, and one way or reason to get back to it."
    )
    return office_page("leads", head, form_page(LeadFormState, "Add lead", "/leads", LeadFormState.create))


@rx.page(route="/leads/[lead_id]", title="Lead", on_load=on_load(LeadState.load, FilesState.load_lead))
def lead() -> rx.Component:
    """One lead."""
    return office_page(
        "leads",
        record_screen(LeadState, _record(LeadState.record), noun="lead", back="/leads"),
        form_dialog(LeadFormState, "Edit lead", "Save lead", LeadFormState.save),
        live(LeadState.load, FilesState.load_lead),
    )


def _record(record: Any) -> rx.Component:
    head = ui.detail_header(
        record.title, ("Leads", "/leads", record.name), badges(record), record.quiet, actions=_actions(record)
    )
    owner = ui.select_input(
        "owner", record.owners, record.owner, on_change=LeadState.assign, first="Nobody", aria_label="Owner"
    )
    main = ui.stack(
        rx.cond(record.need, ui.section("What they need", ui.prose(record.need))),
        ui.section(
            "Facts",
            ui.facts_from(record.facts, ("Owner", owner)),
            action=ui.button("Edit", "quiet", "pencil", size="small", on_click=LeadFormState.edit),
        ),
        gallery_section(),
        gap=0,
    )
    return rx.fragment(
        head, ui.track(record.track), ui.two_columns(main, history(record, LeadState.add_note))
    )


def _actions(record: Any) -> list[rx.Component]:
    open_lead = record.kind == "open"
    move_to = ui.menu(
        rx.foreach(record.stages, lambda one: ui.menu_item(one.label, on_select=LEAD.advance(one.value))),
        trigger=ui.button("Move to", icon_name="arrow-right"),
    )
    return [
        rx.cond(open_lead, move_to),
        ui.moves(record.moves, LEAD.move),
        rx.cond(
            record.next_label, ui.link_button(record.next_label, record.next_href, "primary", "file-text")
        ),
    ]
