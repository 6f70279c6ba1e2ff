"""Taking the audit trail out by browser: a page that says what will be in the file, and the button that sends it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response, StreamingResponse

from ontrack_app.db import SessionCredential, begin
from ontrack_app.errors import Invalid, NotFresh, SignedOut
from ontrack_app.schemas.screens.common import ListQuery
from ontrack_app.services import audit_files
from ontrack_app.web import pages
from ontrack_app.web.areas import sign_in_address
from ontrack_app.web.forms import form_token
from ontrack_app.web.pages import Call, Who, page, route
from ontrack_app.web.pending import CONFIRM, leading_to

EXPORT = "/auth/audit/export"
TRAIL = "/settings/audit"


def show(call: Call) -> Response:
    """What the file will hold, and the button; who has not proven lately who they are does that first."""
    here = f"{EXPORT}?{urlencode(call.query)}" if call.query else EXPORT
    query = audit_files.query_from(call.query)
    try:
        filters = runner(call)(audit_files.may_export, query)
    except SignedOut:
        return pages.go_to(sign_in_address(TRAIL))
    except NotFresh:
        return pages.go_to(leading_to(CONFIRM, here))
    token = form_token(call.caller.session_hash)
    return page(
        "audit_export.html",
        filters=filters,
        sent=_sent(query),
        what=audit_files.file_name(query),
        token=token,
        back=TRAIL,
    )


def send(call: Call) -> Response:
    """The file, as an attachment."""
    call.check_session_form()
    query = audit_files.query_from(call.form)
    query.filters.pop("form_token", None)
    try:
        pieces = audit_files.export(runner(call), query)
    except NotFresh:
        return pages.go_to(leading_to(CONFIRM, f"{EXPORT}?{urlencode(_sent(query))}"))
    except Invalid as refusal:
        return pages.refused(refusal)
    name = audit_files.file_name(query)
    headers = pages.PERSONAL | {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(pieces, media_type="text/csv", headers=headers)


def runner(call: Call) -> Callable[..., Any]:
    """How services run here: as the person of this browser, each in a transaction of its own."""
    who = SessionCredential(call.caller.session_hash, ip=call.caller.ip, user_agent=call.caller.user_agent)

    def run(service: Callable[..., Any], *given: Any) -> Any:
        with begin(who) as work:
            return service(work, *given)

    return run


def _sent(query: ListQuery) -> dict[str, str]:
    """The parameters of the same part of the trail."""
    given = {"tab": query.tab, "q": query.q, **query.filters}
    return {name: value for name, value in given.items() if value}


ROUTES = [route(EXPORT, get=show, post=send, who=Who.SIGNED_IN)]
