"""The timeline of a record: its trail and its notes in words, newest first."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from models.audit_entries import AuditEntry
from models.fields import FieldList
from models.notes import Note
from models.tables import MACHINES
from ontrack_app.schemas.screens.common import Happening
from ontrack_app.services import public_forms
from ontrack_app.services.screens import words
from ontrack_app.work import Work

MOST = 100
SENTENCES = {
    "leads.created": ("new", "took the lead in"),
    "leads.imported": ("new", "imported the lead"),
    "leads.changed": ("edit", "changed"),
    "leads.advance": ("stage", "moved it on"),
    "leads.win": ("stage", "won the lead"),
    "leads.lose": ("stage", "gave the lead up"),
    "leads.reopen": ("stage", "reopened the lead"),
    "clients.created": ("new", "made the client"),
    "clients.changed": ("edit", "changed"),
    "contacts.created": ("new", "added a contact"),
    "properties.created": ("new", "added the property"),
    "properties.changed": ("edit", "changed"),
    "estimates.created": ("new", "wrote the estimate"),
    "estimates.changed": ("edit", "changed"),
    "estimates.lines_changed": ("money", "changed the lines"),
    "estimates.send": ("mail", "sent it to the client"),
    "estimates.mailed": ("mail", "mailed the link"),
    "estimates.approve": ("sign", "approved it"),
    "estimates.request_changes": ("note", "asked for a change"),
    "estimates.decline": ("stage", "declined it"),
    "estimates.revise": ("edit", "started a new revision"),
    "estimates.convert": ("stage", "made the job"),
    "estimates.expire": ("stage", "Its time to be approved ran out"),
    "estimates.void": ("stage", "voided it"),
    "jobs.created": ("new", "opened the job"),
    "jobs.hold": ("stage", "put the job on hold"),
    "jobs.resume": ("stage", "took the job up again"),
    "jobs.complete": ("stage", "completed the job"),
    "jobs.reopen": ("stage", "reopened the job"),
    "jobs.close": ("stage", "closed the job"),
    "jobs.cancel": ("stage", "cancelled the job"),
    "visits.created": ("visit", "planned the visit"),
    "visits.assigned": ("visit", "changed who goes"),
    "visits.schedule": ("visit", "scheduled the visit"),
    "visits.reschedule": ("visit", "moved the visit"),
    "visits.depart": ("visit", "is on the way"),
    "visits.arrive": ("visit", "started work"),
    "visits.pause": ("visit", "paused"),
    "visits.resume": ("visit", "went on"),
    "visits.finish": ("visit", "finished the visit"),
    "visits.no_access": ("visit", "could not get in"),
    "visits.correct": ("edit", "put the visit's stage right"),
    "visits.cancel": ("visit", "cancelled the visit"),
    "visits.reported": ("visit", "told of a step that others had passed"),
    "visits.signed": ("sign", "took a signature"),
    "conflicts.created": ("note", "said something else on a phone; it went to the inbox"),
    "invoices.created": ("new", "drafted the invoice"),
    "invoices.lines_changed": ("money", "changed the lines"),
    "invoices.issue": ("money", "issued the invoice"),
    "invoices.void": ("stage", "voided the invoice"),
    "invoices.mailed": ("mail", "mailed the link"),
    "invoices.paid": ("money", "received"),
    "payments.created": ("money", "recorded the payment"),
    "payments.started": ("money", "began to pay"),
    "payments.succeed": ("money", "confirmed the payment"),
    "payments.fail": ("money", "could not collect the payment"),
    "checklist_items.created": ("edit", "added a step"),
    "checklist_items.copied": ("edit", "used a checklist"),
    "expenses.created": ("money", "claimed an expense"),
    "materials.created": ("edit", "used material"),
    "tasks.created": ("note", "asked the office"),
    "files.added": ("note", "added"),
    "members.added": ("new", "brought them in"),
    "members.changed": ("edit", "changed"),
    "members.role_changed": ("edit", "gave them another role"),
    "members.deactivated": ("stage", "deactivated them"),
    "members.reactivated": ("stage", "reactivated them"),
    "members.signed_out": ("stage", "signed them out everywhere here"),
    "members.factor_reset": ("edit", "took their second step off"),
    "keys.added": ("new", "made an API key for them"),
    "keys.revoked": ("stage", "ended an API key of theirs"),
}
CHOSEN = {"leads.advance": ("moved it to", "stage"), "members.role_changed": ("made them", "role")}
NAMED = {
    "checklist_items.created": ("added the step", "label"),
    "checklist_items.copied": ("used the checklist", "name"),
    "expenses.created": ("claimed", "title"),
    "materials.created": ("used", "name"),
}
SILENT = frozenset({"notes.added"})
LABELS = {move_name: move.label for machine in MACHINES for move in machine.moves for move_name in (f"{machine.noun}.{move.name}",)}  # fmt: skip


def of(
    work: Work,
    row_ids: Iterable[UUID],
    *,
    fields: FieldList | None = None,
    names: Mapping[UUID, str] | None = None,
) -> list[Happening]:
    """What happened to these rows (a record and what belongs to it), newest first; `names` tells those that belong to
    it apart."""
    ids = list(row_ids)
    trail = select(AuditEntry).where(
        col(AuditEntry.tenant_id) == work.actor.tenant_id, col(AuditEntry.row_id).in_(ids)
    )
    entries: list[AuditEntry] = work.all(trail.order_by(col(AuditEntry.n).desc()).limit(MOST))
    notes: list[Note] = work.all(
        work.of(Note).where(col(Note.row_id).in_(ids)).order_by(col(Note.created_at).desc()).limit(MOST)
    )
    known = names or {}
    found = [
        (
            entry.at,
            _told_apart(
                _from_trail(work, entry, fields), known.get(entry.row_id, "") if entry.row_id else ""
            ),
        )
        for entry in entries
        if entry.word not in SILENT
    ]
    found += [(note.created_at, _from_note(work, note)) for note in notes]
    return [happening for _, happening in sorted(found, key=lambda pair: pair[0], reverse=True)][:MOST]


def _told_apart(happening: Happening, name: str) -> Happening:
    return happening.model_copy(update={"text": f"{happening.text}: {name}"}) if name else happening


def _from_note(work: Work, note: Note) -> Happening:
    return Happening(
        id=str(note.id),
        who=note.author_name,
        text="noted",
        when=words.when(work, note.created_at),
        when_full=words.moment(work, note.created_at),
        body=note.text,
        kind="note",
    )


def _from_trail(work: Work, entry: AuditEntry, fields: FieldList | None) -> Happening:
    kind, said = SENTENCES.get(entry.word, ("stage", f"{LABELS.get(entry.word, entry.word)}".lower()))
    text = _text(work, entry, fields) or said
    return Happening(
        id=str(entry.n),
        who="" if text[:1].isupper() or entry.word == "invoices.paid" else entry.actor_name,
        text=text,
        when=words.when(work, entry.at),
        when_full=words.moment(work, entry.at),
        body=entry.reason or "",
        kind=kind,
    )


def _text(work: Work, entry: AuditEntry, fields: FieldList | None) -> str:
    """The words that depend on what the entry holds, empty for the usual sentence; a capital first: no name before it."""
    after = entry.after or {}
    if entry.word == "files.added" or entry.word.endswith(".changed"):
        return (
            f"changed {_labels(after, fields)}"
            if entry.word != "files.added"
            else f"added “{after.get('name')}”"
        )
    if entry.word in CHOSEN or entry.word in NAMED:
        return _chosen(entry.word, after)
    if entry.word == "invoices.paid":
        return f"{words.money(work, after.get('amount_cents'))} was paid"
    if entry.word.endswith(".mailed"):
        return f"The {'receipt' if entry.noun == 'payments' else 'link'} was mailed to {after.get('to')}"
    if entry.word == "leads.created" and entry.actor_name == public_forms.ACTOR:
        return "Came in by the public form"
    return ""


def _chosen(word: str, after: dict[str, object]) -> str:
    """The words for what was chosen or named; empty where an older entry does not say."""
    said, name = CHOSEN.get(word) or NAMED[word]
    if name not in after:
        return ""
    value = str(after[name])
    return f"{said} “{value}”" if word in NAMED else f"{said} {value.replace('_', ' ')}"


def _labels(after: dict[str, object], fields: FieldList | None) -> str:
    known = {field.attribute: field.label.lower() for field in fields or ()}
    names = [known.get(name, name.replace("_", " ")) for name in after]
    return ", ".join(names) if len(names) < 5 else f"{', '.join(names[:4])} and more"
