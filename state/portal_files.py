"""Photos and files as the portal remembers them."""

import reflex as rx

from models.access import Permission
from ontrack_app.schemas.screens.files import FileGroup
from ontrack_app.services.screens import portal_files
from state.guarding import guarded
from state.session import ask


class PortalFilesState(rx.State):
    """What the office shows of the reader's work."""

    groups: list[FileGroup] = []
    status: str = "loading"

    @rx.event
    @guarded(Permission.FILES_READ)
    async def load(self) -> None:
        """Show it."""
        self.status = "error"
        self.groups = await ask(self, portal_files.shown)
        self.status = "full"
