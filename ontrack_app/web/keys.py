"""Making an API key: a page of its own, because the secret is shown once, in the answer to the form, and kept nowhere."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from starlette.responses import Response

from models.access import Permission
from ontrack_app.errors import FieldError, Invalid, NotFresh, SignedOut
from ontrack_app.schemas.screens.keys import KeyChoices, KeyMade
from ontrack_app.services import keys
from ontrack_app.services.screens import keys as screen
from ontrack_app.web import pages
from ontrack_app.web.areas import sign_in_address
from ontrack_app.web.audit import runner
from ontrack_app.web.forms import form_token
from ontrack_app.web.pages import Call, Who, by_field, page, route
from ontrack_app.web.pending import CONFIRM, leading_to
from ontrack_app.work import Work

NEW, KEYS = "/auth/keys/new", "/settings/keys"
RIGHT = "right-"  # a ticked right is a field of its own: right-leads:read


def show(call: Call) -> Response:
    """The form; first the person it is for, then that person's rights. Who has not proven lately who they are does that first."""
    member = call.query.get("member", "")
    try:
        choices = runner(call)(screen.choices, member)
    except SignedOut:
        return pages.go_to(sign_in_address(KEYS))
    except NotFresh:
        return pages.go_to(leading_to(CONFIRM, NEW))
    return _form(call, choices, {}, status=200)


def make(call: Call) -> Response:
    """Makes the key and shows its secret, this once; nothing keeps the answer."""
    call.check_session_form()
    run, member = runner(call), call.form.get("member", "")
    try:
        secret, made = run(_make, call.form)
    except NotFresh:
        return pages.go_to(leading_to(CONFIRM, NEW))
    except Invalid as refusal:
        return _form(call, run(screen.choices, member), by_field(refusal.errors), status=422)
    return page("key_made.html", secret=secret, made=made, back=KEYS, again=NEW)


def _make(work: Work, form: Mapping[str, str]) -> tuple[str, KeyMade]:
    work.actor.require(Permission.KEYS_MANAGE)
    member_id, days = form.get("member", ""), form.get("days", "")
    scopes = [name.removeprefix(RIGHT) for name in form if name.startswith(RIGHT)]
    try:
        owner = UUID(member_id)
    except ValueError:
        words = "Choose whose rights the key has."
        raise Invalid(words, errors=[FieldError("member_id", words)]) from None
    span = int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0
    secret = keys.make(work, owner, scopes, span, form.get("name", ""))
    return secret, screen.made(work, owner, scopes, span, form.get("name", ""))


def _form(call: Call, choices: KeyChoices, errors: Mapping[str, str], *, status: int) -> Response:
    typed: dict[str, Any] = {"name": call.form.get("name", ""), "days": call.form.get("days", "90")}
    typed["rights"] = {name.removeprefix(RIGHT) for name in call.form if name.startswith(RIGHT)}
    token = form_token(call.caller.session_hash)
    errors = {"name": "", "days": "", "scopes": "", **errors}
    return page(
        "key_new.html",
        status=status,
        failed=status != 200,
        choices=choices,
        errors=errors,
        typed=typed,
        token=token,
        back=KEYS,
    )


ROUTES = [route(NEW, get=show, post=make, who=Who.SIGNED_IN)]
