"""The audit trail in the settings: who did what, before and after, why and from where."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.lists import ListScreen, list_parts
from pages.shell import settings_page
from state.audit import AuditState
from state.session import on_load

COLUMNS = (
    ui.Column("who", "Who", width="160", phone="title"),
    ui.Column("text", "What", phone="line"),
    ui.Column("change", "Change", phone="line"),
    ui.Column("reason", "Reason", width="144", spare=True),
    ui.Column("ip", "IP address", width="120", spare=True),
    ui.Column("at", "When", num=True, width="112", phone="side"),
)
STATE: Any = AuditState


def _cells(row: Any) -> list[Any]:
    about = rx.cond(row.href, ui.link(row.on, row.href), ui.quiet(row.on))
    return [
        ui.lead_name(row.who, row.role),
        rx.el.span(row.text, rx.cond(row.on, rx.fragment(" · ", about))),
        ui.hint(row.change, row.change_full),
        ui.hint(row.reason),
        ui.quiet(row.ip),
        ui.quiet(ui.hint(row.when, row.when_full)),
    ]


def _table(rows: Any) -> rx.Component:
    table: rx.Component = ui.data_table(COLUMNS, rows, _cells, None)
    return table


SCREEN = ListScreen(
    title="Audit trail",
    columns=COLUMNS,
    cells=_cells,
    href=lambda row: row.href,
    empty_title="Nothing has happened yet",
    empty_text="Whatever anybody does here is written down, and never changed afterwards.",
    search="Words in people, reasons, values",
    draw=_table,
)


@rx.page(route="/settings/audit", title="Audit trail", on_load=on_load(AuditState.load))
def audit_page() -> rx.Component:
    """The trail."""
    export = ui.link_button("Export", STATE.numbers.export_href, icon_name="download", external=True)
    return settings_page(
        "audit",
        list_parts(AuditState, SCREEN),
        actions=(rx.cond(STATE.numbers.export_href, export),),
    )
