"""Properties on screens: the list, a property's page, its form."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.clients import Client
from models.properties import PROPERTY_FIELDS, Property
from ontrack_app.schemas.clients import PropertyBody, PropertyPatch
from ontrack_app.schemas.screens.clients import PlaceRow, PropertyRecord
from ontrack_app.schemas.screens.common import Fact, Form, ListPage, ListQuery
from ontrack_app.services import properties
from ontrack_app.services.screens import client_papers, facts, forms, lists, related, timeline
from ontrack_app.services.screens.clients import place_row
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

VIEWS = (
    View("all", "All"),
    View("access", "With access notes", (col(Property.access_notes) != "",)),
    View("units", "Units", (col(Property.parent_id).is_not(None),)),
)


def listing(work: Work, asked: ListQuery) -> tuple[list[PlaceRow], ListPage]:
    """The properties that an address asks for.

    Raises:
        Invalid: a filter or sort that this list does not have.
    """
    work.actor.require(Permission.PROPERTIES_READ)
    found, foot = lists.page(work, Property, VIEWS, asked, sort="street")
    names = related.client_names(work, [place.client_id for place in found])
    if "client_id" in asked.filters:
        whose = next(iter(names.values()), "this one")
        foot.filters.append(lists.filter_of(asked, "client_id", "Client", shown=whose))
    foot.filters += lists.other_filters(asked, PROPERTY_FIELDS, ["client_id"])
    return [place_row(place, names.get(place.client_id, "")) for place in found], foot


def record(work: Work, property_id: UUID) -> PropertyRecord:
    """A property's page.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.PROPERTIES_READ)
    place = work.get(Property, property_id)
    client = work.get(Client, place.client_id)
    parent = work.find(Property, place.parent_id) if place.parent_id else None
    units: list[Property] = work.all(
        work.of(Property).where(col(Property.parent_id) == place.id, col(Property.archived_at).is_(None))
    )
    shown = [Fact(label="Client", value=client.name, href=f"/clients/{client.id}")]
    if parent:
        shown.append(Fact(label="Building", value=parent.street, href=f"/properties/{parent.id}"))
    shown += facts.of(work, PROPERTY_FIELDS, place, without=["client_id", "access_notes"])
    street = ", ".join(part for part in (place.street, place.unit) if part)
    return PropertyRecord(
        id=str(place.id),
        version=place.version,
        number=street,
        title=street,
        quiet=" · ".join(part for part in (client.name, _town(place)) if part),
        access=place.access_notes,
        facts=shown,
        units=[place_row(unit) for unit in units],
        papers=client_papers.of_property(work, place.id),
        timeline=timeline.of(work, [place.id], fields=PROPERTY_FIELDS),
        estimate_href=f"/estimates/new?client_id={client.id}&property_id={place.id}",
    )


def form(work: Work, property_id: UUID | None = None) -> Form:
    """The form of a property, new or filled.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.PROPERTIES_READ)
    return forms.form(work, PROPERTY_FIELDS, work.get(Property, property_id) if property_id else None)


def create(work: Work, data: Mapping[str, str], client_id: UUID) -> UUID:
    """A new property of a client from what was typed; its id.

    Raises:
        Invalid: with an error for each field that does not fit.
    """
    typed = forms.body(work, PropertyBody, PROPERTY_FIELDS, data, extra={"client_id": client_id})
    return properties.create(work, typed).id


def save(work: Work, data: Mapping[str, str], property_id: UUID, version: int) -> int:
    """Changes a property to what was typed; its version from then on.

    Raises:
        NotFound, Stale, Invalid: as their words say.
    """
    typed = forms.body(work, PropertyPatch, PROPERTY_FIELDS, data)
    return properties.patch(work, property_id, typed, version=version).version


def _town(place: Property) -> str:
    state = " ".join(part for part in (place.region, place.postal_code) if part)
    return ", ".join(part for part in (place.city, state) if part)
