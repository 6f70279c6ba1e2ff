"""Devices as the settings remember them: the company's phones, and signing one off."""

import reflex as rx

from models.access import Permission
from ontrack_app.schemas.screens.devices import DeviceRow
from ontrack_app.services import devices as service
from ontrack_app.services.screens import devices
from state.grids import an_id
from state.guarding import guarded
from state.lists import ListState
from state.session import ask, say


class DevicesState(ListState, rx.State):
    """The list of phones."""

    rows: list[DeviceRow] = []

    async def _read(self) -> None:
        self.rows = await self._listed(devices.listing)

    @rx.event
    @guarded(Permission.MEMBERS_READ)
    async def load(self) -> None:
        """Show the phones that the address asks for."""
        await self._read()

    @rx.event
    @guarded(Permission.MEMBERS_READ)
    async def revoke(self, device_id: str) -> None:
        """Sign a phone off."""
        card = await ask(self, service.revoke, an_id(device_id))
        left = " What it had not sent waits in the inbox once it comes." if card.waiting else ""
        await say(self, f"Signed off: {card.label or 'the phone'} of {card.member_name}.{left}")
        await self._read()
