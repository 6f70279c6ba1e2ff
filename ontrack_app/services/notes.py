"""Notes: what people write down about a record."""

from uuid import UUID

from models.access import Permission
from models.base import NounRow
from models.clients import Client
from models.estimates import Estimate
from models.ids import new_id
from models.invoices import Invoice
from models.jobs import Job
from models.leads import Lead
from models.notes import Note
from models.payments import Payment
from models.properties import Property
from models.visits import Visit
from ontrack_app.errors import FieldError, Forbidden, Invalid, NotFound
from ontrack_app.work import Work

MOST = 5000
TABLES: dict[str, type[NounRow]] = {
    str(table.__tablename__): table
    for table in (Lead, Client, Property, Estimate, Job, Visit, Invoice, Payment)
}


def add(work: Work, noun: str, row_id: UUID, text: str, *, note_id: UUID | None = None) -> None:
    """Writes a note down on a record; who may see the record may write. A phone brings the note's id with it.

    Raises:
        NotFound: there is no such record here. Invalid: the note is empty or too long. Forbidden: as its words say.
    """
    work.actor.require(Permission.NOTES_WRITE)
    table = TABLES.get(noun)
    if table is None:
        raise NotFound("There is nothing here that a note can be written on.")
    row = work.get(table, row_id)
    if work.actor.scope == "member" and table is not Visit:
        raise Forbidden("A crew writes its notes on its visits.")
    words = text.strip()
    if not words or len(words) > MOST or "\x00" in words:
        message = f"A note has 1 to {MOST:,} characters."
        raise Invalid(message, errors=[FieldError("text", message)])
    note = Note(
        tenant_id=work.actor.tenant_id,
        id=note_id or new_id(),
        noun=noun,
        row_id=row_id,
        text=words,
        author_name=work.actor.name,
    )
    work.add(note)
    work.record("notes.added", row, after={"note_id": note.id})
