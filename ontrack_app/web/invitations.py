"""Where an invitation's link lands, `/auth/invitation/{secret}`: says who asks for what, and joins when the button is pressed."""

import re

from starlette.responses import Response

from models.access import Permission
from ontrack_app.actor import Actor
from ontrack_app.db import SystemCredential, begin
from ontrack_app.errors import Conflict, Gone
from ontrack_app.services import invitations
from ontrack_app.services.invitations import InvitationWords
from ontrack_app.web import pages
from ontrack_app.web.areas import SIGN_IN, facts_for
from ontrack_app.web.forms import FormExpired
from ontrack_app.web.pages import Call, Who, page, route
from ontrack_app.web.sign_in import entered, home_of

JOIN = "invitation"
NAME = "Invitation"
PURPOSE = frozenset({Permission.MEMBERS_MANAGE})
SECRET = re.compile(r"[A-Za-z0-9_-]{20,200}")


def show(call: Call) -> Response:
    """The page with the button; opening it uses nothing up, for mail scanners open every link."""
    try:
        asked = _look(call)
    except Gone as gone:
        return _gone(call, gone)
    return _page(call, asked)


def accept(call: Call) -> Response:
    """Makes the person a member and opens a session in this browser, in place of the one that it carries."""
    try:
        asked = _look(call)
        call.came_back(JOIN)
        with begin(SystemCredential(asked.tenant_id, NAME, only=PURPOSE, ip=call.caller.ip)) as work:
            opened = invitations.accept(work, call.values["secret"], call.caller)
    except Gone as gone:
        return _gone(call, gone)
    except FormExpired as expired:
        return _page(call, asked, status=403, error=expired.detail)
    except Conflict as conflict:
        return _page(call, asked, status=409, error=conflict.detail)
    return entered(opened.secret, facts_for(opened.role).home)


def _look(call: Call) -> InvitationWords:
    secret = call.values["secret"]
    if not SECRET.fullmatch(secret):
        raise Gone(invitations.GONE)
    with begin(None) as doorway:
        return invitations.look(doorway, secret)


def _page(call: Call, asked: InvitationWords, *, status: int = 200, error: str = "") -> Response:
    person = call.person()
    values = {"asked": asked, "replaced": _replaced(person), "error": error, "token": call.blank(JOIN)}
    return page("invitation.html", status=status, **values)


def _replaced(person: Actor | None) -> str:
    """Who would be signed out by the button; empty for nobody."""
    if person is None:
        return ""
    return f"{person.name or person.email or 'somebody else'} ({person.tenant.name})"


def _gone(call: Call, gone: Gone) -> Response:
    """Who used the link already signs in as everybody does; others ask the company."""
    person = call.person()
    way = (
        {"link": home_of(person), "link_label": f"Go on at {person.tenant.name}"}
        if person
        else {"link": SIGN_IN, "link_label": "Sign in"}
    )
    words = f"{gone.detail} Joined already? Then sign in. Otherwise ask who invited you to send it again."
    return pages.error(410, "This invitation no longer works", words, **way)


ROUTES = [route("/auth/invitation/{secret}", get=show, post=accept, who=Who.ANYBODY)]
