"""The only home of how the trail is told: a sentence for each word, a name for each noun, values as people read them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from models.access import Role
from models.audit_entries import AuditEntry
from models.base import TenantRow
from models.clients import Client
from models.contacts import Contact
from models.estimates import Estimate
from models.fields import Field
from models.invoices import Invoice
from models.jobs import Job
from models.leads import Lead
from models.members import Member
from models.price_items import PriceItem
from models.properties import Property
from models.tax_codes import TaxCode
from models.visits import Visit
from ontrack_app.services.screens import words
from ontrack_app.services.screens.timeline import LABELS, SENTENCES
from ontrack_app.work import Work

# What the timelines of records do not tell, and the trail does.
MORE = {
    "clients.archived": "put the client away",
    "contacts.archived": "put the contact away",
    "contacts.changed": "changed the contact",
    "invoices.changed": "changed the invoice",
    "jobs.archived": "put the job away",
    "jobs.changed": "changed the job",
    "keys.added": "made an API key",
    "keys.revoked": "revoked an API key",
    "leads.archived": "put the lead away",
    "estimates.expire": "saw the time to approve run out",
    "invitations.accepted": "took the invitation up",
    "invitations.created": "invited somebody",
    "invitations.revoked": "took the invitation back",
    "members.added": "added a member",
    "members.changed": "changed the member",
    "members.deactivated": "deactivated the member",
    "members.factor_reset": "took the second factor off the member",
    "members.reactivated": "took the member back in",
    "members.role_changed": "gave the member another role",
    "members.signed_out": "signed the member out everywhere",
    "notes.added": "wrote a note",
    "files.added": "added a file",
    "settings.photo_place": "changed whether photos keep their place",
    "files.changed": "changed what is said of a file",
    "files.archived": "put a file away",
    "payments.mailed": "mailed the receipt",
    "price_items.archived": "put the price away",
    "price_items.changed": "changed the price",
    "price_items.created": "added a price",
    "properties.archived": "put the property away",
    "rights.changed": "changed what a role may do",
    "settings.factor_required": "changed who needs a second factor",
    "tax_codes.archived": "put the tax code away",
    "tax_codes.changed": "changed the tax code",
    "tax_codes.created": "added a tax code",
    "trail.exported": "exported the audit trail",
    "visits.archived": "put the visit away",
    "visits.changed": "changed the visit",
    "checklist_items.changed": "changed a step",
    "checklist_items.check": "did a step",
    "checklist_items.created": "put a step on the visit",
    "checklist_items.fail": "found that a step failed",
    "checklist_items.placed": "moved a step",
    "checklist_items.reopen": "reopened a step",
    "checklist_items.skip": "left a step out",
    "checklist_templates.changed": "changed a checklist",
    "checklist_templates.created": "wrote a checklist",
    "conflicts.created": "gave a value that others had changed",
    "conflicts.decided": "chose between two values",
    "devices.added": "began to use a phone",
    "devices.revoked": "signed a phone off",
    "expenses.created": "claimed an expense",
    "materials.changed": "changed what was used",
    "materials.created": "wrote down what was used",
    "quarantine.added": "sent work that waits for a decision",
    "quarantine.dropped": "discarded work that waited for a decision",
    "quarantine.taken": "took in work that waited for a decision",
    "tasks.changed": "changed a task",
    "tasks.created": "asked the office for something",
    "tasks.drop": "dropped a task",
    "tasks.finish": "finished a task",
    "tasks.reopen": "reopened a task",
    "time_entries.approved": "approved hours",
    "time_entries.created": "wrote hours down",
    "time_entries.stopped": "ended a stretch of time",
    "visits.reported": "told of a step that others had passed",
    "visits.signed": "took a signature",
}
EVENTS = {
    "access.refused": "was refused",
    "document_link.opened": "opened a document by its link",
    "factor.codes_renewed": "made new recovery codes",
    "factor.confirmed": "set up the second factor",
    "factor.limited": "tried too many codes of the second factor",
    "factor.passed": "proved the second factor",
    "factor.recovery_used": "used a recovery code",
    "factor.refused": "typed a wrong code of the second factor",
    "factor.removed": "took the second factor off",
    "factor.reset": "had the second factor taken off",
    "key.added": "made an API key",
    "key.revoked": "revoked an API key",
    "link.made_at_command_line": "was given a sign-in link at the command line",
    "link.wrong_code": "typed a wrong sign-in code",
    "oidc.linked": "linked another sign-in",
    "oidc.refused": "was refused by another sign-in",
    "oidc.signed_in": "signed in with another account",
    "oidc.unlinked": "unlinked another sign-in",
    "session.confirmed": "proved again who they are",
    "session.ended": "signed out",
    "session.opened": "signed in",
    "trail.exported": "exported the audit trail",
}
BARE = frozenset({"changed", "created", "mailed", "archived"})  # said of many nouns, so the noun is named
# What a row is called by: its table's class and the attribute with its name or number; and where its page is.
NAMED: dict[str, tuple[type[TenantRow], str]] = {
    "clients": (Client, "name"), "contacts": (Contact, "name"), "estimates": (Estimate, "number"), "invoices": (Invoice, "number"),
    "jobs": (Job, "number"), "leads": (Lead, "name"), "members": (Member, "name"), "price_items": (PriceItem, "name"),
    "properties": (Property, "street"), "tax_codes": (TaxCode, "code"), "visits": (Visit, "title"),
}  # fmt: skip
PAGES = frozenset({"leads", "clients", "properties", "estimates", "jobs", "visits", "invoices", "payments", "price_items"})  # fmt: skip
SINGULAR = {"properties": "property", "tax_codes": "tax code", "tenants": "company", "price_items": "price", "role_rights": "role"}  # fmt: skip
POINTS_AT = {"assignee_id": "members", "member_id": "members", "parent_id": "properties"}
MOST_CHANGES, LONGEST = 4, 60
Names = Mapping[tuple[str, UUID], str]


def sentence(word: str) -> str:
    """What a word of the trail says somebody did; a word that nobody told us of is taken apart."""
    noun, _, verb = word.rpartition(".")
    if word in MORE:
        return MORE[word]
    if word in SENTENCES:
        said = SENTENCES[word][1]
        return f"{said} the {singular(noun)}" if verb in BARE and said == "changed" else said
    return (LABELS.get(word) or f"{singular(noun)}: {verb.replace('_', ' ')}").lower()


def event_sentence(word: str) -> str:
    """What a security event says happened; one that nobody told us of is taken apart."""
    return EVENTS.get(word) or word.replace(".", ": ").replace("_", " ")


def singular(noun: str) -> str:
    """One of a noun, as people say it."""
    return SINGULAR.get(noun, noun.replace("_", " ").removesuffix("s"))


def noun_label(noun: str) -> str:
    """A noun as a choice: Leads, Price items."""
    return noun.replace("_", " ").capitalize()


def address(noun: str, row_id: UUID | None) -> str:
    """The page of a row; empty where it has none."""
    return f"/{noun.replace('_', '-')}/{row_id}" if row_id and noun in PAGES else ""


def names(work: Work, entries: Iterable[AuditEntry]) -> Names:
    """The names of every row that these entries are about or speak of, in one query for each noun."""
    wanted: dict[str, set[UUID]] = {}
    for entry in entries:
        if entry.row_id is not None:
            wanted.setdefault(entry.noun, set()).add(entry.row_id)
        for key, value in [*(entry.before or {}).items(), *(entry.after or {}).items()]:
            found = _id(value) if key.endswith("_id") else None
            if found is not None:
                wanted.setdefault(_points_at(key), set()).add(found)
    known: dict[tuple[str, UUID], str] = {}
    for noun, ids in wanted.items():
        if noun in NAMED:
            model, attribute = NAMED[noun]
            rows = work.session.execute(
                select(col(model.id), getattr(model, attribute)).where(
                    col(model.tenant_id) == work.actor.tenant_id, col(model.id).in_(ids)
                )
            )
            known |= {(noun, row[0]): str(row[1] or "") for row in rows}
    return known


def on(entry: AuditEntry, known: Names) -> str:
    """What the entry is about: its noun with its name or number."""
    name = known.get((entry.noun, entry.row_id), "") if entry.row_id else ""
    label = singular(entry.noun).capitalize()
    return f"{label} {name}" if name else label


def role(entry: AuditEntry) -> str:
    """The role of who did it, as people read it; empty for OnTrack itself."""
    known = {one.value: one.label for one in Role if one is not Role.SYSTEM}
    return known.get(entry.actor_role, "")


def changes(work: Work, entry: AuditEntry, known: Names) -> list[str]:
    """What changed, one line for each field: Stage: Draft → Sent; a value that was not there before stands alone."""
    before, after = entry.before or {}, entry.after or {}
    found = []
    for key in dict.fromkeys([*before, *after]):
        new = value(work, entry.noun, key, after.get(key), known)
        old = value(work, entry.noun, key, before.get(key), known)
        said = new if key not in before else old if key not in after else f"{old} → {new}"
        found.append(f"{label(entry.noun, key)}: {said}")
    return found


def short(lines: list[str]) -> str:
    """The first changes in one line."""
    kept = [line if len(line) <= 2 * LONGEST else f"{line[: 2 * LONGEST]}…" for line in lines[:MOST_CHANGES]]
    more = len(lines) - MOST_CHANGES
    return "; ".join([*kept, f"{more} more"] if more > 0 else kept)


def label(noun: str, key: str) -> str:
    """A field's name as people read it."""
    found = _field(noun, key)
    if found is not None:
        return found.label
    return key.removesuffix("_cents").removesuffix("_id").replace("_", " ").capitalize()


def value(work: Work, noun: str, key: str, given: Any, known: Names) -> str:
    """A value of the trail as people read it."""
    if given is None or given in ("", [], {}):
        return "nothing"
    if isinstance(given, bool):
        return "yes" if given else "no"
    if isinstance(given, int) and key.endswith("_cents"):
        return words.money(work, given)
    if isinstance(given, list):
        plain = all(isinstance(one, str | int | float) for one in given)
        return ", ".join(map(str, given)) if plain else words.some(len(given), "item")
    if isinstance(given, dict):
        return ", ".join(f"{name.replace('_', ' ')} {one}" for name, one in given.items() if one)
    return _text(work, noun, key, str(given), known)


def _text(work: Work, noun: str, key: str, given: str, known: Names) -> str:
    found, row_id = _field(noun, key), _id(given) if key.endswith("_id") else None
    if row_id is not None:
        return known.get((_points_at(key), row_id)) or f"…{given[-6:]}"
    choices = dict(found.choices) if found is not None else {}
    if given in choices:
        return choices[given]
    if key in ("stage", "role"):
        return given.replace("_", " ").capitalize()
    return _time(work, given) if key.endswith(("_at", "_on", "_start", "_end", "ends")) else given


def _time(work: Work, given: str) -> str:
    try:
        if len(given) == 10:
            return words.day(date.fromisoformat(given))
        return words.moment(work, datetime.fromisoformat(given))
    except ValueError:
        return given


def _field(noun: str, key: str) -> Field | None:
    fields = NAMED[noun][0].FIELDS if noun in NAMED else None
    return next((one for one in fields or () if key in (one.attribute, one.name)), None)


def _points_at(key: str) -> str:
    table = f"{key.removesuffix('_id')}s"
    return POINTS_AT.get(key) or ("properties" if key == "property_id" else table)


def _id(given: Any) -> UUID | None:
    try:
        return UUID(str(given))
    except ValueError:
        return None
