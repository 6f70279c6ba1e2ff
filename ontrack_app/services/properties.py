"""Properties: the places where the work is done."""

from uuid import UUID

from models.access import Permission
from models.clients import Client
from models.ids import new_id
from models.properties import Property
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.clients import PropertyBody, PropertyCard, PropertyPatch
from ontrack_app.schemas.common import Address, Page
from ontrack_app.services import listing, rows
from ontrack_app.services.listing import Query
from ontrack_app.work import Work

PARTS = tuple(Address.model_fields)


def create(work: Work, body: PropertyBody) -> PropertyCard:
    """A new service address of a client.

    Raises:
        Invalid: no street, no such client, or a parent of another client.
    """
    work.actor.require(Permission.PROPERTIES_WRITE)
    work.need(Client, body.client_id, "client_id")
    _check(work, body.client_id, body.parent_id, body.address)
    place = Property(
        tenant_id=work.actor.tenant_id,
        id=new_id(),
        client_id=body.client_id,
        parent_id=body.parent_id,
        access_notes=body.access_notes,
        **body.address.model_dump(),
    )
    work.add(place)
    work.record("properties.created", place, after={"street": place.street, "client_id": place.client_id})
    return card(work, place)


def patch(work: Work, property_id: UUID, body: PropertyPatch, *, version: int | None = None) -> PropertyCard:
    """Changes a property's facts.

    Raises:
        NotFound, Forbidden, Stale, Invalid: as their words say.
    """
    work.actor.require(Permission.PROPERTIES_READ)
    place = work.lock(Property, property_id, version=version)
    work.actor.require(Permission.PROPERTIES_WRITE)
    _check(work, place.client_id, body.parent_id, body.address, itself=place.id)
    given = rows.given(body, without=["address"])
    if body.address is not None:
        given |= body.address.model_dump()
    rows.change(work, place, given, word="properties.changed", nullable=["parent_id"])
    return card(work, place)


def note_access(work: Work, property_id: UUID, text: str) -> PropertyCard:
    """Changes how to get in: crews who go there may, as well as the office.

    Raises:
        NotFound: there is none here, or none that may be known. Forbidden: the actor neither goes there nor keeps properties.
    """
    work.actor.require(Permission.PROPERTIES_READ)
    place = work.lock(Property, property_id)
    if not work.actor.granted(Permission.PROPERTIES_WRITE):
        work.actor.require(Permission.VISITS_PERFORM)
    rows.change(work, place, {"access_notes": text}, word="properties.changed")
    return card(work, place)


def get(work: Work, property_id: UUID) -> PropertyCard:
    """One property.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.PROPERTIES_READ)
    return card(work, work.get(Property, property_id))


def list_page(work: Work, query: Query) -> Page[PropertyCard]:
    """A page of properties, as `listing.Query` asks."""
    work.actor.require(Permission.PROPERTIES_READ)
    found = listing.page(work, Property, query)
    return Page(items=[card(work, row) for row in found.rows], next_cursor=found.next_cursor)


def archive(work: Work, property_id: UUID, *, version: int | None = None) -> None:
    """Puts a property away."""
    rows.archive(work, Property, property_id, Permission.PROPERTIES_DELETE, version=version)


def card(work: Work, place: Property) -> PropertyCard:
    """The property as the API shows it; access notes are for those who have to get in."""
    return PropertyCard.model_construct(
        id=place.id,
        client_id=place.client_id,
        parent_id=place.parent_id,
        address=Address.model_construct(**{part: getattr(place, part) for part in PARTS}),
        access_notes=None if work.actor.is_customer else place.access_notes,
        version=place.version,
        created_at=place.created_at,
        updated_at=place.updated_at,
        archived_at=place.archived_at,
    )


def one_line(place: Property | None) -> str:
    """The address on one line, as lists and mails show it."""
    if place is None:
        return ""
    street = f"{place.street}, {place.unit}" if place.unit else place.street
    town = " ".join(part for part in (place.region, place.postal_code) if part)
    return ", ".join(part for part in (street, place.city, town) if part)


def _check(
    work: Work,
    client_id: UUID,
    parent_id: UUID | None,
    address: Address | None,
    *,
    itself: UUID | None = None,
) -> None:
    if address is not None and not address.street:
        words = "A property needs its street."
        raise Invalid(words, errors=[FieldError("address.street", words)])
    if parent_id is None:
        return
    parent = work.need(Property, parent_id, "parent_id")
    if parent.client_id != client_id or parent.id == itself or parent.parent_id is not None:
        words = "A unit's building is another property of the same client, and not itself a unit."
        raise Invalid(words, errors=[FieldError("parent_id", words)])
