"""Members as screens remember them: the list with who is invited, one member, and the forms of a place."""

from typing import Any
from uuid import UUID

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Invalid, NotFound
from ontrack_app.schemas.common import MoveBody
from ontrack_app.schemas.screens.members import InvitedRow, MemberRecord, MemberRow, PlaceForm
from ontrack_app.services import invitations
from ontrack_app.services import members as service
from ontrack_app.services.screens import member_places as places
from ontrack_app.services.screens import members
from state.grids import an_id
from state.guarding import guarded
from state.lists import ListState, row_id
from state.records import RecordState
from state.session import ask, say

TYPED = ("email", "name", "role")


class MembersState(ListState, rx.State):
    """The list of members, and above it who is invited."""

    rows: list[MemberRow] = []
    invited: list[InvitedRow] = []

    async def _read(self) -> None:
        self.rows = await self._listed(members.listing)
        self.invited = await ask(self, members.invited)

    @rx.event
    @guarded(Permission.MEMBERS_READ)
    async def load(self) -> None:
        """Show the members that the address asks for."""
        await self._read()

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def resend(self, invitation_id: str) -> None:
        """Send an invitation again, with a new link."""
        card = await ask(self, invitations.move, an_id(invitation_id), "resend", MoveBody())
        await say(self, f"Sent again to {card.email}. The link before no longer works.")
        await self._read()

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def withdraw(self, invitation_id: str) -> None:
        """Take an invitation back."""
        card = await ask(self, invitations.move, an_id(invitation_id), "withdraw", MoveBody())
        await say(self, f"The invitation of {card.email} is withdrawn.")
        await self._read()


class MemberState(RecordState, rx.State):
    """One member's page."""

    record: MemberRecord = MemberRecord()

    async def _read(self) -> None:
        found = await self._recorded(members.record)
        if found is not None:
            self.record = found

    @rx.event
    @guarded(Permission.MEMBERS_READ)
    async def load(self) -> None:
        """Show the member at this address."""
        await self._read()

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def move(self, name: str, reason: str) -> None:
        """Deactivate, reactivate or sign the member out; a reason is not asked for."""
        if name not in ("deactivate", "reactivate", "sign_out") or reason:
            raise NotFound("There is no such move here.")
        await say(self, await ask(self, members.move, row_id(self), name))
        await self._read()

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def rename(self, name: str) -> None:
        """Give the member another name."""
        await ask(self, service.rename, row_id(self), name)
        await self._read()


class PlaceState(rx.State):
    """The dialog that gives a place: to somebody who is invited (`member_id` empty), or another one to a member."""

    open: bool = False
    form: PlaceForm = PlaceForm()
    member_id: str = ""
    errors: dict[str, str] = {}
    trouble: str = ""
    q: str = ""

    def _show(self, form: PlaceForm, member_id: str) -> None:
        self.form, self.member_id = form, member_id
        self.errors, self.trouble, self.q, self.open = {}, "", "", True

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def invite(self) -> None:
        """Open the form of an invitation."""
        self._show(await ask(self, places.invitation_form), "")

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def other_role(self) -> None:
        """Open the form of another role for the member at this address."""
        member_id = row_id(self)
        self._show(await ask(self, places.role_form, member_id), str(member_id))

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def set_part(self, name: str, text: str) -> None:
        """Keep what was typed."""
        if name in TYPED and name != "role":
            self.form = self.form.model_copy(update={name: text})

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def set_role(self, role: str) -> None:
        """Choose the role; a customer's asks for the client."""
        self.form = await ask(self, places.with_role, self.form, role)

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def find(self, text: str) -> None:
        """Search the clients."""
        self.q = text
        self.form.found = await ask(self, places.find, text)

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def choose(self, client_id: str) -> None:
        """Take a client, or search for one again with an empty id."""
        chosen = an_id(client_id) if client_id else None
        self.form, self.q = await ask(self, places.with_client, self.form, chosen), ""

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def keep(self, data: dict[str, str]) -> Any:
        """Send the invitation, or change the role; what was typed stays where it is refused."""
        typed = {name: data[name] for name in TYPED if name in data}
        self.form, self.errors, self.trouble = self.form.model_copy(update=typed), {}, ""
        try:
            said = await self._kept()
        except Invalid as error:
            self.errors = {one.field: one.message for one in error.errors}
            self.trouble = "" if set(self.errors) & {*TYPED, "client_id"} else str(error)
            return None
        self.open = False
        await say(self, said)
        return MemberState.load if self.member_id else MembersState.load

    async def _kept(self) -> str:
        if self.member_id:
            return await ask(self, places.change_role, self.form, UUID(self.member_id))
        return f"Invited. The mail goes to {await ask(self, places.invite, self.form)}."

    @rx.event
    @guarded.any_member
    async def set_open(self, is_open: bool) -> None:
        """Close the dialog without doing anything."""
        if not is_open:
            self.open = False
