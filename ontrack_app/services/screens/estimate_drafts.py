"""Drafting an estimate on screen: each cell, fact and line that is left is one change, answered with the new totals."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.clients import Client
from models.estimates import Estimate
from models.leads import Lead
from ontrack_app.errors import FieldError, Invalid, NotFound
from ontrack_app.schemas.documents import LineBody
from ontrack_app.schemas.estimates import EstimateBody, EstimatePatch
from ontrack_app.schemas.screens.estimates import NewEstimate
from ontrack_app.schemas.screens.papers import Found, Paper
from ontrack_app.services import estimates, listing
from ontrack_app.services.estimates.cards import lines_of
from ontrack_app.services.listing import Query
from ontrack_app.services.screens import papers, words
from ontrack_app.services.screens.estimates import paper, place_options
from ontrack_app.work import Work

MOST_FOUND = 8
USUALLY_OPEN = timedelta(days=30)
FACTS = ("title", "note_to_client", "expires_on", "contact_id", "property_id")


def change_cell(work: Work, estimate_id: UUID, line_id: UUID, cell: str, typed: str) -> Paper:
    """Puts what was typed into one cell of a draft.

    Raises:
        Invalid: it cannot stand there; the words say why. Conflict, NotFound, Forbidden: as their words say.
    """
    estimate = work.lock(Estimate, estimate_id)
    line = next((line for line in lines_of(work, estimate.id) if line.id == line_id), None)
    if line is None:
        raise NotFound("This line was removed in the meantime.")
    body = papers.changed(work, line, cell, typed)
    with papers.amounts_in_words(cell):
        estimates.change_line(work, estimate_id, line_id, body)
    return _paper(work, estimate)


def add_from_book(work: Work, estimate_id: UUID, item_id: UUID) -> Paper:
    """Puts an entry of the price book on a draft, with its price, cost and taxes."""
    return _add(work, estimate_id, LineBody(price_item_id=item_id))


def add_own(work: Work, estimate_id: UUID, description: str) -> Paper:
    """Puts a line on a draft that the price book does not have; its price is typed next."""
    return _add(work, estimate_id, papers.own_line(description, work.actor.tenant.currency))


def remove_line(work: Work, estimate_id: UUID, line_id: UUID) -> Paper:
    """Takes a line off a draft."""
    with papers.amounts_in_words("lines"):
        estimates.remove_line(work, estimate_id, line_id)
    return _paper(work, work.get(Estimate, estimate_id))


def change_fact(work: Work, estimate_id: UUID, name: str, typed: str, version: int) -> None:
    """Changes one fact of a draft: title, note, expiry, whom it is sent to, where the work is.

    Raises:
        Invalid: what was typed does not fit. Stale: somebody changed the estimate since. Conflict: it was sent.
    """
    if name not in FACTS:
        raise NotFound("There is no such field.")
    given: dict[str, Any] = {name: typed.strip() or (None if name not in ("title", "note_to_client") else "")}
    if name == "expires_on" and given[name]:
        given[name] = a_day(typed, name)
    with papers.amounts_in_words(name):
        body = EstimatePatch(**given)
    estimates.patch(work, estimate_id, body, version=version)


def begin(work: Work, client_id: str, property_id: str, lead_id: str) -> NewEstimate:
    """The form that starts an estimate, filled as far as the address says; what is not there is left out."""
    work.actor.require(Permission.ESTIMATES_WRITE)
    lead = _find(work, Lead, lead_id)
    client = _find(work, Client, client_id) or (
        work.find(Client, lead.client_id) if lead and lead.client_id else None
    )
    form = NewEstimate(lead_id=str(lead.id) if lead else "", lead=lead.name if lead else "")
    if client is None:
        return form
    form.client_id, form.client = str(client.id), client.name
    form.properties = place_options(work, client.id)
    known = [option.value for option in form.properties]
    wanted = property_id or (str(lead.property_id or "") if lead else "")
    form.property_id = wanted if wanted in known else (known[0] if len(known) == 1 else "")
    if lead and lead.need:
        form.title = lead.need.splitlines()[0][:100]
    if client.do_not_service:
        form.stopped = (
            f"{client.name} is marked “do not service”. Take the mark off before making an estimate."
        )
    return form


def find_clients(work: Work, typed: str, *, served_only: bool = True) -> list[Found]:
    """Clients whose name holds the words, at most eight; the newest ones for no words. Without `served_only` those
    marked “do not service” too."""
    work.actor.require(Permission.CLIENTS_READ)
    query = Query(limit=MOST_FOUND, q=typed[:100], sort="name" if typed.strip() else "-created_at")
    served = (col(Client.do_not_service).is_(False),) if served_only else ()
    found = listing.page(work, Client, query, *served).rows
    return [Found(id=str(client.id), name=client.name, kind=client.source) for client in found]


def start(work: Work, form: NewEstimate) -> str:
    """Makes the draft, open for thirty days until somebody says otherwise; the address of its page.

    Raises:
        Invalid, Conflict, Forbidden: as their words say.
    """
    if not form.client_id:
        said = "Choose whom it is for."
        raise Invalid(said, errors=[FieldError("client_id", said)])
    given = {
        name: value or None for name, value in form.model_dump(include={"property_id", "lead_id"}).items()
    }
    until = words.local(work, work.at).date() + USUALLY_OPEN
    with papers.amounts_in_words("title"):
        body = EstimateBody.model_validate(
            {"expires_on": until, "client_id": form.client_id, "title": form.title, **given}
        )
    return f"/estimates/{estimates.create(work, body).id}"


def a_day(typed: str, field: str) -> date:
    """The day that a date field holds.

    Raises:
        Invalid: it is none.
    """
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        said = "Give a date, such as 2026-05-31."
        raise Invalid(said, errors=[FieldError(field, said)]) from None


def _add(work: Work, estimate_id: UUID, body: LineBody) -> Paper:
    with papers.amounts_in_words("lines"):
        estimates.add_line(work, estimate_id, body)
    return _paper(work, work.get(Estimate, estimate_id))


def _paper(work: Work, estimate: Estimate) -> Paper:
    work.session.flush()
    return paper(work, estimate, lines_of(work, estimate.id))


def _find(work: Work, model: Any, row_id: str) -> Any:
    try:
        return work.find(model, UUID(row_id)) if row_id else None
    except ValueError:
        return None
