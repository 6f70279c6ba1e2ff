"""Clients as screens remember them: the list, one client, and the forms that open over it."""

from typing import Any

import reflex as rx

from models.access import Permission
from ontrack_app.schemas.screens.clients import ClientRecord, ClientRow
from ontrack_app.services import notes
from ontrack_app.services.screens import clients
from state.forms import FormState
from state.grids import an_id
from state.guarding import guarded
from state.lists import ListState, row_id
from state.records import RecordState
from state.session import ask, say


class ClientsState(ListState, rx.State):
    """The list of clients."""

    rows: list[ClientRow] = []

    @rx.event
    @guarded(Permission.CLIENTS_READ)
    async def load(self) -> None:
        """Show the clients that the address asks for."""
        self.rows = await self._listed(clients.listing)


class ClientState(RecordState, rx.State):
    """One client's page."""

    record: ClientRecord = ClientRecord()

    @rx.event
    @guarded(Permission.CLIENTS_READ)
    async def load(self) -> None:
        """Show the client at this address."""
        found = await self._recorded(clients.record)
        if found is not None:
            self.record = found

    @rx.event
    @guarded(Permission.NOTES_WRITE)
    async def add_note(self, text: str) -> Any:
        """Write a note down."""
        await ask(self, notes.add, "clients", row_id(self), text)
        return ClientState.load


class ClientFormState(FormState, rx.State):
    """The form of a client, new or changed."""

    @rx.event
    @guarded(Permission.CLIENTS_WRITE)
    async def start(self) -> None:
        """Show the empty form of a new client."""
        self._show(await ask(self, clients.form))

    @rx.event
    @guarded(Permission.CLIENTS_WRITE)
    async def edit(self) -> None:
        """Open the form of the client at this address."""
        self._show(await ask(self, clients.form, row_id(self)))

    @rx.event
    @guarded(Permission.CLIENTS_WRITE)
    async def create(self, data: dict[str, str]) -> Any:
        """Make the client and go to it."""
        client_id = await self._sent(data, clients.create)
        return None if client_id is None else rx.redirect(f"/clients/{client_id}")

    @rx.event
    @guarded(Permission.CLIENTS_WRITE)
    async def save(self, data: dict[str, str]) -> Any:
        """Save what was typed, unless somebody changed the client meanwhile."""
        if await self._sent(data, clients.save, row_id(self), self.version) is None:
            return None
        await say(self, "Client saved.")
        return ClientState.load


class ContactFormState(FormState, rx.State):
    """The form of one of a client's contacts; `contact` is empty for a new one."""

    contact: str = ""

    @rx.event
    @guarded(Permission.CONTACTS_WRITE)
    async def start(self) -> None:
        """Open the empty form of a new contact."""
        self.contact = ""
        self._show(await ask(self, clients.contact_form))

    @rx.event
    @guarded(Permission.CONTACTS_WRITE)
    async def edit(self, contact: str) -> None:
        """Open the form of a contact."""
        self._show(await ask(self, clients.contact_form, an_id(contact)))
        self.contact = contact

    @rx.event
    @guarded(Permission.CONTACTS_WRITE)
    async def save(self, data: dict[str, str]) -> Any:
        """Save the contact, unless somebody changed it meanwhile."""
        which = an_id(self.contact) if self.contact else None
        saved = await self._sent(data, clients.save_contact, row_id(self), which, self.version)
        return None if saved is None else ClientState.load
