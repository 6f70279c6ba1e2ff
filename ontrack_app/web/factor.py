"""The second step of signing in: the page that asks for a code, setting one up, and the recovery codes."""

from starlette.responses import Response

from ontrack_app.db import begin
from ontrack_app.errors import Gone, Invalid, NotFresh, Refusal, SignedOut
from ontrack_app.services import factors
from ontrack_app.services.factors import Draft, Standing
from ontrack_app.web import pages
from ontrack_app.web.areas import facts_for, sign_in_address
from ontrack_app.web.forms import form_token
from ontrack_app.web.pages import Call, Who, page, route
from ontrack_app.web.pending import CONFIRM, FACTOR, SET_UP, leading_to
from ontrack_app.web.sign_in import kept, safe_next

CODES, TURN_ON = "/auth/factor/codes", "/auth/factor/turn-on"
ACCOUNT = "/auth/account"
WRONG = "This code is not right, or was used before. A new one appears in the app every 30 seconds."
WRONG_RECOVERY = "This is none of your unused recovery codes. Each works once."
WRONG_FIRST = "This code does not belong to what was scanned. Wait for the next one, and type that."


def standing_of(call: Call) -> Standing | None:
    """Whose browser this is, whether or not the session owes something still; None for nobody."""
    if not call.caller.session_hash:
        return None
    try:
        with begin(None) as doorway:
            return factors.standing(doorway, call.caller.session_hash)
    except SignedOut:
        return None


def onward(person: Standing, path: str) -> str:
    """Where the person goes on to: the page that was wanted, or the start."""
    return safe_next(path) or facts_for(person.role).home


def show(call: Call) -> Response:
    """Asks for a code of the app, or with `?with=recovery` for a recovery code."""
    wanted = safe_next(call.query.get("next", ""))
    person = standing_of(call)
    if person is None:
        return pages.go_to(sign_in_address(wanted or "/"))
    if person.pending != "factor":
        return pages.go_to(leading_to(SET_UP, wanted) if person.pending else onward(person, wanted))
    return _ask(call, person, wanted, by_recovery=call.query.get("with") == "recovery")


def enter(call: Call) -> Response:
    """Takes the code, and lets the person in."""
    call.check_session_form()
    wanted = safe_next(call.form.get("next", ""))
    person = standing_of(call)
    if person is None or person.pending != "factor":
        return pages.go_to(leading_to(FACTOR, wanted))
    by_recovery = call.form.get("with") == "recovery"
    if refusal := kept(lambda doorway: factors.count_try(doorway, call.caller)):
        return _ask(call, person, wanted, by_recovery=by_recovery, error=refusal)
    with begin(None) as doorway:
        passed = factors.prove(doorway, call.caller, call.form.get("code", ""))
    if passed is None:
        words = Invalid(WRONG_RECOVERY if by_recovery else WRONG)
        return _ask(call, person, wanted, by_recovery=by_recovery, error=words)
    place = onward(person, wanted)
    few = passed.codes_left is not None and passed.codes_left <= factors.FEW_CODES
    response = page("codes_few.html", left=passed.codes_left, next=place) if few else pages.go_to(place)
    pages.set_session(response, passed.opened.secret)
    return response


def _ask(
    call: Call, person: Standing, wanted: str, *, by_recovery: bool, error: Refusal | None = None
) -> Response:
    return page(
        "factor.html",
        status=error.status if error else 200,
        person=person,
        next=wanted,
        by_recovery=by_recovery,
        here=leading_to(FACTOR, wanted),
        error=error.detail if error else "",
        token=form_token(call.caller.session_hash),
    )


def show_set_up(call: Call) -> Response:
    """What two-step sign-in is, and a button that begins it. Nothing happens before it is pressed."""
    wanted = call.query.get("next", "")
    person = standing_of(call)
    return _elsewhere(person, wanted) or _set_up(call, person, wanted)


def begin_set_up(call: Call) -> Response:
    """Makes a seed and shows it, as a code to scan and as letters to type."""
    call.check_session_form()
    wanted = call.form.get("next", "")
    person = standing_of(call)
    if elsewhere := _elsewhere(person, wanted):
        return elsewhere
    with begin(None) as doorway:
        draft = factors.begin(doorway, call.caller.session_hash)
    return _set_up(call, person, wanted, draft=draft)


def turn_on(call: Call) -> Response:
    """Takes the first code: from here on the factor counts, and the recovery codes are shown, this once."""
    call.check_session_form()
    wanted = call.form.get("next", "")
    person = standing_of(call)
    if person is None or person.pending == "factor":
        return _elsewhere(person, wanted) or pages.go_to(FACTOR)
    refusal = kept(lambda doorway: factors.count_try(doorway, call.caller))
    try:
        with begin(None) as doorway:
            draft = factors.draft(doorway, call.caller.session_hash)
            typed = call.form.get("code", "")
            confirmed = None if refusal else factors.confirm(doorway, call.caller, typed)
    except Gone as gone:
        return _set_up(call, person, wanted, error=gone)
    if confirmed is None:
        return _set_up(call, person, wanted, draft=draft, error=refusal or Invalid(WRONG_FIRST))
    response = _codes(confirmed.codes, onward(person, wanted) if person.pending else ACCOUNT, is_new=True)
    pages.set_session(response, confirmed.opened.secret)
    return response


def _elsewhere(person: Standing | None, wanted: str) -> Response | None:
    """Where somebody goes who cannot set a factor up now: to sign in, to give the one they have, or to confirm first."""
    path = safe_next(wanted)
    if person is None:
        return pages.go_to(sign_in_address(path or "/"))
    if person.pending == "factor":
        return pages.go_to(leading_to(FACTOR, path))
    if not person.is_fresh:
        return pages.go_to(leading_to(CONFIRM, leading_to(SET_UP, path)))
    return None


def _set_up(
    call: Call,
    person: Standing | None,
    wanted: str,
    *,
    draft: Draft | None = None,
    error: Refusal | None = None,
) -> Response:
    return page(
        "factor_set_up.html",
        status=error.status if error else 200,
        person=person,
        draft=draft,
        next=safe_next(wanted),
        error=error.detail if error else "",
        token=form_token(call.caller.session_hash),
    )


def renew_codes(call: Call) -> Response:
    """Makes ten new recovery codes in place of the old, and shows them, this once."""
    call.check_session_form()
    try:
        with begin(None) as doorway:
            codes = factors.renew_codes(doorway, call.caller)
    except NotFresh:
        return pages.go_to(leading_to(CONFIRM, ACCOUNT))
    return _codes(codes, ACCOUNT, is_new=False)


def _codes(codes: tuple[str, ...], place: str, *, is_new: bool) -> Response:
    return page("codes.html", codes=codes, next=place, is_new=is_new)


ROUTES = [
    route(FACTOR, get=show, post=enter, who=Who.SIGNING_IN),
    route(SET_UP, get=show_set_up, post=begin_set_up, who=Who.SIGNING_IN),
    route(TURN_ON, post=turn_on, who=Who.SIGNING_IN),
    route(CODES, post=renew_codes, who=Who.SIGNED_IN),
]
