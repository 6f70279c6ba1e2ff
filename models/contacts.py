"""Contacts: the people of a client, whom estimates and invoices are mailed to."""

from uuid import UUID

from sqlmodel import Field

from models.access import OFFICE_ROLES, PORTAL_ROLES
from models.base import NounRow, index, ref
from models.fields import Field as Fact
from models.fields import FieldList

CONTACT_FIELDS = FieldList(
    "contacts",
    (
        Fact("client_id", "Client", edit=frozenset(), see=OFFICE_ROLES | PORTAL_ROLES, filterable=True),
        Fact(
            "name",
            "Name",
            required=True,
            see=OFFICE_ROLES | PORTAL_ROLES,
            listed=True,
            sortable=True,
            searchable=True,
        ),
        Fact(
            "email",
            "E-mail",
            "email",
            see=OFFICE_ROLES | PORTAL_ROLES,
            listed=True,
            filterable=True,
            searchable=True,
        ),
        Fact(
            "phone",
            "Phone",
            "phone",
            see=OFFICE_ROLES | PORTAL_ROLES,
            listed=True,
            searchable=True,
            max_length=40,
        ),
        Fact("job_title", "Job title"),
        Fact("is_primary", "First to contact", "flag", filterable=True),
        Fact("created_at", "Created", "time", edit=frozenset(), sortable=True),
    ),
)


class Contact(NounRow, table=True):
    """One person at a client."""

    __tablename__ = "contacts"
    FIELDS = CONTACT_FIELDS
    client_id: UUID
    name: str
    email: str = ""
    phone: str = ""
    job_title: str = ""
    is_primary: bool = False
    search_text: str = Field(default="")

    __table_args__ = (
        ref("client_id", "clients"),
        index("ix_contacts_client", "client_id"),
        index("ix_contacts_email", "email"),
    )
