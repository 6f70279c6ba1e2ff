"""The only home of what every page shows: who is signed in, for which company, and the short messages over the page."""

import secrets
from typing import Any, Literal

import reflex as rx
from pydantic import BaseModel
from reflex.istate.proxy import StateProxy
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event.context import EventContext

from ontrack_app.web.forms import form_token
from state.guarding import actor_now, desk, guarded
from state.sockets import session_now

Tint = Literal["good", "bad", "waiting"]
MAX_TOASTS = 4


class Toast(BaseModel):
    """One short message, as `ui/toast.py` draws it; with an address where there is something to do."""

    id: str
    tint: Tint
    text: str
    action_label: str = ""
    href: str = ""


class Company(BaseModel):
    """A tenant that the person may work for, as the shell's menu draws it; its id is the slug that `/auth/switch` takes."""

    id: str
    name: str
    mark: str
    current: bool


class SessionState(rx.State):
    """What every page shows of the person who is signed in. View data: whoever changes it changes their own screen only."""

    name: str = ""
    email: str = ""
    initials: str = ""
    role: str = ""
    role_label: str = ""
    tenant_name: str = ""
    tenant_slug: str = ""
    tenant_mark: str = ""
    timezone: str = ""
    currency: str = ""
    locale: str = ""
    granted: list[str] = []
    companies: list[Company] = []
    form_token: str = ""
    toasts: list[Toast] = []
    leave_to: str = ""
    news: str = ""

    @rx.event
    @guarded.any_member
    async def load(self) -> None:
        """Take over who is signed in; the first on_load of every page."""
        actor, tenant = actor_now(), actor_now().tenant
        self.name, self.email, self.initials = actor.name, actor.email, initials(actor.name or actor.email)
        self.role, self.role_label = actor.role.value, actor.role.label
        self.tenant_name, self.tenant_slug, self.tenant_mark = tenant.name, tenant.slug, initials(tenant.name)
        self.timezone, self.currency, self.locale = tenant.timezone, tenant.currency, tenant.locale
        self.granted = sorted(right.value for right in actor.permissions)
        self.form_token = form_token(session_now())
        if not self.companies:
            found = await desk().companies()
            self.companies = [
                Company(id=slug, name=name, mark=initials(name), current=here) for slug, name, here in found
            ]

    @rx.event
    @guarded.any_member
    async def dismiss(self, toast_id: str) -> None:
        """Take one message off the screen."""
        self.toasts = [toast for toast in self.toasts if toast.id != toast_id]


def on_load(*handlers: Any) -> list[Any]:
    """The on_load list of a page: who is signed in first, then the page's own handlers."""
    return [SessionState.load, *handlers]


def initials(name: str) -> str:
    """Up to two letters that stand for a name."""
    words = name.replace("@", " ").split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


async def say(state: Any, text: str, *, tint: Tint = "good", action_label: str = "", href: str = "") -> None:
    """Show the person a short message, with a link where there is something to do next."""
    toast = Toast(id=secrets.token_hex(4), tint=tint, text=text, action_label=action_label, href=href)
    if isinstance(state, StateProxy) and not state._is_mutable():
        async with state:
            await _put(state, toast)
    else:
        await _put(state, toast)


async def _put(state: Any, toast: Toast) -> None:
    session = state if isinstance(state, SessionState) else await state.get_state(SessionState)
    session.toasts = [*session.toasts, toast][-MAX_TOASTS:]


async def leave(path: str) -> None:
    """Make the browser load a page of ours from the server. Sent without being kept, or the tab would leave at every visit."""
    await EventContext.get().emit_delta({SessionState.get_full_name(): {"leave_to" + FIELD_MARKER: path}})
