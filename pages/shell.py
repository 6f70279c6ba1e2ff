"""The only home of the office's frame: its places in order, who is working for whom, messages over the page."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from ontrack_app import ui
from state.session import SessionState

MAY: Any = SessionState.granted
SETTINGS = (
    ui.SettingsTab("members", "Members", "/settings/members", MAY.contains("members:read")),
    ui.SettingsTab(
        "roles",
        "Roles and rights",
        "/settings/roles",
        MAY.contains("members:manage") | MAY.contains("settings:manage"),
    ),
    ui.SettingsTab("devices", "Phones", "/settings/devices", MAY.contains("members:read")),
    ui.SettingsTab("files", "Files", "/settings/files", MAY.contains("settings:manage")),
    ui.SettingsTab(
        "checklists", "Checklists", "/settings/checklists", MAY.contains("checklist_templates:read")
    ),
    ui.SettingsTab("keys", "API keys", "/settings/keys", MAY.contains("keys:manage")),
    ui.SettingsTab("audit", "Audit trail", "/settings/audit", MAY.contains("audit:read")),
)
FIRST_SETTINGS: Any = ui.first_shown(SETTINGS)
NAV = (
    ui.NavEntry("home", "Home", "/", "house", group=0, phone=True),
    ui.NavEntry("conflicts", "Inbox", "/conflicts", "inbox", group=0, shown=MAY.contains("visits:perform")),
    ui.NavEntry("leads", "Leads", "/leads", "users", group=1, phone=True),
    ui.NavEntry("estimates", "Estimates", "/estimates", "file-text", group=1),
    ui.NavEntry("jobs", "Jobs", "/jobs", "briefcase", group=1, phone=True),
    ui.NavEntry("visits", "Schedule", "/visits", "calendar", group=1, phone=True),
    ui.NavEntry("invoices", "Invoices", "/invoices", "receipt", group=1),
    ui.NavEntry("payments", "Payments", "/payments", "credit-card", group=1),
    ui.NavEntry(
        "time_entries", "Hours", "/time-entries", "clock", group=3, shown=MAY.contains("time_entries:read")
    ),
    ui.NavEntry("expenses", "Expenses", "/expenses", "wallet", group=3, shown=MAY.contains("expenses:read")),
    ui.NavEntry(
        "tasks", "Crews ask", "/tasks", "message-circle-question", group=3, shown=MAY.contains("tasks:read")
    ),
    ui.NavEntry("clients", "Clients", "/clients", "building-2", group=2),
    ui.NavEntry("properties", "Properties", "/properties", "map-pin", group=2),
    ui.NavEntry("price_items", "Price book", "/price-items", "package", group=2),
    ui.NavEntry(
        "settings", "Settings", FIRST_SETTINGS, "settings", group=ui.FOOT, shown=FIRST_SETTINGS != ""
    ),
)
FRAME = ui.Frame(
    tenant_name=SessionState.tenant_name,
    tenant_place="",
    tenant_mark=SessionState.tenant_mark,
    person_name=SessionState.name,
    person_initials=SessionState.initials,
    person_role=SessionState.role_label,
    tenants=SessionState.companies,
    form_token=SessionState.form_token,
    search_href="/search",
)


def office_page(active: str, *children: Any) -> rx.Component:
    """A page of the office; `active` is the key of its place in the rail."""
    shown = ui.toasts(SessionState.toasts, SessionState.dismiss)
    return ui.office_shell(*children, active=active, frame=FRAME, nav=NAV, toasts=shown)


def live(*handlers: Any) -> rx.Component:
    """Loads a page again when its company has news; put on pages that show living rows and hold nothing half typed."""
    return ui.news(SessionState.news, list(handlers))


def settings_page(active: str, *children: Any, actions: Sequence[rx.Component] = ()) -> rx.Component:
    """A page of the settings; `active` is the key of its tab, `actions` stand in its head."""
    return office_page(
        "settings", ui.settings_frame(*children, active=active, tabs=SETTINGS, actions=actions)
    )


def fresh(status: Any) -> Any:
    """The status of a record's page: loading while another address is being answered, so that no old record shows."""
    return rx.cond(rx.State.is_hydrated, status, "loading")
