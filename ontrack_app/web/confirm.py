"""The only home of the page that asks somebody who is signed in to prove again who they are: /auth/confirm."""

from starlette.responses import Response

from ontrack_app.db import begin
from ontrack_app.errors import Invalid, Refusal
from ontrack_app.services import factors, proofs
from ontrack_app.services.factors import Standing
from ontrack_app.services.sign_in import Opened
from ontrack_app.settings import settings
from ontrack_app.web import pages
from ontrack_app.web.areas import facts_for, is_safe_next, sign_in_address
from ontrack_app.web.factor import WRONG, WRONG_RECOVERY, standing_of
from ontrack_app.web.forms import form_token
from ontrack_app.web.pages import Call, Who, page, route
from ontrack_app.web.pending import CONFIRM, FACTOR, SET_UP, leading_to
from ontrack_app.web.sign_in import kept, safe_next

MAIL = "/auth/confirm/mail"
ASK_FOR_PROOF = frozenset({SET_UP, "/auth/keys/new", "/auth/audit/export"})  # pages of ours that lead here
WRONG_MAILED = "This is not the code of the newest mail, or it was used or tried too often. Ask for another."
NO_MAIL = "Mail is not set up on this server, so no code can reach you. Tell whoever runs it."


def back(path: str) -> str:
    """The page that the person came from and goes back to, where it is one of ours; else empty."""
    asks = path.partition("?")[0] in ASK_FOR_PROOF and is_safe_next(path)
    return path if asks else safe_next(path)


def show(call: Call) -> Response:
    """Asks for a code of the app, or offers to mail one."""
    wanted = back(call.query.get("next", ""))
    person = standing_of(call)
    if elsewhere := _elsewhere(person, wanted):
        return elsewhere
    return _ask(call, person, wanted, by_recovery=call.query.get("with") == "recovery")


def mail(call: Call) -> Response:
    """Mails a code to the person's own address."""
    call.check_session_form()
    wanted = back(call.form.get("next", ""))
    person = standing_of(call)
    if elsewhere := _elsewhere(person, wanted):
        return elsewhere
    if refusal := kept(lambda doorway: proofs.count_mail(doorway, call.caller.session_hash)):
        return _ask(call, person, wanted, error=refusal)
    with begin(None) as doorway:
        proofs.mail_code(doorway, call.caller.session_hash)
    return _ask(call, person, wanted, mailed=True)


def enter(call: Call) -> Response:
    """Takes the code; the session goes on under another secret, and leads back to the page that asked."""
    call.check_session_form()
    wanted = back(call.form.get("next", ""))
    person = standing_of(call)
    if person is None or person.pending == "factor":
        return _elsewhere(person, wanted) or pages.go_to(CONFIRM)
    more = {"by_recovery": call.form.get("with") == "recovery", "mailed": not person.has_factor}
    if refusal := kept(lambda doorway: factors.count_try(doorway, call.caller)):
        return _ask(call, person, wanted, error=refusal, **more)
    opened = _opened(call, person)
    if opened is None:
        words = WRONG_RECOVERY if more["by_recovery"] else WRONG
        return _ask(call, person, wanted, error=Invalid(words if person.has_factor else WRONG_MAILED), **more)
    response = pages.go_to(wanted or facts_for(person.role).home)
    pages.set_session(response, opened.secret)
    return response


def _opened(call: Call, person: Standing) -> Opened | None:
    with begin(None) as doorway:
        if not person.has_factor:
            return proofs.prove(doorway, call.caller, call.form.get("code", ""))
        passed = factors.prove(doorway, call.caller, call.form.get("code", ""))
    return passed.opened if passed else None


def _elsewhere(person: Standing | None, wanted: str) -> Response | None:
    """Where somebody goes who is not in yet: to sign in, or to the second step of it."""
    if person is None:
        return pages.go_to(sign_in_address(safe_next(wanted) or "/"))
    return pages.go_to(leading_to(FACTOR, safe_next(wanted))) if person.pending == "factor" else None


def _ask(
    call: Call, person: Standing | None, wanted: str, *, error: Refusal | None = None, **shown: bool
) -> Response:
    """The page; `shown` says whether it is by a recovery code, and whether a code was mailed."""
    return page(
        "confirm.html",
        status=error.status if error else 200,
        person=person,
        next=wanted,
        here=leading_to(CONFIRM, wanted),
        by_recovery=shown.get("by_recovery", False),
        mailed=shown.get("mailed", False),
        no_mail="" if settings().smtp_url.get_secret_value() else NO_MAIL,
        error=error.detail if error else "",
        token=form_token(call.caller.session_hash),
    )


ROUTES = [
    route(CONFIRM, get=show, post=enter, who=Who.SIGNING_IN),
    route(MAIL, post=mail, who=Who.SIGNING_IN),
]
