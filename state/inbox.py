"""The inbox as a screen remembers it: two values to choose from, work that waits, and the dialog that discards some."""

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Invalid, Refusal
from ontrack_app.schemas.screens.inbox import InboxRow
from ontrack_app.services import conflicts
from ontrack_app.services.screens import inbox
from ontrack_app.services.screens.words import some
from ontrack_app.services.sync import quarantine
from state.grids import an_id
from state.guarding import guarded
from state.lists import ListState
from state.session import ask, say


class InboxState(ListState, rx.State):
    """What waits for a decision, or was decided; the address says which part."""

    rows: list[InboxRow] = []
    discarding: str = ""
    discarding_title: str = ""
    reason_trouble: str = ""

    async def _read(self) -> None:
        self.rows = await self._listed(inbox.listing)

    @rx.event
    @guarded(Permission.VISITS_PERFORM)
    async def load(self) -> None:
        """Show the part of the inbox that the address asks for; what is being typed stays, for news loads it again."""
        await self._read()

    @rx.event
    @guarded(Permission.VISITS_PERFORM)
    async def choose(self, conflict_id: str, use: bool) -> None:
        """Take the value from the phone, or leave what stands."""
        await ask(self, conflicts.decide, an_id(conflict_id), use=use)
        await say(self, "Taken over from the phone." if use else "It stays as it is.")
        await self._read()

    @rx.event
    @guarded(Permission.VISITS_CORRECT)
    async def take_in(self, work_id: str) -> None:
        """Do after all what could not be taken."""
        taken = await ask(self, quarantine.take_in, an_id(work_id))
        if taken.status == "conflict":
            await say(
                self,
                "Taken in. Somebody had changed it meanwhile: choose which is to stand.",
                tint="waiting",
                action_label="Choose",
                href=f"/conflicts?tab={inbox.OPEN}",
            )
        else:
            await say(self, f"Taken in for {taken.member_name}.")
        await self._read()

    @rx.event
    @guarded(Permission.VISITS_CORRECT)
    async def take_in_all(self) -> None:
        """Take in all that is shown, in the order in which it came; what cannot be taken in waits on."""
        done, refused = 0, []
        for row in [one for one in self.rows if one.may_take]:
            try:
                await ask(self, quarantine.take_in, an_id(row.id))
                done += 1
            except Refusal as refusal:
                refused.append(refusal.detail)
        first = f" {len(refused)} could not be, first: {refused[0]}" if refused else ""
        await say(self, f"{some(done, 'piece')} taken in.{first}", tint="waiting" if refused else "good")
        await self._read()

    @rx.event
    @guarded(Permission.VISITS_CORRECT)
    async def ask_why(self, work_id: str) -> None:
        """Ask why it is discarded."""
        row = next((one for one in self.rows if one.id == work_id), None)
        if row is not None:
            self.discarding, self.discarding_title, self.reason_trouble = row.id, row.title, ""

    @rx.event
    @guarded(Permission.VISITS_CORRECT)
    async def discard(self, data: dict[str, str]) -> None:
        """Discard it with the reason that was given."""
        chosen = an_id(self.discarding)
        try:
            await ask(self, quarantine.discard, chosen, data.get("reason", ""))
        except Invalid as error:
            self.reason_trouble = str(error)
            return
        self.discarding = ""
        await say(self, "Discarded. It can still be read, with your reason.")
        await self._read()

    @rx.event
    @guarded.any_member
    async def set_open(self, is_open: bool) -> None:
        """Close the dialog without discarding anything."""
        if not is_open:
            self.discarding = ""
