"""API keys in the settings: whose they are, what they may do, when they were used, and the way to end one."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.lists import ListScreen, list_parts
from pages.shell import settings_page
from state.keys import KeysState
from state.session import on_load

STATE: Any = KeysState
NEW = "/auth/keys/new"
COLUMNS = (
    ui.Column("name", "Used by", phone="title"),
    ui.Column("scopes", "May", phone="line"),
    ui.Column("made", "Made", width="96", spare=True),
    ui.Column("expires", "Until", width="120"),
    ui.Column("used", "Last used", width="104", phone="side"),
    ui.Column("state", "State", width="120", phone="side"),
    ui.Column("acts", "", width="96", phone="line"),
)


def _cells(row: Any) -> list[Any]:
    end = ui.confirm(
        "Revoke this key?",
        "Whatever uses it stops working at once. A key that was revoked cannot be taken back into use.",
        "Revoke key",
        STATE.revoke(row.id),
        trigger=ui.button("Revoke", "quiet", size="small"),
    )
    return [
        ui.lead_name(row.name, row.member),
        ui.hint(row.scopes, row.scopes_full),
        ui.quiet(ui.hint(row.made, row.made_full)),
        ui.hint(row.expires, row.expires_full),
        ui.quiet(ui.hint(row.used, row.used_full)),
        ui.stage_badge(row.state.word, row.state.tint),
        rx.cond(row.live, end, ""),
    ]


def _table(rows: Any) -> rx.Component:
    table: rx.Component = ui.data_table(COLUMNS, rows, _cells, None)
    return table


SCREEN = ListScreen(
    title="API keys",
    columns=COLUMNS,
    cells=_cells,
    href=lambda row: row.id,
    empty_title="No API keys yet",
    empty_text="A key lets a program of yours act as one person, with the rights you choose and until the day you set.",
    empty_action=ui.link_button("Make the first key", NEW, icon_name="plus", external=True),
    search="Program or person",
    draw=_table,
)


@rx.page(route="/settings/keys", title="API keys", on_load=on_load(KeysState.load))
def keys_page() -> rx.Component:
    """The list of keys."""
    make = ui.link_button("New key", NEW, "primary", "plus", external=True)
    return settings_page(
        "keys",
        list_parts(KeysState, SCREEN),
        actions=(make,),
    )
