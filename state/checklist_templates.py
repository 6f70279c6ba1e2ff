"""Checklists in the settings as a screen remembers them: the list, and the one that is being written."""

from typing import Any

import reflex as rx

from models.access import Permission
from ontrack_app.errors import Invalid
from ontrack_app.schemas.screens.checklist_templates import TemplateDraft, TemplateView
from ontrack_app.services import checklist_templates
from ontrack_app.services.screens import checklist_templates as screens
from state.grids import an_id
from state.guarding import guarded
from state.session import ask, say

TYPED = ("label", "kind")


class ChecklistTemplatesState(rx.State):
    """The company's checklists."""

    status: str = "loading"
    rows: list[TemplateView] = []
    open: bool = False
    draft: TemplateDraft = TemplateDraft()
    errors: dict[str, str] = {}
    trouble: str = ""

    async def _read(self) -> None:
        self.status = "error"
        self.rows = await ask(self, screens.every)
        self.status = "full" if self.rows else "empty"

    @rx.event
    @guarded(Permission.CHECKLIST_TEMPLATES_READ)
    async def load(self) -> None:
        """Show them."""
        await self._read()

    @rx.event
    @guarded(Permission.CHECKLIST_TEMPLATES_WRITE)
    async def start(self) -> None:
        """Begin a new one."""
        self._show(await ask(self, screens.blank))

    @rx.event
    @guarded(Permission.CHECKLIST_TEMPLATES_WRITE)
    async def edit(self, template_id: str) -> None:
        """Open one to change it."""
        self._show(await ask(self, screens.draft, an_id(template_id)))

    def _show(self, draft: TemplateDraft) -> None:
        self.draft, self.errors, self.trouble, self.open = draft, {}, "", True

    @rx.event
    @guarded(Permission.CHECKLIST_TEMPLATES_WRITE)
    async def set_name(self, text: str) -> None:
        """Keep the name that was typed."""
        self.draft = self.draft.model_copy(update={"name": text})

    @rx.event
    @guarded(Permission.CHECKLIST_TEMPLATES_WRITE)
    async def set_step(self, key: str, part: str, text: str) -> None:
        """Keep what was typed into a step, or chosen."""
        if part in TYPED:
            self._change(key, {part: text})

    @rx.event
    @guarded(Permission.CHECKLIST_TEMPLATES_WRITE)
    async def require_step(self, key: str, is_required: bool) -> None:
        """Say whether a step must be answered."""
        self._change(key, {"required": is_required})

    def _change(self, key: str, values: dict[str, Any]) -> None:
        steps = [one.model_copy(update=values) if one.key == key else one for one in self.draft.steps]
        self.draft = self.draft.model_copy(update={"steps": steps})

    @rx.event
    @guarded(Permission.CHECKLIST_TEMPLATES_WRITE)
    async def add_step(self) -> None:
        """One more step."""
        self.draft = screens.with_step(self.draft)

    @rx.event
    @guarded(Permission.CHECKLIST_TEMPLATES_WRITE)
    async def remove_step(self, key: str) -> None:
        """One step less."""
        self.draft = screens.without_step(self.draft, key)

    @rx.event
    @guarded(Permission.CHECKLIST_TEMPLATES_WRITE)
    async def shift_step(self, key: str, by: int) -> None:
        """One step further up or down."""
        self.draft = screens.shifted(self.draft, key, by)

    @rx.event
    @guarded(Permission.CHECKLIST_TEMPLATES_WRITE)
    async def keep(self) -> None:
        """Keep the checklist."""
        self.errors, self.trouble = {}, ""
        try:
            await ask(self, screens.keep, self.draft)
        except Invalid as error:
            self.errors = {one.field: one.message for one in error.errors}
            self.trouble = "" if set(self.errors) == {"name"} else str(error)
            return
        self.open = False
        await say(self, f"“{self.draft.name}” is kept. Visits that have a copy keep theirs.")
        await self._read()

    @rx.event
    @guarded(Permission.CHECKLIST_TEMPLATES_DELETE)
    async def put_away(self, template_id: str) -> None:
        """Put a checklist away."""
        await ask(self, checklist_templates.archive, an_id(template_id))
        await self._read()

    @rx.event
    @guarded.any_member
    async def set_open(self, is_open: bool) -> None:
        """Close the form without keeping anything."""
        if not is_open:
            self.open = False
