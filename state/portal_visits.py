"""Visits as the portal remembers them."""

import reflex as rx

from models.access import Permission
from ontrack_app.schemas.screens.portal_visits import PortalVisitRow
from ontrack_app.services.screens import portal_visits
from state.guarding import guarded
from state.lists import ListState


class PortalVisitsState(ListState, rx.State):
    """The list of visits."""

    rows: list[PortalVisitRow] = []

    @rx.event
    @guarded(Permission.VISITS_READ)
    async def load(self) -> None:
        """Show the visits that the address asks for."""
        self.rows = await self._listed(portal_visits.listing)
