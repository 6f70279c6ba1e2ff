"""Development only: one-click sign-in, and the mails that would have been sent. Production does not even register these."""

import re
from itertools import groupby
from typing import Any

from starlette.responses import JSONResponse, Response

from models.access import Role
from ontrack_app.db import begin
from ontrack_app.errors import NotFound
from ontrack_app.services import sign_in
from ontrack_app.services.brands import initials
from ontrack_app.web.areas import facts_for
from ontrack_app.web.pages import Call, Who, page, route
from ontrack_app.web.sign_in import entered, safe_next

MOST_MAILS = 200
LINK = re.compile(r"https?://[^\s<>\"]+")


def people(_: Call) -> Response:
    """Everybody who can be signed in as, by company."""
    with begin(None) as doorway:
        rows = doorway.rows("SELECT email, name, role, slug, tenant_name FROM auth.people()")
    found = [
        {"name": row.name, "email": row.email, "role": Role(row.role).label, "mark": initials(row.name), "slug": row.slug, "tenant": row.tenant_name}
        for row in rows
    ]  # fmt: skip
    tenants = [(name, list(group)) for name, group in groupby(found, key=lambda each: each["tenant"])]
    return page("people.html", tenants=tenants)


def sign_in_as(call: Call) -> Response:
    """Signs in as anybody, for work on this machine."""
    with begin(None) as doorway:
        email, tenant = call.values["email"], call.query.get("tenant")
        opened = sign_in.open_session(doorway, email, tenant or None, call.caller)
    if opened is None:
        raise NotFound(f"Nobody here has the address {email}, or not in that company.")
    return entered(opened.secret, safe_next(call.query.get("next", "")) or facts_for(opened.role).home)


def outbox(_: Call) -> Response:
    """The mails, newest first, with their links."""
    return page("outbox.html", mails=mails())


def outbox_json(_: Call) -> Response:
    """The same for scripts."""
    told = ("to", "subject", "text", "html", "links", "at")
    return JSONResponse(
        [{name: mail[name] for name in told} for mail in mails()], headers={"Cache-Control": "no-store"}
    )


def mails() -> list[dict[str, Any]]:
    """The newest mails as both pages show them."""
    with begin(None) as doorway:
        rows = doorway.rows("SELECT * FROM auth.read_mails(:most)", most=MOST_MAILS)
    return [
        {
            "to": row.recipient,
            "subject": row.subject,
            "text": row.body_text,
            "html": row.body_html,
            "links": list(dict.fromkeys(LINK.findall(row.body_text))),
            "at": row.created_at.isoformat().replace("+00:00", "Z"),
            "when": f"{row.created_at:%H:%M:%S} UTC",
            "pieces": pieces(row.body_text),
            "state": "Sent" if row.sent_at else row.error or "Waiting",
        }
        for row in rows
    ]


def pieces(text: str) -> list[tuple[str, bool]]:
    """The text cut where links are: (words, whether they are a link)."""
    found, place = [], 0
    for match in LINK.finditer(text):
        found += [(text[place : match.start()], False), (match.group(), True)]
        place = match.end()
    return [*found, (text[place:], False)]


ROUTES = [
    route("/dev/sign-in", get=people, who=Who.DEVELOPMENT),
    route("/dev/sign-in/{email}", get=sign_in_as, who=Who.DEVELOPMENT),
    route("/dev/outbox", get=outbox, who=Who.DEVELOPMENT),
    route("/dev/outbox.json", get=outbox_json, who=Who.DEVELOPMENT),
]
