"""The only home of a person's own page, `/auth/account`: who they are here, and below it one section after another.

A module with something to show there adds its `Section` to SECTIONS when it is imported (`web/routes.py` imports them all).
Its own forms post to addresses of its own below /auth/account/ and go back with `done("word")`, or with `show_again`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from ontrack_app.actor import Actor
from ontrack_app.errors import Forbidden, SignedOut
from ontrack_app.web import pages
from ontrack_app.web.areas import facts_for, sign_in_address
from ontrack_app.web.forms import form_token
from ontrack_app.web.pages import Call, Who, page, route

ACCOUNT = "/auth/account"
NOT_YOURS = "This page is for people with an account. A link to one document opens that document only."


@dataclass(frozen=True, slots=True)
class Section:
    """One section: its place from the top (lower is higher), the template that draws it, and a function that reads what
    the template is given under `section`. The template also has `person`, `token` (for its forms), and `told`."""

    place: int
    template: str
    values: Callable[[Call, Actor], Mapping[str, Any]]


SECTIONS: list[Section] = []
NOTICES: dict[str, str] = {}  # what is said at the top after a form was done, by the word in ?done=


def member(call: Call) -> Actor | None:
    """Whose page it is; None where nobody is signed in.

    Raises:
        Forbidden: the session is that of a document's link.
    """
    actor = call.person()
    if actor is not None and actor.scope == "document":
        raise Forbidden(NOT_YOURS)
    return actor


def member_posting(call: Call) -> Actor:
    """Who sent a form of this page; the Origin and the session's token are checked.

    Raises:
        Forbidden: it came from elsewhere, or from a document's session. SignedOut: the session has ended.
    """
    call.check_session_form()
    actor = member(call)
    if actor is None:
        raise SignedOut("You are signed out. Sign in to go on.")
    return actor


def show(call: Call) -> Response:
    """The page of the person who is signed in; others go to sign in first."""
    actor = member(call)
    if actor is None:
        return pages.go_to(sign_in_address(ACCOUNT))
    return show_again(call, actor, status=200)


def show_again(
    call: Call, actor: Actor, *, status: int = 422, told: Mapping[str, str] | None = None
) -> Response:
    """The page, with `told`: what a section says of the form that was just sent, by a name of the section's own."""
    given = {
        "person": actor,
        "home": facts_for(actor.role).home,
        "token": form_token(call.caller.session_hash),
        "notice": NOTICES.get(call.query.get("done", ""), ""),
        "told": dict(told or {}),
    }
    ordered = sorted(SECTIONS, key=lambda each: each.place)
    drawn = [(each.template, each.values(call, actor)) for each in ordered]
    return page("account.html", status=status, sections=drawn, **given)


def done(word: str) -> Response:
    """Back to the page by GET, with the words of NOTICES for `word` on top."""
    return pages.go_to(f"{ACCOUNT}?done={word}")


ROUTES = [route(ACCOUNT, get=show, who=Who.SIGNED_IN)]
