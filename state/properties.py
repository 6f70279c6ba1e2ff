"""Properties as screens remember them: the list, one property, its form."""

from typing import Any

import reflex as rx

from models.access import Permission
from ontrack_app.schemas.screens.clients import PlaceRow, PropertyRecord
from ontrack_app.services import notes
from ontrack_app.services.screens import properties
from state.forms import FormState
from state.guarding import guarded
from state.lists import ListState, row_id
from state.records import RecordState
from state.session import ask, say


class PropertiesState(ListState, rx.State):
    """The list of properties."""

    rows: list[PlaceRow] = []

    @rx.event
    @guarded(Permission.PROPERTIES_READ)
    async def load(self) -> None:
        """Show the properties that the address asks for."""
        self.rows = await self._listed(properties.listing)


class PropertyState(RecordState, rx.State):
    """One property's page."""

    record: PropertyRecord = PropertyRecord()

    @rx.event
    @guarded(Permission.PROPERTIES_READ)
    async def load(self) -> None:
        """Show the property at this address."""
        found = await self._recorded(properties.record)
        if found is not None:
            self.record = found

    @rx.event
    @guarded(Permission.NOTES_WRITE)
    async def add_note(self, text: str) -> Any:
        """Write a note down."""
        await ask(self, notes.add, "properties", row_id(self), text)
        return PropertyState.load


class PropertyFormState(FormState, rx.State):
    """The form of a property: a new one on its client's page, or the one at this address."""

    @rx.event
    @guarded(Permission.PROPERTIES_WRITE)
    async def start(self) -> None:
        """Open the empty form of a new property."""
        self._show(await ask(self, properties.form))

    @rx.event
    @guarded(Permission.PROPERTIES_WRITE)
    async def create(self, data: dict[str, str]) -> Any:
        """Add the property to the client at this address, and go to it."""
        property_id = await self._sent(data, properties.create, row_id(self))
        return None if property_id is None else rx.redirect(f"/properties/{property_id}")

    @rx.event
    @guarded(Permission.PROPERTIES_WRITE)
    async def edit(self) -> None:
        """Open the form of the property at this address."""
        self._show(await ask(self, properties.form, row_id(self)))

    @rx.event
    @guarded(Permission.PROPERTIES_WRITE)
    async def save(self, data: dict[str, str]) -> Any:
        """Save what was typed, unless somebody changed the property meanwhile."""
        if await self._sent(data, properties.save, row_id(self), self.version) is None:
            return None
        await say(self, "Property saved.")
        return PropertyState.load
