"""The settings' part on files as a screen remembers it."""

import reflex as rx

from models.access import Permission
from ontrack_app.schemas.screens.files import FilePlace
from ontrack_app.services.screens import file_settings
from state.guarding import guarded
from state.session import ask, say


class FileSettingsState(rx.State):
    """Where files are kept, who looks at them, and what of a photo is kept."""

    place: FilePlace = FilePlace()
    status: str = "loading"

    @rx.event
    @guarded(Permission.SETTINGS_MANAGE)
    async def load(self) -> None:
        """Show it."""
        self.status = "error"
        self.place = await ask(self, file_settings.facts)
        self.status = "full"

    @rx.event
    @guarded(Permission.SETTINGS_MANAGE)
    async def keep_place(self, is_kept: bool) -> None:
        """Keep the place in photos that come from now on, or not."""
        await ask(self, file_settings.keep_place, is_kept)
        self.place = await ask(self, file_settings.facts)
        words = "New photos keep their place." if is_kept else "The place is taken out of new photos."
        await say(self, words)
