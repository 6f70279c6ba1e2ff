"""The public request form of a tenant, `/f/{slug}`: anybody may open it, strangers and their programs too."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from starlette.responses import Response

from models.ids import new_id
from ontrack_app.db import SystemCredential, begin
from ontrack_app.errors import FieldError, Invalid, Refusal, TooMany
from ontrack_app.services import public_forms
from ontrack_app.services.public_forms import FIELDS, FormFacts
from ontrack_app.web import pages
from ontrack_app.web.forms import Form, FormExpired
from ontrack_app.web.pages import Call, Who, page, route
from ontrack_app.web.taking_files import take_all

TRAP = "website"
MOST_PARTS = 20  # more are not even read; a few too many are told in words


def show(call: Call) -> Response:
    """The empty form."""
    credential = _credential(call)
    with begin(credential) as work:
        facts = public_forms.facts(work)
    return _form(call, facts, {"region": facts.region, "urgency": "normal"})


def send(call: Call) -> Response:
    """Takes the request in, or shows the form again with what was typed and what to mend."""
    credential = _credential(call)
    with begin(credential) as work:
        facts = public_forms.facts(work)
    try:
        form = call.came_back(_purpose(call))
        if not call.form.get(TRAP):
            body = public_forms.checked(call.form, facts.country)
            _count(call, form)
            _check_photos(call)
            with begin(credential) as work:
                lead_id = public_forms.request(work, body, form.mark)
            if lead_id is not None and (trouble := _keep_photos(call, credential, lead_id)):
                return page("thanks.html", face=facts.face, slug=call.values["slug"], trouble=trouble)
    except FormExpired as expired:
        return _form(call, facts, call.form, refusal=expired)
    except (Invalid, TooMany) as refusal:
        return _form(call, facts, call.form, refusal=refusal, token=call.form["form_token"])
    return pages.go_to(f"/f/{call.values['slug']}/thanks")


def thanks(call: Call) -> Response:
    """What happens next."""
    with begin(_credential(call)) as work:
        facts = public_forms.facts(work)
    return page("thanks.html", face=facts.face, slug=call.values["slug"], trouble=[])


def _check_photos(call: Call) -> None:
    if len(call.files) > public_forms.MOST_PHOTOS:
        words = f"Choose at most {public_forms.MOST_PHOTOS} photos."
        raise Invalid(words, errors=[FieldError("photos", words)])


def _keep_photos(call: Call, credential: SystemCredential, lead_id: UUID) -> list[str]:
    """Hangs the photos on the request, which is in whatever becomes of them; what was not taken, in words."""
    acting = replace(credential, only=public_forms.PHOTO_RIGHTS)

    def run(service: Any, *given: Any) -> Any:
        with begin(acting) as work:
            return service(work, *given)

    about = {"noun": "leads", "row_id": lead_id, "kind": "photo"}
    return take_all(run, call.files, [new_id() for _ in call.files], about)


def _credential(call: Call) -> SystemCredential:
    with begin(None) as doorway:
        tenant_id = public_forms.tenant_of(doorway, call.values["slug"])
    who = {"ip": call.caller.ip, "user_agent": call.caller.user_agent}
    return SystemCredential(tenant_id, name=public_forms.ACTOR, only=public_forms.RIGHTS, **who)


def _count(call: Call, form: Form) -> None:
    """Counts in a transaction of its own, so that the count stays whatever follows."""
    refusal: TooMany | None = None
    with begin(None) as doorway:
        try:
            public_forms.count_try(doorway, call.values["slug"], call.caller.ip, seconds_on_screen=form.age)
        except TooMany as too_many:
            refusal = too_many
    if refusal:
        raise refusal


def _purpose(call: Call) -> str:
    return f"request.{call.values['slug']}"


def _form(
    call: Call, facts: FormFacts, typed: Mapping[str, str], *, refusal: Refusal | None = None, token: str = ""
) -> Response:
    errors = pages.by_field(refusal.errors) if refusal else {}
    return page(
        "request.html",
        status=refusal.status if refusal else 200,
        face=facts.face,
        slug=call.values["slug"],
        typed={name: typed.get(name, "") for name in FIELDS},
        errors={name: errors.get(name, "") for name in (*FIELDS, "photos")},
        most_photos=public_forms.MOST_PHOTOS,
        problem=refusal.detail if refusal else "",
        urgencies=public_forms.URGENCIES,
        limits=public_forms.LIMITS,
        region_word=facts.region_word,
        token=token or call.blank(_purpose(call)),
        trap=TRAP,
    )


ROUTES = [
    route("/f/{slug}", get=show, post=send, who=Who.ANYBODY, most_files=MOST_PARTS),
    route("/f/{slug}/thanks", get=thanks, who=Who.ANYBODY),
]
