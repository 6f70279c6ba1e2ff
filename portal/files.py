"""Photos in the portal: what the contractor shows of the reader's work."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from portal.shell import portal_load, portal_page
from state.portal_files import PortalFilesState

GROUPS: Any = PortalFilesState.groups


@rx.page(route="/portal/photos", title="Photos", on_load=portal_load(PortalFilesState.load))
def photos() -> rx.Component:
    """Photos and files, by visit."""
    none = ui.empty("No photos yet", "Photos of the work stand here as soon as they are shown to you.")
    page = ui.by_status(
        rx.cond(rx.State.is_hydrated, PortalFilesState.status, "loading"),
        full=ui.panel(rx.cond(GROUPS, ui.gallery(GROUPS, _save), none)),
        loading=ui.panel(ui.skeleton_rows(8)),
        error=ui.panel(
            ui.error_panel("This page could not be read", "Nothing is lost.", PortalFilesState.load)
        ),
    )
    return portal_page("/portal/photos", ui.portal_intro("", "Photos"), page)


def _save(tile: Any) -> rx.Component:
    return ui.nav_link(
        tile.save_href,
        ui.icon("download"),
        external=True,
        aria_label="Download " + tile.name,
        class_name="ot-link",
    )
