"""Estimates as the portal remembers them: the list, one estimate and its answers."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Conflict, Invalid, NotFound, Stale
from ontrack_app.schemas.screens.portal_estimates import PortalEstimate, PortalEstimateRow
from ontrack_app.services.screens import portal_estimate, portal_estimates
from ontrack_app.work import Work
from state.guarding import guarded
from state.lists import ListState, row_id
from state.records import RecordState
from state.session import ask, say

Answer = Callable[[Work, UUID, int, Any], None]


class PortalEstimatesState(ListState, rx.State):
    """The list of estimates."""

    rows: list[PortalEstimateRow] = []

    @rx.event
    @guarded(Permission.ESTIMATES_READ)
    async def load(self) -> None:
        """Show the estimates that the address asks for."""
        self.rows = await self._listed(portal_estimates.listing)


class PortalEstimateState(RecordState, rx.State):
    """One estimate's page. `asking` is the open dialog: change, decline or none."""

    record: PortalEstimate = PortalEstimate()
    asking: str = ""
    trouble: str = ""

    async def _read(self) -> None:
        found = await self._recorded(portal_estimate.record)
        if found is not None:
            self.record = found

    async def _answer(self, answer: Answer, given: Any) -> None:
        """Take the answer; what was wrong with it stands at the form, a late one shows how it stands now."""
        self.trouble = ""
        try:
            await ask(self, answer, row_id(self), self.record.version, given)
        except Invalid as error:
            self.trouble = str(error)
            return
        except NotFound:
            pass  # taken back for a new revision: the page says so when it is read again
        except (Conflict, Stale) as error:
            await say(self, str(error), tint="waiting")
        self.asking = ""
        await self._read()

    @rx.event
    @guarded(Permission.ESTIMATES_READ)
    async def load(self) -> None:
        """Show the estimate at this address."""
        self.asking = self.trouble = ""
        await self._read()

    @rx.event
    @guarded(Permission.ESTIMATES_ANSWER)
    async def approve(self, data: dict[str, str]) -> None:
        """Approve with the signature in the form."""
        await self._answer(portal_estimates.approve, data)

    @rx.event
    @guarded(Permission.ESTIMATES_ANSWER)
    async def request_changes(self, data: dict[str, str]) -> None:
        """Ask for a change in words."""
        await self._answer(portal_estimates.request_changes, data.get("reason", ""))

    @rx.event
    @guarded(Permission.ESTIMATES_ANSWER)
    async def decline(self, data: dict[str, str]) -> None:
        """Decline, with or without words."""
        await self._answer(portal_estimates.decline, data.get("reason", ""))

    @rx.event
    @guarded(Permission.ESTIMATES_ANSWER)
    async def open_dialog(self, name: str) -> None:
        """Open the dialog of an answer, or close it with an empty name."""
        self.trouble = ""
        self.asking = name if name in ("change", "decline") else ""
