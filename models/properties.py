"""Properties: the places where the work is done; a unit's parent is its building."""

from uuid import UUID

from sqlmodel import Field

from models.access import PEOPLE_ROLES, Role
from models.base import NounRow, index, ref
from models.fields import Field as Fact
from models.fields import FieldList

EVERYBODY = frozenset(PEOPLE_ROLES)
WITH_CREW = frozenset({Role.ADMIN, Role.OFFICE, Role.CREW})

PROPERTY_FIELDS = FieldList(
    "properties",
    (
        Fact("client_id", "Client", edit=frozenset(), see=EVERYBODY, filterable=True),
        Fact("street", "Street", required=True, see=EVERYBODY, listed=True, sortable=True, searchable=True),
        Fact("unit", "Unit", see=EVERYBODY, searchable=True, max_length=40),
        Fact("city", "City", see=EVERYBODY, listed=True, sortable=True, filterable=True, searchable=True),
        Fact("region", "State or province", see=EVERYBODY, max_length=80),
        Fact("postal_code", "Postal code", see=EVERYBODY, searchable=True, max_length=20),
        Fact("country", "Country", see=EVERYBODY, max_length=2),
        Fact(
            "access_notes",
            "Access notes",
            "long",
            see=WITH_CREW,
            help="Gate, dogs, keys. Crews see it.",
            max_length=2000,
            secret=True,
        ),
        Fact("created_at", "Created", "time", edit=frozenset(), sortable=True),
    ),
)


class Property(NounRow, table=True):
    """A service address of a client."""

    __tablename__ = "properties"
    FIELDS = PROPERTY_FIELDS
    client_id: UUID
    parent_id: UUID | None = None
    street: str
    unit: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    access_notes: str = ""
    search_text: str = Field(default="")

    __table_args__ = (
        ref("client_id", "clients"),
        ref("parent_id", "properties"),
        index("ix_properties_client", "client_id"),
        index("ix_properties_parent", "parent_id"),
        index("ix_properties_list", "created_at", "id"),
    )
