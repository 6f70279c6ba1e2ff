"""Drafting an invoice on screen: each cell, line and fact that is left is one change, answered with the new totals."""

from typing import Any
from uuid import UUID

from models.invoices import Invoice
from ontrack_app.errors import NotFound
from ontrack_app.schemas.documents import LineBody
from ontrack_app.schemas.invoices import InvoicePatch
from ontrack_app.schemas.screens.papers import Paper
from ontrack_app.services import invoices
from ontrack_app.services.invoices.cards import lines_of
from ontrack_app.services.screens import papers
from ontrack_app.services.screens.estimate_drafts import a_day
from ontrack_app.services.screens.invoices import paper
from ontrack_app.work import Work

FACTS = ("title", "note_to_client", "due_on")


def change_cell(work: Work, invoice_id: UUID, line_id: UUID, cell: str, typed: str) -> Paper:
    """Puts what was typed into one cell of a draft.

    Raises:
        Invalid: it cannot stand there; the words say why. Conflict, NotFound, Forbidden: as their words say.
    """
    invoice = work.lock(Invoice, invoice_id)
    line = next((line for line in lines_of(work, invoice.id) if line.id == line_id), None)
    if line is None:
        raise NotFound("This line was removed in the meantime.")
    body = papers.changed(work, line, cell, typed)
    with papers.amounts_in_words(cell):
        invoices.change_line(work, invoice_id, line_id, body)
    return _paper(work, invoice_id)


def add_from_book(work: Work, invoice_id: UUID, item_id: UUID) -> Paper:
    """Puts an entry of the price book on a draft, with its price and taxes."""
    return _add(work, invoice_id, LineBody(price_item_id=item_id))


def add_own(work: Work, invoice_id: UUID, description: str) -> Paper:
    """Puts a line on a draft that the price book does not have; its price is typed next."""
    return _add(work, invoice_id, papers.own_line(description, work.actor.tenant.currency))


def remove_line(work: Work, invoice_id: UUID, line_id: UUID) -> Paper:
    """Takes a line off a draft."""
    with papers.amounts_in_words("lines"):
        invoices.remove_line(work, invoice_id, line_id)
    return _paper(work, invoice_id)


def change_fact(work: Work, invoice_id: UUID, name: str, typed: str, version: int) -> None:
    """Changes one fact of a draft: title, note, due date (empty: by the client's terms, when it is issued).

    Raises:
        Invalid: what was typed does not fit. Stale: somebody changed the invoice since. Conflict: it is issued.
    """
    if name not in FACTS:
        raise NotFound("There is no such field.")
    given: dict[str, Any] = {name: typed.strip()}
    if name == "due_on":
        given[name] = a_day(typed, name) if typed.strip() else None
    with papers.amounts_in_words(name):
        body = InvoicePatch(**given)
    invoices.patch(work, invoice_id, body, version=version)


def _add(work: Work, invoice_id: UUID, body: LineBody) -> Paper:
    with papers.amounts_in_words("lines"):
        invoices.add_line(work, invoice_id, body)
    return _paper(work, invoice_id)


def _paper(work: Work, invoice_id: UUID) -> Paper:
    work.session.flush()
    return paper(work, work.get(Invoice, invoice_id), lines_of(work, invoice_id), 0)
