"""Where a link to one document lands, `/portal/link/{secret}`: says what it opens, and opens it when the button is pressed."""

import re
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from models.estimates import Estimate
from models.invoices import Invoice
from ontrack_app.actor import Actor
from ontrack_app.db import SystemCredential, begin
from ontrack_app.errors import Gone
from ontrack_app.services import sign_in
from ontrack_app.services.brands import Face, face
from ontrack_app.sessions import hash_secret, new_secret
from ontrack_app.web import pages
from ontrack_app.web.forms import FormExpired
from ontrack_app.web.pages import Call, Who, page, route
from ontrack_app.work import Work

OPEN = "document"
DOCUMENTS: dict[str, tuple[type[Estimate] | type[Invoice], str]] = {
    "estimates": (Estimate, "estimate"),
    "invoices": (Invoice, "invoice"),
}
SECRET = re.compile(r"[A-Za-z0-9_-]{20,200}")
GONE = "This link no longer works"
UNKNOWN = "The link is not complete, or its time is over. Open it from the newest message, or ask the company for a new one."


@dataclass(frozen=True, slots=True)
class Landing:
    """What the page says of a link: whose document it is, and which."""

    noun: str
    row_id: Any
    person: str
    kind: str
    number: str
    title: str
    face: Face

    @property
    def path(self) -> str:
        """Where the document is."""
        return f"/portal/{self.noun}/{self.row_id}"


class GoneHere(Gone):
    """A link that was good once; its company can give a new one."""

    def __init__(self, face: Face, kind: str) -> None:
        super().__init__(
            f"{face.name} has closed it, or its time is over. Ask them to send the {kind} again."
        )
        self.face = face


def show(call: Call) -> Response:
    """The page with the button; opening it opens nothing."""
    try:
        landing = _look(call)
    except Gone as gone:
        return _gone(gone)
    return _page(call, landing)


def enter(call: Call) -> Response:
    """Opens the document, and nothing else, for this browser."""
    try:
        landing = _look(call)
        call.came_back(OPEN)
        secret = new_secret()
        with begin(None) as doorway:
            found = doorway.row(
                "SELECT noun, row_id FROM auth.open_document(:link, :session, :ip, :agent)",
                link=hash_secret(call.values["secret"]),
                session=hash_secret(secret),
                ip=call.caller.ip,
                agent=call.caller.user_agent,
            )
            if found is None or found.noun is None:
                raise Gone(UNKNOWN)
            sign_in.sign_out(doorway, call.caller.session_hash)
    except Gone as gone:
        return _gone(gone)
    except FormExpired as expired:
        return _page(call, landing, status=403, error=expired.detail)
    response = pages.go_to(landing.path)
    pages.set_session(response, secret, days=1)
    return response


def _look(call: Call) -> Landing:
    """What the link opens.

    Raises:
        Gone: nothing (any more).
    """
    secret = call.values["secret"]
    if not SECRET.fullmatch(secret):
        raise Gone(UNKNOWN)
    with begin(None) as doorway:
        found = doorway.row("SELECT * FROM auth.peek_document(:hash)", hash=hash_secret(secret))
        if found is None:
            raise Gone(UNKNOWN)
        tenant_id = doorway.value("SELECT auth.tenant_of(:slug)", slug=found.slug)
    if tenant_id is None:
        raise Gone(UNKNOWN)
    with begin(SystemCredential(tenant_id, name="document link", only=frozenset())) as work:
        return _landing(work, found)


def _landing(work: Work, found: Any) -> Landing:
    model, kind = DOCUMENTS[found.noun]
    who = face(work)
    if not found.live:
        raise GoneHere(who, kind)
    document = work.get(model, found.row_id)
    return Landing(
        found.noun, found.row_id, found.person_name, kind, document.number or "", document.title, who
    )


def _page(call: Call, landing: Landing, *, status: int = 200, error: str = "") -> Response:
    replaced = _replaced(call.person(), landing)
    values = {"landing": landing, "replaced": replaced, "error": error, "token": call.blank(OPEN)}
    return page("document.html", status=status, face=landing.face, **values)


def _replaced(person: Actor | None, landing: Landing) -> str:
    """Who would be signed out by the button; empty for nobody, or where the same document is open already."""
    if person is None or person.document_id == landing.row_id:
        return ""
    return f"{person.name or 'Somebody'} ({person.tenant.name})"


def _gone(gone: Gone) -> Response:
    face = gone.face if isinstance(gone, GoneHere) else None
    return page("document_gone.html", status=410, title=GONE, detail=gone.detail, face=face)


ROUTES = [route("/portal/link/{secret}", get=show, post=enter, who=Who.ANYBODY)]
