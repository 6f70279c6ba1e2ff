"""Roles and rights as a screen remembers them: the matrix, and the question why."""

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Invalid
from ontrack_app.schemas.screens.rights import RightsView, WhyView
from ontrack_app.services.screens import rights
from state.guarding import guarded
from state.session import ask, say

ASKED = ("member_id", "permission", "address")


class RolesState(rx.State):
    """The matrix of roles and rights."""

    status: str = "loading"
    view: RightsView = RightsView()

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def load(self) -> None:
        """Show the rights as they are now."""
        try:
            self.view = await ask(self, rights.view)
        except Exception:
            self.status = "error"
            raise
        self.status = "full"

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def change(self, role: str, permission: str, granted: bool) -> None:
        """Give a right to a role, or take it."""
        await say(self, await ask(self, rights.change, role, permission, granted))
        self.view = await ask(self, rights.view)

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def restore(self, role: str) -> None:
        """Put a role's rights back as usual."""
        await say(self, await ask(self, rights.restore, role))
        self.view = await ask(self, rights.view)

    @rx.event
    @guarded(Permission.SETTINGS_MANAGE)
    async def require_factor(self, role: str, needed: bool) -> None:
        """Say whether people of a role need a second step."""
        await say(self, await ask(self, rights.require_factor, role, needed))
        self.view = await ask(self, rights.view)


class WhyState(rx.State):
    """The question why somebody can or cannot do something."""

    form: WhyView = WhyView()
    errors: dict[str, str] = {}

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def load(self) -> None:
        """Show the empty form."""
        self.form, self.errors = await ask(self, rights.why_form), {}

    @rx.event
    @guarded(Permission.MEMBERS_MANAGE)
    async def put(self, data: dict[str, str]) -> None:
        """Answer the question; what was chosen stays where it is refused."""
        typed = {name: data[name] for name in ASKED if name in data}
        self.form = self.form.model_copy(update={**typed, "answer": "", "reasons": []})
        self.errors = {}
        try:
            self.form = await ask(self, rights.ask_why, self.form)
        except Invalid as error:
            self.errors = {one.field: one.message for one in error.errors}
