"""Devices in the settings: the company's phones, how they are, and the way to sign one off."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.lists import ListScreen, list_parts
from pages.shell import live, settings_page
from state.devices import DevicesState
from state.session import on_load

STATE: Any = DevicesState
COLUMNS = (
    ui.Column("who", "Whose", phone="title"),
    ui.Column("waiting", "Not sent yet", num=True, width="104", phone="line"),
    ui.Column("seen", "Last contact", width="112", phone="line"),
    ui.Column("app", "App", width="80", spare=True),
    ui.Column("storage", "Storage", width="120", spare=True, phone="line"),
    ui.Column("clock", "Clock", width="136", spare=True, phone="line"),
    ui.Column("state", "State", width="168", phone="side"),
    ui.Column("acts", "", width="96", phone="line"),
)


def _labelled(label: str, value: Any) -> rx.Component:
    """A value with what it is before it, where no column's head says so."""
    return rx.el.span(rx.el.span(label, " ", class_name="ot-phone"), value)


def _cells(row: Any) -> list[Any]:
    end = ui.confirm(
        row.confirm_title,
        "It reads nothing more, and wipes itself when it next connects. What it has not sent yet comes to the inbox, where you "
        "take it in or discard it.",
        "Sign off",
        STATE.revoke(row.id),
        trigger=ui.button("Sign off", "quiet", size="small"),
    )
    return [
        ui.lead_name(row.who, row.label),
        _labelled("Not sent yet:", rx.cond(row.waiting == "None", ui.quiet(row.waiting), row.waiting)),
        _labelled("Last contact:", ui.hint(row.seen, row.seen_full)),
        ui.quiet(row.app),
        _labelled("Storage:", ui.hint(row.storage, row.storage_full)),
        ui.fact_badge(row.clock, "waiting"),
        rx.el.span(ui.stage_badge(row.state.word, row.state.tint), title=row.state_full),
        rx.cond(row.may_revoke, end, ""),
    ]


def _table(rows: Any) -> rx.Component:
    table: rx.Component = ui.data_table(COLUMNS, rows, _cells, None)
    return table


SCREEN = ListScreen(
    title="Phones",
    columns=COLUMNS,
    cells=_cells,
    href=lambda row: row.id,
    empty_title="No phones yet",
    empty_text="A crew member who opens the app on a phone appears here: what it has not sent yet, when it was last heard of, and the way to sign it off when it is lost.",
    search="Person",
    draw=_table,
)


@rx.page(route="/settings/devices", title="Phones", on_load=on_load(DevicesState.load))
def devices_page() -> rx.Component:
    """The list of phones."""
    return settings_page("devices", list_parts(DevicesState, SCREEN), live(DevicesState.load))
