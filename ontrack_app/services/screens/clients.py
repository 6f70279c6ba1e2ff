"""Clients on screens: the list, a client's page with everything that hangs on it, the forms."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from models.access import Permission
from models.clients import CLIENT_FIELDS, KINDS, Client
from models.contacts import CONTACT_FIELDS, Contact
from models.invoices import Invoice
from models.ledger_entries import RECEIVABLE, LedgerEntry
from models.properties import Property
from ontrack_app.schemas.clients import ClientBody, ClientPatch, ContactBody, ContactPatch
from ontrack_app.schemas.screens.clients import ClientRecord, ClientRow, PersonRow, PlaceRow
from ontrack_app.schemas.screens.common import Badge, Figure, Form, ListPage, ListQuery
from ontrack_app.services import clients, contacts, ledger_entries, properties
from ontrack_app.services.invoices.cards import is_overdue
from ontrack_app.services.screens import client_papers, facts, forms, lists, timeline, words
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

KIND = col(Client.kind)
VIEWS = (
    View("all", "All"),
    View("people", "People", (KIND == "person",)),
    View("companies", "Companies", (KIND == "company",)),
    View("managers", "Property managers", (KIND == "property_manager",)),
)
FLAGS = [("true", "Yes"), ("false", "No")]


def listing(work: Work, asked: ListQuery) -> tuple[list[ClientRow], ListPage]:
    """The clients that an address asks for.

    Raises:
        Invalid: a filter or sort that this list does not have.
    """
    work.actor.require(Permission.CLIENTS_READ)
    found, foot = lists.page(work, Client, VIEWS, asked, sort="name")
    ids = [client.id for client in found]
    people, places, owed = _first_people(work, ids), _first_places(work, ids), owed_by(work, ids)
    foot.filters = [
        lists.filter_of(asked, "do_not_service", "Do not service", FLAGS),
        *lists.other_filters(asked, CLIENT_FIELDS, ["do_not_service"]),
    ]
    return [
        _row(work, client, people.get(client.id), places.get(client.id), owed.get(client.id, 0))
        for client in found
    ], foot


def record(work: Work, client_id: UUID) -> ClientRecord:
    """A client's page.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.CLIENTS_READ)
    client = work.get(Client, client_id)
    people, places = people_of(work, client.id), places_of(work, client.id)
    return ClientRecord(
        id=str(client.id),
        version=client.version,
        number=client.name,
        title=client.name,
        quiet=_quiet(client, people, places),
        badges=_badges(client),
        facts=facts.of(work, CLIENT_FIELDS, client, without=["name", "kind", "do_not_service", "tax_exempt"]),
        money=_money(work, client),
        people=[_person(contact) for contact in people],
        places=[place_row(place) for place in places],
        papers=client_papers.of_client(work, client.id),
        timeline=timeline.of(work, [client.id], fields=CLIENT_FIELDS),
        estimate_href=f"/estimates/new?client_id={client.id}",
    )


def form(work: Work, client_id: UUID | None = None) -> Form:
    """The form of a client, new or filled.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.CLIENTS_READ)
    return forms.form(work, CLIENT_FIELDS, work.get(Client, client_id) if client_id else None)


def create(work: Work, data: Mapping[str, str]) -> UUID:
    """A new client from what was typed; its id.

    Raises:
        Invalid: with an error for each field that does not fit.
    """
    return clients.create(work, forms.body(work, ClientBody, CLIENT_FIELDS, data)).id


def save(work: Work, data: Mapping[str, str], client_id: UUID, version: int) -> int:
    """Changes a client to what was typed; its version from then on.

    Raises:
        NotFound, Stale, Invalid: as their words say.
    """
    typed = forms.body(work, ClientPatch, CLIENT_FIELDS, data)
    return clients.patch(work, client_id, typed, version=version).version


def contact_form(work: Work, contact_id: UUID | None = None) -> Form:
    """The form of a contact, new or filled.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.CONTACTS_READ)
    return forms.form(work, CONTACT_FIELDS, work.get(Contact, contact_id) if contact_id else None)


def save_contact(
    work: Work, data: Mapping[str, str], client_id: UUID, contact_id: UUID | None, version: int
) -> UUID:
    """Adds a contact to a client, or changes one.

    Raises:
        NotFound, Stale, Invalid: as their words say.
    """
    if contact_id is None:
        extra = {"client_id": client_id}
        return contacts.create(work, forms.body(work, ContactBody, CONTACT_FIELDS, data, extra=extra)).id
    typed = forms.body(work, ContactPatch, CONTACT_FIELDS, data)
    return contacts.patch(work, contact_id, typed, version=version).id


def people_of(work: Work, client_id: UUID) -> list[Contact]:
    """The contacts of a client, the one to write to first on top."""
    query = work.of(Contact).where(col(Contact.client_id) == client_id, col(Contact.archived_at).is_(None))
    found: list[Contact] = work.all(query.order_by(col(Contact.is_primary).desc(), col(Contact.created_at)))
    return found


def places_of(work: Work, client_id: UUID) -> list[Property]:
    """The properties of a client, by address."""
    query = work.of(Property).where(col(Property.client_id) == client_id, col(Property.archived_at).is_(None))
    found: list[Property] = work.all(query.order_by(col(Property.street), col(Property.unit)))
    return found


def owed_by(work: Work, client_ids: Sequence[UUID]) -> dict[UUID, int]:
    """What each client owes on issued invoices, in minor units."""
    query = (
        select(col(LedgerEntry.client_id), func.sum(col(LedgerEntry.amount_cents)))
        .where(col(LedgerEntry.tenant_id) == work.actor.tenant_id, col(LedgerEntry.account) == RECEIVABLE)
        .where(col(LedgerEntry.client_id).in_(client_ids))
        .group_by(col(LedgerEntry.client_id))
    )
    return {client_id: int(cents) for client_id, cents in work.session.execute(query)}


def place_row(place: Property, client: str = "") -> PlaceRow:
    """A property as a row."""
    street = ", ".join(part for part in (place.street, place.unit) if part)
    town = ", ".join(part for part in (place.city, place.region) if part)
    access = " ".join(place.access_notes.split())[:160]
    return PlaceRow(id=str(place.id), address=street, city=town, client=client, access=access)


def _first_people(work: Work, client_ids: Sequence[UUID]) -> dict[UUID, Contact]:
    query = work.of(Contact).where(col(Contact.client_id).in_(client_ids), col(Contact.archived_at).is_(None))
    found: dict[UUID, Contact] = {}
    for contact in work.all(query.order_by(col(Contact.is_primary).desc(), col(Contact.created_at))):
        found.setdefault(contact.client_id, contact)
    return found


def _first_places(work: Work, client_ids: Sequence[UUID]) -> dict[UUID, list[Property]]:
    query = work.of(Property).where(
        col(Property.client_id).in_(client_ids), col(Property.archived_at).is_(None)
    )
    found: dict[UUID, list[Property]] = {}
    for place in work.all(query.order_by(col(Property.created_at))):
        found.setdefault(place.client_id, []).append(place)
    return found


def _row(
    work: Work, client: Client, contact: Contact | None, places: list[Property] | None, owed: int
) -> ClientRow:
    return ClientRow(
        id=str(client.id),
        name=client.name,
        contact=contact.name if contact and contact.name != client.name else "",
        reach=(contact.phone or contact.email) if contact else "",
        place=_place_words(places or []),
        kind=dict(KINDS)[client.kind],
        owed=words.money(work, owed) if owed else "",
        fact=Badge(word="Do not service", tint="bad") if client.do_not_service else Badge(),
    )


def _place_words(places: Sequence[Property]) -> str:
    if not places:
        return ""
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return f"{places[0].street}, {places[0].city}".strip(", ") + more


def _badges(client: Client) -> list[Badge]:
    found = [Badge(word=dict(KINDS)[client.kind], tint="idle")]
    if client.tax_exempt:
        found.append(Badge(word="Tax exempt", tint="planned"))
    if client.do_not_service:
        found.append(Badge(word="Do not service", tint="bad"))
    return found


def _quiet(client: Client, people: Sequence[Contact], places: Sequence[Property]) -> str:
    first = people[0] if people else None
    name = first.name if first and first.name != client.name else ""
    reach = [name, first.phone, first.email] if first else ["No contact yet"]
    return " · ".join(part for part in (*reach, properties.one_line(places[0]) if places else "") if part)


def _person(contact: Contact) -> PersonRow:
    return PersonRow(
        id=str(contact.id),
        name=contact.name,
        job_title=contact.job_title,
        email=contact.email,
        phone=contact.phone,
        first="First to contact" if contact.is_primary else "",
    )


def _money(work: Work, client: Client) -> list[Figure]:
    """What is owed, what of it is late, and what was paid ahead."""
    query = work.of(Invoice).where(col(Invoice.client_id) == client.id, col(Invoice.stage) == "issued")
    issued: list[Invoice] = work.all(query)
    owed = ledger_entries.balances(work, [invoice.id for invoice in issued])
    late = sum(owed[invoice.id] for invoice in issued if is_overdue(work, invoice, owed[invoice.id]))
    billed = sum(invoice.total_cents for invoice in issued)
    credit = ledger_entries.credit(work, client.id)
    figures = [
        Figure(label="Billed so far", value=words.money(work, billed)),
        Figure(label="Owed now", value=words.money(work, sum(owed.values()))),
        Figure(label="Of it past due", value=words.money(work, late), tone="bad" if late else ""),
    ]
    if credit:
        figures.append(Figure(label="Paid ahead", value=words.money(work, credit), tone="good"))
    return figures
