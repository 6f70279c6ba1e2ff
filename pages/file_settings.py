"""Files in the settings: where they are kept, whether a virus scanner looks at them, the quota, and the place in photos."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.shell import fresh, settings_page
from state.file_settings import FileSettingsState
from state.session import on_load

STATE: Any = FileSettingsState
PLACE: Any = FileSettingsState.place


@rx.page(route="/settings/files", title="Files", on_load=on_load(FileSettingsState.load))
def files_page() -> rx.Component:
    """Files in the settings."""
    trouble = ui.error_panel("This page could not be read", "Nothing is lost.", FileSettingsState.load)
    drawn = ui.by_status(
        fresh(FileSettingsState.status),
        full=_full(),
        loading=ui.skeleton_rows(6),
        error=trouble,
    )
    return settings_page("files", ui.body(drawn))


def _full() -> rx.Component:
    scanner = rx.cond(
        PLACE.has_scanner,
        ui.note(PLACE.scanner_note),
        ui.note(PLACE.scanner_note, "waiting", "shield-alert"),
    )
    used = ui.facts(("Used", PLACE.used), ("Kept", PLACE.count))
    bar = rx.el.progress(
        value=PLACE.used_share, max=100, aria_label="Space that is used", class_name="ot-quota"
    )
    place = ui.check_input(
        "keeps_place", "Keep the place (GPS) in photos", PLACE.keeps_place, on_change=STATE.keep_place
    )
    return rx.fragment(
        ui.section("Where files are kept", ui.facts(("Store", PLACE.store), ("Virus scanner", PLACE.scanner)), scanner),
        ui.section("Space", used, bar),
        ui.section(
            "What photos tell",
            place,
            rx.el.p(
                "Off, the place is taken out of every photo that comes, with the camera's name and everything else that is not "
                "seen. On, the photo keeps its place, and whoever may open the photo can read it; small pictures never have it.",
                class_name="ot-help",
            ),
        ),
    )  # fmt: skip
