"""Signing in with Google, Microsoft or another provider, and connecting such an account: a browser leaves and comes back.

The answer to the button is a page that leads on by itself, not a redirect: a browser holds a form to our own addresses
(`form-action 'self'`), redirects included. Coming back, everything must fit before a word of the answer is believed.
"""

import logging
import re
from dataclasses import replace

from starlette.responses import Response

from ontrack_app.db import begin
from ontrack_app.errors import NotFound, NotFresh, Refusal, TooMany
from ontrack_app.integrations import oidc
from ontrack_app.integrations.oidc import Flow, Identity
from ontrack_app.integrations.oidc_documents import Refused
from ontrack_app.integrations.outgoing import Unreachable
from ontrack_app.services import identities
from ontrack_app.services.identities import FLOW_MINUTES, Taken
from ontrack_app.settings import OidcProvider, Settings, settings
from ontrack_app.web import account, pages
from ontrack_app.web.account import ACCOUNT
from ontrack_app.web.areas import SIGN_IN, facts_for
from ontrack_app.web.forms import FormExpired
from ontrack_app.web.pages import Call, Who, page, route
from ontrack_app.web.pending import CONFIRM, leading_to
from ontrack_app.web.sign_in import OTHERS, entered, safe_next

log = logging.getLogger(__name__)
NAME = re.compile(r"[a-z][a-z0-9_]{0,38}")
ERROR = re.compile(r"[a-z_]{1,40}")
LONGEST_CODE = 4096
STATE = re.compile(r"[A-Za-z0-9_-]{20,100}")
STOPPED = "You stopped, or {label} did, so nothing has changed."
SILENT = "{label} gives no answer just now, so nothing has changed. Try again in a moment."
UNFIT = "What came back from {label} does not fit what was asked for, so nothing has changed. Begin again."
LATE = "This was begun in another browser, has been used, or took longer than {minutes} minutes. Begin again."
UNKNOWN = (
    "This {label} account is not connected to anybody here. Sign in by mail first; then connect it on your "
    "account page, under “Sign in with others”."
)


class Turned(Exception):
    """The answer is turned down: status and words for the person, a reason for log and trail."""

    def __init__(self, status: int, words: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.words = words
        self.reason = reason


def cookie_name(given: Settings) -> str:
    """The cookie that ties a started sign-in to its browser."""
    return "__Host-ontrack-oidc" if given.base_url.startswith("https://") else f"ontrack_oidc_{given.port}"


def redirect_uri(name: str) -> str:
    """Where the provider sends the browser back to; exactly this must be registered there."""
    return f"{settings().base_url}/auth/oidc/{name}/callback"


def start(call: Call) -> Response:
    """Sends the browser to the provider, to sign in, or (from the account page) to connect an account there."""
    provider, linking = _provider(call), call.form.get("purpose") == "link"
    if linking:
        account.member_posting(call)
    else:
        try:
            call.came_back(OTHERS)
        except FormExpired as expired:
            return _told(403, "Press the button again", expired.detail, SIGN_IN)
    _count(call, answer=False)
    session = call.caller.session_hash if linking else ""
    try:
        with begin(None) as doorway:
            going = identities.start(doorway, provider.name, safe_next(call.form.get("next", "")), session)
    except NotFresh:
        return pages.go_to(leading_to(CONFIRM, ACCOUNT))
    flow = Flow(provider, redirect_uri(provider.name), going.nonce, going.verifier, 0)
    try:
        address = oidc.address(flow, going.state)
    except (Unreachable, Refused) as failure:
        return _turned_down(call, provider, _silent(provider, failure), ACCOUNT if linking else SIGN_IN)
    response = page("oidc_leaving.html", label=provider.label, address=address)
    _set_cookie(response, going.browser, FLOW_MINUTES * 60)
    return response


def callback(call: Call) -> Response:
    """Takes the provider's answer: signs the browser in, or connects the account."""
    provider = _provider(call)
    _count(call, answer=True)
    taken = _take(call, provider)
    linking = taken.purpose == "link"
    try:
        identity = _answered(call, provider, taken)
        response = _link(call, provider, identity) if linking else _enter(call, provider, identity, taken)
    except Turned as turned:
        response = _turned_down(call, provider, turned, ACCOUNT if linking else SIGN_IN)
    response.headers["Referrer-Policy"] = "no-referrer"  # the address holds code and state
    _set_cookie(response, "", 0)
    return response


def _provider(call: Call) -> OidcProvider:
    for each in settings().oidc_providers:
        if each.name == call.values["name"]:
            return each
    raise NotFound("There is no such way to sign in here.")


def _count(call: Call, *, answer: bool) -> None:
    with begin(None) as doorway:
        try:
            (identities.count_answer if answer else identities.count_start)(doorway, call.caller.ip)
            return
        except TooMany as refusal:
            too_many = refusal
    raise too_many


def _take(call: Call, provider: OidcProvider) -> Taken:
    state, browser = call.query.get("state", ""), call.cookies.get(cookie_name(settings()), "")
    if not STATE.fullmatch(state):
        return Taken("no state")
    with begin(None) as doorway:
        return identities.take(doorway, provider.name, state, browser, call.caller)


def _answered(call: Call, provider: OidcProvider, taken: Taken) -> Identity:
    """Who came back, everything checked.

    Raises:
        Turned: something does not fit, or the provider does not answer.
    """
    if taken.wrong or taken.started is None:
        raise Turned(410, LATE.format(minutes=FLOW_MINUTES), taken.wrong)
    flow = Flow(provider, redirect_uri(provider.name), taken.nonce, taken.verifier, taken.started.timestamp())
    try:
        oidc.check_sender(provider, call.query)
        if said := call.query.get("error", ""):
            reason = said if ERROR.fullmatch(said) else "error"
            raise Turned(403, STOPPED.format(label=provider.label), reason)
        code = call.query.get("code", "")
        if not 0 < len(code) <= LONGEST_CODE or not code.isascii():
            raise Refused("no code")
        return oidc.identity(flow, code)
    except Unreachable as failure:
        raise _silent(provider, failure) from None
    except Refused as failure:
        raise Turned(403, UNFIT.format(label=provider.label), str(failure)) from None


def _silent(provider: OidcProvider, failure: Exception) -> Turned:
    return Turned(502, SILENT.format(label=provider.label), f"no answer ({failure})")


def _enter(call: Call, provider: OidcProvider, identity: Identity, taken: Taken) -> Response:
    with begin(None) as doorway:
        opened = identities.enter(doorway, identity, call.caller)
    if opened is None:
        raise Turned(403, UNKNOWN.format(label=provider.label), "connected to nobody")
    return entered(opened.secret, safe_next(taken.next) or facts_for(opened.role).home)


def _link(call: Call, provider: OidcProvider, identity: Identity) -> Response:
    try:
        with begin(None) as doorway:
            identities.connect(doorway, identity, provider.name, provider.label, call.caller)
    except Refusal as refusal:
        raise Turned(refusal.status, refusal.detail, "cannot be connected") from None
    return account.done("connected")


def _turned_down(call: Call, provider: OidcProvider, turned: Turned, back: str) -> Response:
    """A page in words; the reason goes to log and trail, with nothing in it that the browser or provider sent."""
    log.warning("signing in with %s was turned down: %s", provider.name, turned.reason)
    with begin(None) as doorway:
        who = call.caller if back == ACCOUNT else replace(call.caller, session_hash="")
        identities.note_refusal(doorway, provider.name, turned.reason, who)
    title = "Nothing was connected" if back == ACCOUNT else "Signing in did not work"
    return _told(turned.status, title, turned.words, back)


def _told(status: int, title: str, words: str, back: str) -> Response:
    label = "Back to your account" if back == ACCOUNT else "Back to the sign-in page"
    return pages.error(status, title, words, link=back, link_label=label)


def _set_cookie(response: Response, value: str, seconds: int) -> None:
    given = settings()
    secure = given.base_url.startswith("https://")
    response.set_cookie(
        cookie_name(given), value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=secure
    )


ROUTES = [
    route("/auth/oidc/{name}", post=start, who=Who.ANYBODY),
    route("/auth/oidc/{name}/callback", get=callback, who=Who.ANYBODY),
]
