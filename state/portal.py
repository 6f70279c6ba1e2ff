"""What every page of the portal remembers: under whose name it stands, and for whom."""

import reflex as rx

from ontrack_app.schemas.screens.portal import PortalFrame, PortalHome
from ontrack_app.services.screens import portal, portal_home
from state.guarding import guarded
from state.session import ask


class PortalState(rx.State):
    """The frame of the portal's pages."""

    frame: PortalFrame = PortalFrame()

    @rx.event
    @guarded.any_member
    async def load(self) -> None:
        """Show the contractor's face."""
        self.frame = await ask(self, portal.frame)


class PortalHomeState(rx.State):
    """The portal's first page."""

    status: str = "loading"
    home: PortalHome = PortalHome()

    @rx.event
    @guarded.any_member
    async def load(self) -> None:
        """Show what waits for the client."""
        try:
            self.home = await ask(self, portal_home.home)
        except Exception:
            self.status = "error"
            raise
        self.status = "full"
