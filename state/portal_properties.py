"""Properties as the portal remembers them."""

import reflex as rx

from models.access import Permission
from ontrack_app.schemas.screens.portal_properties import PortalPropertyRow
from ontrack_app.services.screens import portal_properties
from state.guarding import guarded
from state.lists import ListState


class PortalPropertiesState(ListState, rx.State):
    """The list of properties."""

    rows: list[PortalPropertyRow] = []

    @rx.event
    @guarded(Permission.PROPERTIES_READ)
    async def load(self) -> None:
        """Show the properties that the address asks for."""
        self.rows = await self._listed(portal_properties.listing)
