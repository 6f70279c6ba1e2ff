"""API keys as a screen remembers them: never a secret. They are made on a server-rendered page."""

from uuid import UUID

import reflex as rx

from models.access import Permission
from ontrack_app.errors import NotFound
from ontrack_app.schemas.screens.keys import KeyRow
from ontrack_app.services import keys as service
from ontrack_app.services.screens import keys
from state.guarding import guarded
from state.lists import ListState
from state.session import ask, say


class KeysState(ListState, rx.State):
    """The list of API keys."""

    rows: list[KeyRow] = []

    async def _read(self) -> None:
        self.rows = await self._listed(keys.listing)

    @rx.event
    @guarded(Permission.KEYS_MANAGE)
    async def load(self) -> None:
        """Show the keys."""
        await self._read()

    @rx.event
    @guarded(Permission.KEYS_MANAGE)
    async def revoke(self, key_id: str) -> None:
        """End a key at once."""
        try:
            chosen = UUID(key_id)
        except ValueError:
            raise NotFound("There is no API key with this id.") from None
        await ask(self, service.revoke, chosen)
        await say(self, "Key revoked. It opens nothing any more.")
        await self._read()
