"""The only home of which part of the settings a person sees first."""

from typing import Any

import reflex as rx

from models.access import Permission
from state.guarding import actor_now, guarded

PARTS = (
    (Permission.MEMBERS_READ, "/settings/members"),
    (Permission.MEMBERS_MANAGE, "/settings/roles"),
    (Permission.SETTINGS_MANAGE, "/settings/files"),
    (Permission.CHECKLIST_TEMPLATES_READ, "/settings/checklists"),
    (Permission.KEYS_MANAGE, "/settings/keys"),
    (Permission.AUDIT_READ, "/settings/audit"),
)


class SettingsState(rx.State):
    """The bare address of the settings."""

    @rx.event
    @guarded.any_member
    async def first(self) -> Any:
        """Go to the first part that the person may open, or home where there is none."""
        actor = actor_now()
        return rx.redirect(next((path for right, path in PARTS if actor.granted(right)), "/"))
