"""Signing in, signing out and changing company, for a browser with nothing but a form."""

import re
from collections.abc import Callable
from typing import TypeVar

from starlette.responses import Response

from ontrack_app.actor import Actor
from ontrack_app.db import begin
from ontrack_app.errors import Forbidden, TooMany
from ontrack_app.services import sign_in
from ontrack_app.services.sign_in import Asking, Doorway
from ontrack_app.settings import settings
from ontrack_app.web import forms, pages
from ontrack_app.web.areas import SIGN_IN, facts_for, is_safe_next
from ontrack_app.web.forms import FormExpired
from ontrack_app.web.guard import is_hidden
from ontrack_app.web.pages import Call, Who, page, route
from ontrack_app.web.pending import next_after, owed

Counted = TypeVar("Counted")
ASK = "sign-in"
OTHERS = "oidc"  # what the token of the buttons for other providers is for
EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f]+\.[^@\s\x00-\x1f]+")
NO_PAGES = ("/auth/", "/api/", "/dev/", "/webhooks/")
BUT_THESE = frozenset({"/auth/account"})


def safe_next(target: str) -> str:
    """Where to go after signing in: a page of ours, else empty."""
    path = target.partition("?")[0].partition("#")[0]
    no_page = path.startswith(NO_PAGES) and path not in BUT_THESE
    if not is_safe_next(target) or is_hidden(path) or no_page:
        return ""
    return target


def show(call: Call) -> Response:
    """The form that asks for an e-mail address; a browser that has given it gives what is still owed."""
    next_path = safe_next(call.query.get("next", ""))
    if place := owed(call.caller.session_hash, next_path):
        return pages.go_to(place)
    return _form(call, next_path=next_path)


def ask(call: Call) -> Response:
    """Sends a link where the address is known, and says the same in any case."""
    email = call.form.get("email", "").strip().lower()
    next_path = safe_next(call.form.get("next", ""))
    try:
        call.came_back(ASK)
    except FormExpired as expired:
        return _form(call, status=403, email=email, next_path=next_path, error=expired.detail)
    if len(email) > 254 or not EMAIL.fullmatch(email):
        words = "Type the whole address, such as name@company.com."
        return _form(call, status=422, email=email, next_path=next_path, error=words)
    counted = kept(lambda doorway: sign_in.count_try(doorway, email, call.caller.ip))
    if isinstance(counted, TooMany):
        return _form(call, status=429, email=email, next_path=next_path, error=counted.detail)
    asking = Asking(email, next_path, call.caller.browser, mailed=counted)
    with begin(None) as doorway:
        sign_in.ask_for_link(doorway, asking, settings().base_url)
    return sent(call, email, next_path)


def kept(count: Callable[[Doorway], Counted]) -> Counted | TooMany:
    """Counts a try in a transaction of its own, so that the count stays whatever follows; one too many is returned."""
    with begin(None) as doorway:
        try:
            return count(doorway)
        except TooMany as refusal:
            return refusal


def sent(call: Call, email: str, next_path: str, *, status: int = 200, error: str = "") -> Response:
    """The page after asking: where to look, and the code for those who read mail elsewhere."""
    given = {"email": email, "next": next_path, "minutes": sign_in.LINK_MINUTES, "error": error}
    return page("sent.html", status=status, token=call.blank(ASK), **given)


def _form(
    call: Call, *, status: int = 200, email: str = "", next_path: str = "", error: str = ""
) -> Response:
    person = call.person()
    return page(
        "sign_in.html",
        status=status,
        email=email,
        next=next_path,
        error=error,
        person=person,
        home=home_of(person),
        token=call.blank(ASK),
        oidc_token=call.blank(OTHERS),
        providers=settings().oidc_providers,
        minutes=sign_in.LINK_MINUTES,
    )


def home_of(person: Actor | None) -> str:
    """The first page of the person who is signed in; "/" for nobody."""
    if person is None:
        return "/"
    if person.scope == "document":
        return f"/portal/{person.document_noun}/{person.document_id}"
    return facts_for(person.role).home


def entered(secret: str, path: str) -> Response:
    """To a page of ours, or to what the session still owes before, with the session in the browser."""
    response = pages.go_to(next_after(secret, path))
    pages.set_session(response, secret)
    return response


def sign_out(call: Call) -> Response:
    """Ends the session and forgets it in the browser."""
    forms.check_origin(call.origins, settings())
    if call.caller.session_hash:
        call.check_session_form()
        with begin(None) as doorway:
            sign_in.sign_out(doorway, call.caller.session_hash)
    response = pages.go_to(SIGN_IN)
    pages.end_session(response)
    return response


def switch(call: Call) -> Response:
    """Goes on in another company of the same person, under a new session."""
    call.check_session_form()
    with begin(None) as doorway:
        opened = sign_in.switch(doorway, call.caller.session_hash, call.form.get("tenant", ""))
    if opened is None:
        raise Forbidden("You have no place in that company, or your sign-in has ended.")
    return entered(opened.secret, facts_for(opened.role).home)


ROUTES = [
    route("/auth/sign-in", get=show, post=ask, who=Who.ANYBODY),
    route("/auth/sign-out", post=sign_out, who=Who.ANYBODY),
    route("/auth/switch", post=switch, who=Who.SIGNED_IN),
]
