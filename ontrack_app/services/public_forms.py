"""The public request form of a tenant: what a stranger may send in, checked in words, and the lead that it becomes."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import text

from models.access import Permission
from models.tenants import Tenant
from ontrack_app.errors import FieldError, Invalid, NotFound, TooMany
from ontrack_app.schemas.common import Address
from ontrack_app.schemas.leads import LeadBody
from ontrack_app.services import leads
from ontrack_app.services.brands import Face, of_tenant
from ontrack_app.services.sign_in import Doorway
from ontrack_app.work import Work

ACTOR = "public form"
RIGHTS = frozenset({Permission.LEADS_WRITE})
PHOTO_RIGHTS = frozenset({Permission.FILES_WRITE, Permission.LEADS_READ})
MOST_PHOTOS = 5
SOURCE = "Website"
HIT = text("SELECT auth.hit(:bucket, :seconds, :most)")
HOUR, DAY = 3600, 24 * 3600
MOST_PER_IP, MOST_PER_TENANT = 30, 300
QUICK_SECONDS, MOST_QUICK = 3, 10
FIELDS = ("need", "urgency", "name", "phone", "email", "street", "city", "region", "postal_code")
URGENCIES = (("high", "Urgent"), ("normal", "This week"), ("low", "No rush"))
REGION_WORDS = {"US": "State", "CA": "Province"}
LIMITS = {
    "need": 4000,
    "name": 200,
    "phone": 40,
    "email": 254,
    "street": 200,
    "city": 100,
    "region": 80,
    "postal_code": 20,
}


@dataclass(frozen=True, slots=True)
class FormFacts:
    """What the form's page shows of its tenant."""

    face: Face
    region: str
    country: str

    @property
    def region_word(self) -> str:
        """What a part of this country is called."""
        return REGION_WORDS.get(self.country, "Region")


def tenant_of(doorway: Doorway, slug: str) -> UUID:
    """The tenant whose form this is.

    Raises:
        NotFound: there is none of that name.
    """
    found: UUID | None = doorway.value("SELECT auth.tenant_of(:slug)", slug=slug)
    if found is None:
        raise NotFound("There is no form at this address. Ask the company for the right one.")
    return found


def count_try(doorway: Doorway, slug: str, ip: str, *, seconds_on_screen: float) -> None:
    """Counts one request; one that came back faster than a person types counts against a much lower limit.
    Call it in a transaction that is kept whatever follows.

    Raises:
        TooMany: too many from that network, or for that tenant.
    """
    buckets = [(f"form:{slug}:{ip}", MOST_PER_IP), (f"form:{slug}", MOST_PER_TENANT)]
    if seconds_on_screen < QUICK_SECONDS:
        buckets.append((f"form-quick:{slug}:{ip}", MOST_QUICK))
    sql = "SELECT auth.hit(:bucket, :seconds, :most)"
    kept = [doorway.value(sql, bucket=bucket, seconds=HOUR, most=most) for bucket, most in buckets]
    if not all(kept):
        raise TooMany("Too many requests came from here. Try again in an hour, or call.")


def facts(work: Work) -> FormFacts:
    """What the form's page shows of its tenant."""
    tenant = work.find_tenant(Tenant)
    return FormFacts(of_tenant(tenant), tenant.region, tenant.country)


def request(work: Work, body: LeadBody, mark: str) -> UUID | None:
    """Takes a checked request in as a lead; its id. The same one sent twice from the same page (`mark`) is one lead: then
    None."""
    digest = hashlib.sha256(f"{mark}\n{body.model_dump_json()}".encode()).hexdigest()
    if work.session.execute(HIT, {"bucket": f"form-once:{digest}", "seconds": DAY, "most": 1}).scalar():
        return leads.create(work, body).id
    return None


def checked(typed: Mapping[str, str], country: str) -> LeadBody:
    """The lead that was typed.

    Raises:
        Invalid: with words for every field that has to be mended.
    """
    given = {name: typed.get(name, "").strip() for name in FIELDS}
    given["urgency"] = given["urgency"] or "normal"
    errors = _missing(given) + _too_long(given) + _phone(given["phone"], country)
    try:
        place = Address(
            country=country, **{part: given.pop(part) for part in ("street", "city", "region", "postal_code")}
        )
        body = LeadBody.model_validate({**given, "source": SOURCE, "address": place})
    except ValidationError as refused:
        known = {error.field for error in errors}
        found = [str(item["loc"][-1]) for item in refused.errors()]
        errors += [FieldError(name, _words(name)) for name in found if name not in known]
    if errors:
        raise Invalid("Some answers need a second look.", errors=errors)
    return body


def _missing(given: Mapping[str, str]) -> list[FieldError]:
    errors = []
    if not given["need"]:
        errors.append(FieldError("need", "Say in a few words what is wrong or what you need."))
    if not given["name"]:
        errors.append(FieldError("name", "Type your name, so that we know whom to ask for."))
    if not given["phone"] and not given["email"]:
        errors.append(FieldError("phone", "Type a phone number or an e-mail address, so that we can answer."))
    return errors


def _too_long(given: Mapping[str, str]) -> list[FieldError]:
    over = [name for name, most in LIMITS.items() if len(given[name]) > most]
    return [FieldError(name, f"Use at most {LIMITS[name]:,} characters.") for name in over]


def _phone(phone: str, country: str) -> list[FieldError]:
    """A number that somebody can call: ten digits at home, seven or more from abroad."""
    if not phone:
        return []
    digits = re.sub(r"\D", "", phone)
    if country not in REGION_WORDS or (phone.startswith("+") and not phone.startswith("+1")):
        return [] if len(digits) >= 7 else [FieldError("phone", "Type the whole number, with the area code.")]
    short = 10 - len(digits.removeprefix("1") if len(digits) > 10 else digits)
    if short <= 0:
        return []
    count = "One digit is" if short == 1 else f"{short} digits are"
    return [FieldError("phone", f"{count} missing. Example: 630 555-0142")]


def _words(name: str) -> str:
    if name == "email":
        return "Type the whole address, such as name@company.com."
    return "This has a sign that cannot be used here. Type it again."
