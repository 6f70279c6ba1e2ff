"""The bare address of the settings: leads on to the first part that the person may open."""

import reflex as rx

from ontrack_app import ui
from pages.shell import settings_page
from state.session import on_load
from state.settings import SettingsState


@rx.page(route="/settings", title="Settings", on_load=on_load(SettingsState.first))
def settings_index() -> rx.Component:
    """Nothing of its own."""
    return settings_page("", ui.skeleton_rows())
