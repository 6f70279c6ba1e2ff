"""Clients, contacts and properties as they cross a door."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ontrack_app.schemas.common import Address, Body, Email, Line, Trail
from ontrack_app.schemas.leads import Name, Phone

ClientKind = Literal["person", "company", "property_manager"]
Days = Annotated[int, Field(strict=True, ge=0, le=365)]


class ClientBody(Body):
    """A new client."""

    name: Name
    kind: ClientKind = "person"
    bill_to: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""
    payment_terms_days: Days | None = None
    tax_exempt: Annotated[bool, Field(strict=True)] = False
    do_not_service: Annotated[bool, Field(strict=True)] = False
    source: Line = ""


class ClientPatch(Body):
    """Changes to a client; what is left out stays."""

    name: Name | None = None
    kind: ClientKind | None = None
    bill_to: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] | None = None
    payment_terms_days: Days | None = None
    tax_exempt: Annotated[bool, Field(strict=True)] | None = None
    do_not_service: Annotated[bool, Field(strict=True)] | None = None
    source: Line | None = None


class ClientCard(Trail):
    """A client as the API shows it; crews and customers get the name alone in the fields they may not see."""

    id: UUID
    name: str
    kind: str
    bill_to: str
    payment_terms_days: int | None
    tax_exempt: bool
    do_not_service: bool
    source: str


class ContactBody(Body):
    """A new contact of a client."""

    client_id: UUID
    name: Name
    email: Email = ""
    phone: Phone = ""
    job_title: Line = ""
    is_primary: Annotated[bool, Field(strict=True)] = False


class ContactPatch(Body):
    """Changes to a contact; what is left out stays."""

    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    job_title: Line | None = None
    is_primary: Annotated[bool, Field(strict=True)] | None = None


class ContactCard(Trail):
    """A contact as the API shows it."""

    id: UUID
    client_id: UUID
    name: str
    email: str
    phone: str
    job_title: str
    is_primary: bool


class PropertyBody(Body):
    """A new service address of a client."""

    client_id: UUID
    parent_id: UUID | None = None
    address: Address
    access_notes: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] = ""


class PropertyPatch(Body):
    """Changes to a property; what is left out stays."""

    parent_id: UUID | None = None
    address: Address | None = None
    access_notes: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] | None = None


class PropertyCard(Trail):
    """A property as the API shows it; `access_notes` only for office and crew."""

    id: UUID
    client_id: UUID
    parent_id: UUID | None
    address: Address
    access_notes: str | None
