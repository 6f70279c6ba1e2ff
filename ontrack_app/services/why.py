"""The only home of "why can, or can't, this person do that": the answer in words, from the same sources that decide it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select, text
from sqlmodel import col

from models.access import GRANTS, LOCKED, OFFICE_ROLES, Permission, Role
from models.audit_entries import AuditEntry
from models.base import NounRow
from models.clients import Client
from models.contacts import Contact
from models.estimates import Estimate
from models.invoices import Invoice
from models.jobs import Job
from models.leads import Lead
from models.members import Member
from models.payments import Payment
from models.price_items import PriceItem
from models.properties import Property
from models.tax_codes import TaxCode
from models.visits import Visit
from ontrack_app.actor import RIGHT_WORDS
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.rights import WhyCard, WhyQuery
from ontrack_app.services import rights
from ontrack_app.work import Work

NOUNS: dict[str, type[NounRow]] = {
    "clients": Client, "contacts": Contact, "estimates": Estimate, "invoices": Invoice, "jobs": Job, "leads": Lead,
    "members": Member, "payments": Payment, "price_items": PriceItem, "properties": Property, "tax_codes": TaxCode,
    "visits": Visit,
}  # fmt: skip
SCOPES = {Role.CREW: "member", Role.PROPERTY_MANAGER: "clients", Role.CLIENT: "clients"}
ROW = re.compile(
    r"/([a-z-]+)/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/?$", re.IGNORECASE
)
NARROW = text(
    "SELECT set_config('app.scope', :scope, true), set_config('app.member_id', :member, true), "
    "set_config('app.client_ids', :clients, true)"
)
WORDS = {
    "member_id": "Choose one.",
    "permission": "Choose one.",
    "address": "An address has 500 characters at most.",
}
KEYS = text("SELECT scopes FROM auth.member_keys(CAST(:person AS uuid))")


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the answer; where it does not hold, the whole answer is no."""

    words: str
    holds: bool = True


def why(work: Work, asked: WhyQuery) -> WhyCard:
    """Whether a member can do something (to one row, where its address is given), and why.

    Raises:
        Forbidden: the actor may not manage members. NotFound: there is no such member. Invalid: no such action, or an
        address that is none of a row that the action is about.
    """
    work.actor.require(Permission.MEMBERS_MANAGE)
    member = work.get(Member, asked.member_id)
    permission = _permission(asked.permission)
    role = Role(member.role)
    reasons = [*_let_in(work, member), *_by_role(work, role, permission)]
    if asked.address.strip():
        reasons.append(_by_row(work, member, permission, asked.address.strip()))
    elif role not in OFFICE_ROLES:
        reasons.append(
            Reason(f"Of which records: {rights.REACHES[role][0].lower()}{rights.REACHES[role][1:]}.")
        )
    can = all(reason.holds for reason in reasons)
    keys = _keys(work, member, permission) if can else []
    return WhyCard(
        can=can,
        answer=f"{'Yes' if can else 'No'}. {member.name} {'can' if can else 'cannot'} {act(permission)}.",
        reasons=[*(reason.words for reason in reasons), *keys],
    )


def answer(work: Work, given: Mapping[str, str]) -> WhyCard:
    """The same from texts (`member_id`, `permission`, `address`), as a form or an address brings them.

    Raises:
        Forbidden, NotFound, Invalid: as `why`; Invalid also names a text that is missing or none of its kind.
    """
    work.actor.require(Permission.MEMBERS_MANAGE)
    wanted = {name: given[name] for name in WhyQuery.model_fields if given.get(name)}
    try:
        return why(work, WhyQuery.model_validate(wanted))
    except ValidationError as error:
        names = [str(item["loc"][0]) for item in error.errors(include_input=False, include_url=False)]
        errors = [FieldError(name, WORDS[name]) for name in names]
        raise Invalid("Choose who and what.", errors=errors) from None


def act(permission: Permission) -> str:
    """A right as words: see leads, void invoices."""
    noun, verb = permission.value.split(":")
    return f"{RIGHT_WORDS.get(verb, verb)} {noun.replace('_', ' ')}"


def _permission(word: str) -> Permission:
    try:
        return Permission(word)
    except ValueError:
        words = "There is no such action. Choose one of the list."
        raise Invalid(words, errors=[FieldError("permission", words)]) from None


def _let_in(work: Work, member: Member) -> list[Reason]:
    if member.active and member.archived_at is None:
        return []
    query = select(AuditEntry).where(
        col(AuditEntry.tenant_id) == work.actor.tenant_id,
        col(AuditEntry.row_id) == member.id,
        col(AuditEntry.word) == "members.deactivated",
    )
    entry: Any = work.first(query.order_by(col(AuditEntry.n).desc()))
    return [Reason(f"Deactivated{_by(work, entry)}: no session and no API key lets them in.", holds=False)]


def _by_role(work: Work, role: Role, permission: Permission) -> list[Reason]:
    """What the role has by default, and what this tenant made of it."""
    here = rights.differences(work)
    row = here.get((role.value, permission.value))
    usual, now = permission in GRANTS[role], permission in rights.rights_here(role, here)
    who = f"The role {role.label.lower()}"
    default = Reason(
        f"{who} {'may' if usual else 'may not'} {act(permission)} by default.", holds=usual or now
    )
    if row is None or usual == now:
        if usual or not rights.locked(role, permission):
            kept = permission in LOCKED.get(role, frozenset())
            return [default, *([Reason(rights.locked(role, permission))] if kept else [])]
        return [default, Reason(rights.locked(role, permission), holds=False)]
    entry = rights.last_changes(work, [row]).get(row.id)
    change = "Given to" if now else "Taken from"
    return [default, Reason(f"{change} the role{_by(work, entry)}.", holds=now)]


def _by_row(work: Work, member: Member, permission: Permission, address: str) -> Reason:
    noun, row_id = _row_of(permission, address)
    model = NOUNS[noun]
    one = noun.replace("_", " ")
    one = {"properties": "property"}.get(one, one.removesuffix("s"))
    if not _is_there(work, model, row_id):
        return Reason(f"There is no {one} at this address.", holds=False)
    role = Role(member.role)
    if _reaches(work, member, model, row_id):
        return Reason(f"This {one} is among what they reach: {rights.REACHES[role].lower()}.")
    return Reason(f"This {one} is not among what they reach: {rights.REACHES[role].lower()}.", holds=False)


def _row_of(permission: Permission, address: str) -> tuple[str, UUID]:
    """The noun and id that an address names.

    Raises:
        Invalid: it is no row's address, or of another noun than the action.
    """
    match = ROW.search(urlsplit(address).path)
    noun = match.group(1).replace("-", "_") if match else ""
    if match is None or noun not in NOUNS:
        raise _wrong("This is no address of a record. Copy it from the browser, such as …/jobs/ and an id.")
    about = permission.value.split(":")[0]
    if about not in (noun, "notes"):
        raise _wrong(
            f"The address is one of {noun.replace('_', ' ')}, the action is about {about.replace('_', ' ')}."
        )
    return noun, UUID(match.group(2))


def _is_there(work: Work, model: type[NounRow], row_id: UUID) -> bool:
    query = select(col(model.id)).where(col(model.tenant_id) == work.actor.tenant_id, col(model.id) == row_id)
    return work.session.execute(query).scalar_one_or_none() is not None


def _reaches(work: Work, member: Member, model: type[NounRow], row_id: UUID) -> bool:
    """Asks the database's own policies as that member, in a step that is taken back: the scope after it is as before."""
    clients = f"{{{member.client_id}}}" if member.client_id else ""
    given = {"scope": SCOPES.get(Role(member.role), "all"), "member": str(member.id), "clients": clients}
    with work.session.begin_nested() as step:
        work.session.execute(NARROW, given)
        found = _is_there(work, model, row_id)
        step.rollback()
    return found


def _keys(work: Work, member: Member, permission: Permission) -> list[str]:
    """What narrowed API keys of the person cannot do, though the person can."""
    scopes = [row.scopes for row in work.session.execute(KEYS, {"person": member.user_id})]
    narrow = [given for given in scopes if given is not None and permission.value not in given]
    if not narrow:
        return []
    keys = "1 API key" if len(narrow) == 1 else f"{len(narrow)} API keys"
    return [f"By {keys} of theirs, narrowed to other rights, this is not possible."]


def _by(work: Work, entry: AuditEntry | None) -> str:
    if entry is None:
        return ""
    at = entry.at.astimezone(work.actor.tenant.zone)
    return f" by {entry.actor_name} on {at:%b} {at.day}, {at.year}"


def _wrong(words: str) -> Invalid:
    return Invalid(words, errors=[FieldError("address", words)])
