"""The audit trail as a screen remembers it: its address says which part, from which number on."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from models.access import Permission
from ontrack_app.schemas.screens.audit import AuditFoot, AuditRow
from ontrack_app.services.screens import audit
from state.guarding import guarded
from state.lists import ListState


class AuditState(ListState, rx.State):
    """The trail, or the security events; paged by their numbers, so that what is added meanwhile moves nothing."""

    rows: list[AuditRow] = []
    numbers: AuditFoot = AuditFoot()

    @rx.event
    @guarded(Permission.AUDIT_READ)
    async def load(self) -> None:
        """Show the part of the trail that the address asks for."""
        self.rows = await self._listed(audit.listing)
        if isinstance(self.foot, AuditFoot):
            self.numbers = self.foot

    def _go(self, changes: Mapping[str, str], *, afresh: bool = False) -> Any:
        return super()._go({"before": "", "after": "", **changes}, afresh=afresh)

    @rx.event
    @guarded(Permission.AUDIT_READ)
    async def previous_page(self) -> Any:
        """Go on to newer entries."""
        return self._go({"after": self.numbers.newer})

    @rx.event
    @guarded(Permission.AUDIT_READ)
    async def next_page(self) -> Any:
        """Go on to older entries."""
        return self._go({"before": self.numbers.older})
