"""The only home of what a phone may do without a signal: each kind of mutation, the shape of its arguments, and its service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from models.contacts import Contact
from models.properties import Property
from ontrack_app.schemas.common import Body
from ontrack_app.schemas.crew_work import (
    AccessNoteBody,
    AnswerBody,
    AskBody,
    AskTimeBody,
    ContactPhoneBody,
    DecideBody,
    ExpenseBody,
    MaterialAdjustBody,
    MaterialBody,
    NoteBody,
    TimeCorrectBody,
    TimeStartBody,
    TimeStopBody,
    VisitSignatureBody,
    VisitStepBody,
)
from ontrack_app.services import (
    checklist_items,
    conflicts,
    contacts,
    expenses,
    materials,
    notes,
    properties,
    tasks,
    time_entries,
    visit_signatures,
)
from ontrack_app.services.sync.rules import Outcome, Said, scalar, step
from ontrack_app.work import Work

# Money, prices, approvals and rights are never written offline, by whatever name they are asked for.
NEVER = frozenset(
    {"invoice", "payment", "estimate", "price", "price_item", "change_order", "approval", "right", "member", "tax_code"}
)  # fmt: skip


@dataclass(frozen=True)
class Mutator:
    """One kind: the shape of its arguments and what is done with them. `run` is given work, what was said, arguments."""

    shape: type[Body]
    run: Callable[[Work, Said, Any], Outcome]


def fact(do: Callable[[Work, Said, Any], object]) -> Callable[[Work, Said, Any], Outcome]:
    """Something that happened: it never conflicts with anything, so doing it is all there is."""

    def run(work: Work, said: Said, body: Any) -> Outcome:
        do(work, said, body)
        return Outcome()

    return run


def _access_note(work: Work, said: Said, body: AccessNoteBody) -> Outcome:
    place = work.lock(Property, body.property_id)
    text = body.text
    return scalar(
        work, said, place, ("access_notes", text), lambda: properties.note_access(work, place.id, text)
    )


def _phone(work: Work, said: Said, body: ContactPhoneBody) -> Outcome:
    contact = work.lock(Contact, body.contact_id)
    phone = body.phone
    return scalar(work, said, contact, ("phone", phone), lambda: contacts.note_phone(work, contact.id, phone))


def _ask_time(work: Work, _said: Said, body: AskTimeBody) -> Outcome:
    tasks.ask_time(work, body)
    return Outcome(code="asked", detail="The office plans the visits. It has your wish.")


def _decide(work: Work, _said: Said, body: DecideBody) -> Outcome:
    conflict = conflicts.decide(work, body.conflict_id, use=body.use)
    return Outcome(conflict_id=conflict.id, server={"decision": conflict.decision})


MUTATORS: dict[str, Mutator] = {
    "visit.move": Mutator(VisitStepBody, step),
    "visit.ask_time": Mutator(AskTimeBody, _ask_time),
    "visit.extra_work": Mutator(AskBody, fact(lambda work, _, body: tasks.ask(work, "extra_work", body))),
    "visit.follow_up": Mutator(AskBody, fact(lambda work, _, body: tasks.ask(work, "follow_up", body))),
    "visit.sign": Mutator(
        VisitSignatureBody, fact(lambda work, said, body: visit_signatures.capture(work, body, said.clock))
    ),
    "note.add": Mutator(
        NoteBody,
        fact(lambda work, _, body: notes.add(work, "visits", body.visit_id, body.text, note_id=body.id)),
    ),
    "checklist.answer": Mutator(
        AnswerBody, fact(lambda work, said, body: checklist_items.answer(work, body, said.clock))
    ),
    "time.start": Mutator(
        TimeStartBody, fact(lambda work, said, body: time_entries.start(work, body, said.clock))
    ),
    "time.stop": Mutator(
        TimeStopBody, fact(lambda work, said, body: time_entries.stop(work, body.id, said.clock))
    ),
    "time.correct": Mutator(
        TimeCorrectBody, fact(lambda work, said, body: time_entries.correct(work, body, said.clock))
    ),
    "material.use": Mutator(MaterialBody, fact(lambda work, _, body: materials.use(work, body))),
    "material.adjust": Mutator(
        MaterialAdjustBody, fact(lambda work, _, body: materials.adjust(work, body.material_id, body.by))
    ),
    "expense.claim": Mutator(ExpenseBody, fact(lambda work, _, body: expenses.claim(work, body))),
    "property.access_notes": Mutator(AccessNoteBody, _access_note),
    "contact.phone": Mutator(ContactPhoneBody, _phone),
    "conflict.decide": Mutator(DecideBody, _decide),
}
