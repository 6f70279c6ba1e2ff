"""Where a sign-in link lands, `/auth/link/{secret}`: a button in the browser that asked, a field for the code in any other;
and `/auth/code`, where the asking browser signs in by the code alone. Opening a page signs nobody in and uses nothing up.
"""

import re

from starlette.responses import Response

from ontrack_app.db import begin
from ontrack_app.errors import Gone, TooMany
from ontrack_app.services import sign_in
from ontrack_app.services.sign_in import LinkWords, Tried
from ontrack_app.web import pages
from ontrack_app.web.areas import SIGN_IN, facts_for
from ontrack_app.web.forms import FormExpired
from ontrack_app.web.pages import Call, Who, page, route
from ontrack_app.web.sign_in import ASK, entered, kept, safe_next, sent

ENTER = "link"
SECRET = re.compile(r"[A-Za-z0-9_-]{20,200}")
MOST_TYPED = 40


def show(call: Call) -> Response:
    """The page of a link. Mail scanners open every link, some of them more than once."""
    try:
        words = _look(call)
    except Gone as gone:
        return _gone(gone.detail)
    return _page(call, words)


def use(call: Call) -> Response:
    """Uses the link up and signs the browser in; without the code nothing happens in another browser."""
    try:
        words = _look(call)
        call.came_back(ENTER)
    except Gone as gone:
        return _gone(gone.detail)
    except FormExpired as expired:
        return _page(call, words, status=403, error=expired.detail)
    typed = None if words.here else _typed(call)
    if typed is None and not words.here:
        return _page(call, words, status=422, error=sign_in.CODE_NEEDED)
    if typed is not None and (refusal := _counted(call)):
        return _page(call, words, status=429, error=refusal.detail)
    with begin(None) as doorway:
        tried = sign_in.use_link(doorway, call.values["secret"], typed, call.caller)
    return _answer(tried) or _page(call, words, status=422, error=tried.words)


def use_code(call: Call) -> Response:
    """Signs the browser in that asked for a link, by its code. Known and unknown addresses are answered alike."""
    email, next_path = call.form.get("email", "").strip().lower()[:254], safe_next(call.form.get("next", ""))
    try:
        call.came_back(ASK)
    except FormExpired as expired:
        return sent(call, email, next_path, status=403, error=expired.detail)
    if refusal := _counted(call):
        return sent(call, email, next_path, status=429, error=refusal.detail)
    with begin(None) as doorway:
        tried = sign_in.use_code(doorway, email, _typed(call) or "", call.caller)
    return _answer(tried) or sent(call, email, next_path, status=422, error=tried.words)


def _typed(call: Call) -> str | None:
    return call.form.get("code", "").strip()[:MOST_TYPED] or None


def _counted(call: Call) -> TooMany | None:
    return kept(lambda doorway: sign_in.count_code(doorway, call.caller.ip))


def _answer(tried: Tried) -> Response | None:
    """Where the person goes; None where the form is shown again."""
    if tried.opened is not None:
        return entered(tried.opened.secret, safe_next(tried.opened.next) or facts_for(tried.opened.role).home)
    return _gone(tried.words) if tried.verdict == "gone" else None


def _look(call: Call) -> LinkWords:
    secret = call.values["secret"]
    if not SECRET.fullmatch(secret):
        raise Gone(sign_in.LINK_GONE)
    with begin(None) as doorway:
        return sign_in.look_at_link(doorway, secret, call.caller)


def _page(call: Call, words: LinkWords, *, status: int = 200, error: str = "") -> Response:
    given = {"link": words, "person": call.person(), "token": call.blank(ENTER), "error": error}
    return page("link.html", status=status, **given)


def _gone(words: str) -> Response:
    more = {"link": SIGN_IN, "link_label": "Ask for a new link"}
    return pages.error(
        410, "This link no longer works", f"{words} Ask for a new one; it takes a minute.", **more
    )


def no_get(_: Call) -> Response:
    """Whoever opens the address of the code form by hand starts again."""
    return pages.go_to(SIGN_IN)


ROUTES = [
    route("/auth/link/{secret}", get=show, post=use, who=Who.ANYBODY),
    route("/auth/code", get=no_get, post=use_code, who=Who.ANYBODY),
]
