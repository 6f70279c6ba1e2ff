"""Where a person is signed in, on their own page: every live session with its device, and ending one or all the others."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.responses import Response

from ontrack_app.actor import Actor
from ontrack_app.db import begin
from ontrack_app.errors import NotFound
from ontrack_app.services import own_sessions
from ontrack_app.services.mails import long_date
from ontrack_app.web import account, pages
from ontrack_app.web.account import NOTICES, SECTIONS, Section
from ontrack_app.web.areas import SIGN_IN
from ontrack_app.web.pages import Call, Who, route

END, END_OTHERS = "/auth/account/sessions/end", "/auth/account/sessions/end-others"
HOW = {
    "link": "by a link from the mail",
    "code": "by a code from the mail",
    "oidc": "with another account",
    "development": "with one click, in development",
}
NOTICES["session_ended"] = "That device is signed out."
NOTICES["sessions_ended"] = "All your other devices are signed out."


def values(call: Call, actor: Actor) -> Mapping[str, Any]:
    """What the section shows."""
    with begin(None) as doorway:
        found = own_sessions.mine(doorway, call.caller)
    shown = [
        {
            "id": one.id,
            "device": one.device,
            "company": one.company,
            "ip": one.ip,
            "how": HOW.get(one.how, ""),
            "since": _when(one.since, actor),
            "seen": _when(one.seen, actor),
            "finished": one.finished,
            "here": one.here,
        }
        for one in found
    ]
    return {"sessions": shown, "end": END, "end_others": END_OTHERS}


def end(call: Call) -> Response:
    """Ends one session; the present one means signing out."""
    account.member_posting(call)
    wanted = _wanted(call.form.get("session", ""))
    with begin(None) as doorway:
        is_this = any(one.here and one.id == wanted for one in own_sessions.mine(doorway, call.caller))
        own_sessions.end_one(doorway, call.caller, wanted)
    if not is_this:
        return account.done("session_ended")
    response = pages.go_to(SIGN_IN)
    pages.end_session(response)
    return response


def end_others(call: Call) -> Response:
    """Ends all but the present session."""
    account.member_posting(call)
    with begin(None) as doorway:
        own_sessions.end_others(doorway, call.caller)
    return account.done("sessions_ended")


def _wanted(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise NotFound("You are not signed in there any more.") from None


def _when(at: datetime, actor: Actor) -> str:
    here = at.astimezone(actor.tenant.zone)
    hour = here.hour % 12 or 12
    return f"{long_date(here.date())}, {hour}:{here:%M} {'AM' if here.hour < 12 else 'PM'}"


SECTIONS.append(Section(90, "account/sessions.html", values))
ROUTES = [
    route(END, post=end, who=Who.SIGNED_IN),
    route(END_OTHERS, post=end_others, who=Who.SIGNED_IN),
]
