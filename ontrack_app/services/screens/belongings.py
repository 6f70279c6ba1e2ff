"""The chips that say whose rows a list is narrowed to: a client's, a property's."""

from uuid import UUID

from models.clients import Client
from models.properties import Property
from ontrack_app.schemas.screens.common import Filter, ListQuery
from ontrack_app.services.properties import one_line
from ontrack_app.services.screens.lists import filter_of
from ontrack_app.work import Work

NOBODY = "not here any more"


def chips(work: Work, asked: ListQuery) -> list[Filter]:
    """A chip for each record that the address names; the address was read by the list already, so ids are ids."""
    found = []
    if client_id := asked.filters.get("client_id", ""):
        client = work.find(Client, UUID(client_id))
        found.append(filter_of(asked, "client_id", "Client", shown=client.name if client else NOBODY))
    if property_id := asked.filters.get("property_id", ""):
        place = work.find(Property, UUID(property_id))
        found.append(filter_of(asked, "property_id", "Property", shown=one_line(place) or NOBODY))
    return found
