"""Properties over HTTP."""

from models.properties import PROPERTY_FIELDS
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.clients import PropertyBody, PropertyCard, PropertyPatch
from ontrack_app.services import properties

PROPERTIES = Noun("properties", properties, PROPERTY_FIELDS, PropertyCard, PropertyBody, PropertyPatch)
