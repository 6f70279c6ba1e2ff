"""The crew's day as its page remembers it."""

from uuid import UUID

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Conflict, Invalid, Stale
from ontrack_app.schemas.screens.crew import CrewDay
from ontrack_app.services import notes
from ontrack_app.services.screens import crew
from state.guarding import guarded
from state.session import ask, say


class CrewState(rx.State):
    """Today's own visits. `chosen` is the one on top when it is not the next one."""

    status: str = "loading"
    day: CrewDay = CrewDay()
    chosen: str = ""
    asking: bool = False
    trouble: str = ""

    async def _read(self) -> None:
        try:
            self.day = await ask(self, crew.day, UUID(self.chosen) if self.chosen else None)
        except Exception:
            self.status = "error"
            raise
        self.status = (
            "full" if self.day.next or self.day.over or self.day.left or self.day.tomorrow else "empty"
        )

    @rx.event
    @guarded(Permission.VISITS_PERFORM)
    async def load(self) -> None:
        """Show today."""
        self.chosen, self.asking, self.trouble = "", False, ""
        await self._read()

    @rx.event
    @guarded(Permission.VISITS_PERFORM)
    async def pick(self, visit_id: UUID) -> None:
        """Put one of today's visits on top; one that is not the crew's own changes nothing."""
        self.chosen = str(visit_id)
        await self._read()

    async def _move(self, name: str, reason: str = "") -> bool:
        stop = self.day.next
        if stop is None:
            return False
        self.trouble = ""
        try:
            await ask(self, crew.move, UUID(stop.id), name, reason, stop.version)
        except Invalid as error:
            self.trouble = str(error)
            return False
        except (Conflict, Stale) as error:
            await say(self, str(error), tint="waiting")
        if name in ("finish", "no_access"):
            self.chosen = ""
        self.asking = False
        await self._read()
        return True

    @rx.event
    @guarded(Permission.VISITS_PERFORM)
    async def move(self, name: str) -> None:
        """Depart, arrive, pause, resume or finish the visit on top."""
        await self._move(name)

    @rx.event
    @guarded(Permission.VISITS_PERFORM)
    async def no_access(self, data: dict[str, str]) -> None:
        """Leave the visit on top because nobody let the crew in, and say why."""
        await self._move("no_access", data.get("reason", "")[:4000])

    @rx.event
    @guarded(Permission.VISITS_PERFORM)
    async def set_asking(self, is_open: bool) -> None:
        """Open or close the question why there was no access."""
        self.asking, self.trouble = is_open, ""

    @rx.event
    @guarded(Permission.NOTES_WRITE)
    async def add_note(self, text: str) -> None:
        """Write a note down on the visit on top."""
        if self.day.next is not None:
            await ask(self, notes.add, "visits", UUID(self.day.next.id), text)
            await self._read()
