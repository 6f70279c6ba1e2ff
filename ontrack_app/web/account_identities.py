"""The section “Sign in with others” of a person's own page: what is connected, since when, and the buttons for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from ontrack_app.actor import Actor
from ontrack_app.db import begin
from ontrack_app.errors import NotFresh
from ontrack_app.services import identities
from ontrack_app.services.identities import Connected
from ontrack_app.services.mails import long_date
from ontrack_app.settings import settings
from ontrack_app.web import account, pages
from ontrack_app.web.account import ACCOUNT, NOTICES, SECTIONS, Section
from ontrack_app.web.pages import Call, Who, route
from ontrack_app.web.pending import CONFIRM, leading_to


@dataclass(frozen=True, slots=True)
class Way:
    """One provider on the page. `offered`: it can be connected; one that is not configured any more can only be taken off."""

    name: str
    label: str
    offered: bool
    is_connected: bool = False
    email: str = ""
    since: str = ""
    used: str = ""


def values(call: Call, actor: Actor) -> Mapping[str, Any]:
    """Every provider that is offered or connected."""
    with begin(None) as doorway:
        found = {each.provider: each for each in identities.connected(doorway, call.caller.session_hash)}
    offered = {each.name: each.label for each in settings().oidc_providers}
    labels = {name: name.replace("_", " ").title() for name in found} | offered
    return {
        "ways": [
            _way(name, labels[name], name in offered, found.get(name), actor.tenant.zone)
            for name in sorted(labels)
        ]
    }


def disconnect(call: Call) -> Response:
    """Takes the account at a provider from the person who is signed in."""
    account.member_posting(call)
    try:
        with begin(None) as doorway:
            identities.disconnect(doorway, call.values["name"], call.caller)
    except NotFresh:
        return pages.go_to(leading_to(CONFIRM, ACCOUNT))
    return account.done("disconnected")


def _way(name: str, label: str, offered: bool, found: Connected | None, zone: ZoneInfo) -> Way:
    if found is None:
        return Way(name, label, offered)
    used = _day(found.used_at, zone) if found.used_at else ""
    return Way(name, label, offered, True, found.email, _day(found.linked_at, zone), used)


def _day(at: datetime, zone: ZoneInfo) -> str:
    return long_date(at.astimezone(zone).date())


NOTICES["connected"] = "Connected. You can sign in with it from now on."
NOTICES["disconnected"] = "Disconnected. Signing in by mail works as before."
SECTIONS.append(Section(place=30, template="account/identities.html", values=values))
ROUTES = [route("/auth/account/identities/{name}/disconnect", post=disconnect, who=Who.SIGNED_IN)]
