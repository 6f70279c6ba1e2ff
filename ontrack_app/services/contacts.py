"""Contacts: the people of a client."""

from uuid import UUID

from models.access import Permission
from models.clients import Client
from models.contacts import Contact
from models.ids import new_id
from ontrack_app.schemas.clients import ContactBody, ContactCard, ContactPatch
from ontrack_app.schemas.common import Page
from ontrack_app.services import listing, rows
from ontrack_app.services.listing import Query
from ontrack_app.work import Work


def create(work: Work, body: ContactBody) -> ContactCard:
    """A new contact of a client.

    Raises:
        Invalid: there is no such client.
    """
    work.actor.require(Permission.CONTACTS_WRITE)
    work.need(Client, body.client_id, "client_id")
    contact = work.add(Contact(tenant_id=work.actor.tenant_id, id=new_id(), **body.model_dump()))
    work.record("contacts.created", contact, after={"name": contact.name, "client_id": contact.client_id})
    return card(work, contact)


def patch(work: Work, contact_id: UUID, body: ContactPatch, *, version: int | None = None) -> ContactCard:
    """Changes a contact's facts.

    Raises:
        NotFound, Forbidden, Stale: as their words say.
    """
    work.actor.require(Permission.CONTACTS_READ)
    contact = work.lock(Contact, contact_id, version=version)
    work.actor.require(Permission.CONTACTS_WRITE)
    rows.change(work, contact, rows.given(body), word="contacts.changed")
    return card(work, contact)


def note_phone(work: Work, contact_id: UUID, phone: str) -> Contact:
    """Changes the number to call: crews who work for this client may, as well as the office.

    Raises:
        NotFound: there is none here, or none that may be known. Forbidden: the actor neither goes there nor keeps contacts.
    """
    work.actor.require(Permission.CLIENTS_READ)
    contact = work.lock(Contact, contact_id)
    if not work.actor.granted(Permission.CONTACTS_WRITE):
        work.actor.require(Permission.VISITS_PERFORM)
    rows.change(work, contact, {"phone": phone}, word="contacts.changed")
    return contact


def get(work: Work, contact_id: UUID) -> ContactCard:
    """One contact.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.CONTACTS_READ)
    return card(work, work.get(Contact, contact_id))


def list_page(work: Work, query: Query) -> Page[ContactCard]:
    """A page of contacts, as `listing.Query` asks."""
    work.actor.require(Permission.CONTACTS_READ)
    found = listing.page(work, Contact, query)
    return Page(items=[card(work, row) for row in found.rows], next_cursor=found.next_cursor)


def archive(work: Work, contact_id: UUID, *, version: int | None = None) -> None:
    """Puts a contact away."""
    rows.archive(work, Contact, contact_id, Permission.CONTACTS_DELETE, version=version)


def card(work: Work, contact: Contact) -> ContactCard:  # noqa: ARG001 - every noun's card takes the work
    """The contact as the API shows it."""
    return ContactCard.model_construct(**contact.model_dump(include=set(ContactCard.model_fields)))
