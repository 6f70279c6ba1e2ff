"""Two-step sign-in on a person's own page: whether it is on, since when, recovery codes left; turning it off."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from ontrack_app.actor import Actor
from ontrack_app.db import begin
from ontrack_app.errors import Conflict, NotFresh
from ontrack_app.services import factors
from ontrack_app.services.mails import long_date
from ontrack_app.web import account, pages
from ontrack_app.web.account import ACCOUNT, NOTICES, SECTIONS, Section
from ontrack_app.web.pages import Call, Who, route
from ontrack_app.web.pending import CONFIRM, SET_UP, leading_to

REMOVE = "/auth/factor/remove"
FORM = "factor"
NOTICES["factor_off"] = "Two-step sign-in is off. Your other browsers are signed out."


def values(call: Call, actor: Actor) -> Mapping[str, Any]:
    """What the section shows."""
    with begin(None) as doorway:
        person = factors.standing(doorway, call.caller.session_hash)
    since = long_date(person.since.astimezone(actor.tenant.zone).date()) if person.since else ""
    return {"person": person, "since": since, "set_up": leading_to(SET_UP, ACCOUNT)}


def remove(call: Call) -> Response:
    """Turns two-step sign-in off, where no company asks for it."""
    actor = account.member_posting(call)
    try:
        with begin(None) as doorway:
            opened = factors.remove(doorway, call.caller)
    except NotFresh:
        return pages.go_to(leading_to(CONFIRM, ACCOUNT))
    except Conflict as conflict:
        return account.show_again(call, actor, status=409, told={FORM: conflict.detail})
    response = account.done("factor_off")
    pages.set_session(response, opened.secret)
    return response


SECTIONS.append(Section(20, "account/factor.html", values))
ROUTES = [route(REMOVE, post=remove, who=Who.SIGNED_IN)]
