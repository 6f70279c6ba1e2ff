"""Clients: who pays for the work; also how a won lead becomes one."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col

from models.access import Permission
from models.clients import Client
from models.contacts import Contact
from models.ids import new_id
from models.leads import Lead
from models.properties import Property
from ontrack_app.schemas.clients import ClientBody, ClientCard, ClientPatch
from ontrack_app.schemas.common import Page
from ontrack_app.services import listing, rows
from ontrack_app.services.listing import Query
from ontrack_app.work import Work, fold, standing

ADDRESS_PARTS = ("street", "city", "region", "postal_code", "country")
PRIMARY_CONTACT = (
    standing(Contact)
    .where(col(Contact.client_id) == bindparam("client_id"), col(Contact.archived_at).is_(None))
    .order_by(col(Contact.is_primary).desc(), col(Contact.created_at), col(Contact.id))
    .limit(1)
)
WITH_EMAIL = (
    standing(Contact)
    .join(
        Client,
        (col(Client.tenant_id) == col(Contact.tenant_id)) & (col(Client.id) == col(Contact.client_id)),
    )
    .where(col(Contact.email) == bindparam("email"), col(Contact.archived_at).is_(None))
    .where(col(Client.archived_at).is_(None))
    .order_by(col(Contact.created_at), col(Contact.id))
    .limit(1)
)


def create(work: Work, body: ClientBody) -> ClientCard:
    """A new client."""
    work.actor.require(Permission.CLIENTS_WRITE)
    client = work.add(Client(tenant_id=work.actor.tenant_id, id=new_id(), **body.model_dump()))
    work.record("clients.created", client, after={"name": client.name, "kind": client.kind})
    return card(work, client)


def patch(work: Work, client_id: UUID, body: ClientPatch, *, version: int | None = None) -> ClientCard:
    """Changes a client's facts.

    Raises:
        NotFound, Forbidden, Stale: as their words say.
    """
    work.actor.require(Permission.CLIENTS_READ)
    client = work.lock(Client, client_id, version=version)
    work.actor.require(Permission.CLIENTS_WRITE)
    rows.change(work, client, rows.given(body), word="clients.changed", nullable=["payment_terms_days"])
    return card(work, client)


def get(work: Work, client_id: UUID) -> ClientCard:
    """One client, as far as the reader may know it.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.CLIENTS_READ)
    return card(work, work.get(Client, client_id))


def list_page(work: Work, query: Query) -> Page[ClientCard]:
    """A page of clients, as `listing.Query` asks."""
    work.actor.require(Permission.CLIENTS_READ)
    found = listing.page(work, Client, query)
    return Page(items=[card(work, row) for row in found.rows], next_cursor=found.next_cursor)


def archive(work: Work, client_id: UUID, *, version: int | None = None) -> None:
    """Puts a client away."""
    rows.archive(work, Client, client_id, Permission.CLIENTS_DELETE, version=version)


def card(work: Work, client: Client) -> ClientCard:
    """The client as the API shows it; crews and customers see nothing of what the office keeps about it."""
    inside = work.actor.is_office
    return ClientCard.model_construct(
        id=client.id,
        name=client.name,
        kind=client.kind,
        bill_to=client.bill_to if inside or work.actor.is_customer else "",
        payment_terms_days=client.payment_terms_days if inside else None,
        tax_exempt=client.tax_exempt if inside else False,
        do_not_service=client.do_not_service if inside else False,
        source=client.source if inside else "",
        version=client.version,
        created_at=client.created_at,
        updated_at=client.updated_at,
        archived_at=client.archived_at,
    )


def from_lead(work: Work, lead: Lead) -> None:
    """What winning a lead does: links the client that has a contact with the lead's e-mail, else makes client and
    contact; makes the property where there is an address that the client does not have yet; keeps the source."""
    client_id = _client_with_email(work, lead.email) if lead.email else None
    is_new = client_id is None
    if client_id is None:
        client = work.add(Client(tenant_id=lead.tenant_id, id=new_id(), name=lead.name, source=lead.source))
        client_id = client.id
        work.record("clients.created", client, after={"name": client.name, "lead_id": lead.id})
        contact = Contact(
            tenant_id=lead.tenant_id, id=new_id(), client_id=client.id, name=lead.name, email=lead.email, phone=lead.phone, is_primary=True
        )  # fmt: skip
        work.write(client)
        work.add(contact)
    if lead.street:
        known = [] if is_new else _properties_of(work, client_id)
        lead.property_id = _property_at(work, lead, client_id, known)
    lead.client_id = client_id


def primary_contact(work: Work, client_id: UUID) -> Contact | None:
    """Whom to write to first at this client."""
    found: Contact | None = work.first(PRIMARY_CONTACT, client_id=client_id)
    return found


def _client_with_email(work: Work, email: str) -> UUID | None:
    contact: Contact | None = work.first(WITH_EMAIL, email=email.lower())
    return None if contact is None else contact.client_id


def _properties_of(work: Work, client_id: UUID) -> list[Property]:
    query = work.of(Property).where(col(Property.client_id) == client_id, col(Property.archived_at).is_(None))
    found: list[Property] = work.all(query)
    return found


def _property_at(work: Work, lead: Lead, client_id: UUID, known: Iterable[Property]) -> UUID:
    wanted = (fold(lead.street), fold(lead.city), fold(lead.postal_code))
    for place in known:
        if (fold(place.street), fold(place.city), fold(place.postal_code)) == wanted:
            return place.id
    place = Property(
        tenant_id=lead.tenant_id, id=new_id(), client_id=client_id, **{part: getattr(lead, part) for part in ADDRESS_PARTS}
    )  # fmt: skip
    work.write(work.add(place))
    work.record("properties.created", place, after={"street": place.street, "lead_id": lead.id})
    return place.id
