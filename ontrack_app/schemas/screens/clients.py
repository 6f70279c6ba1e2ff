"""Clients, their contacts and their properties as screens show them."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge, Fact, Figure, Record


class ClientRow(BaseModel):
    """One row of the list of clients."""

    id: str
    name: str
    contact: str = ""
    reach: str = ""
    place: str = ""
    kind: str = ""
    owed: str = ""
    fact: Badge = Field(default_factory=Badge)


class PersonRow(BaseModel):
    """One contact of a client."""

    id: str
    name: str
    job_title: str = ""
    email: str = ""
    phone: str = ""
    first: str = ""


class PlaceRow(BaseModel):
    """One property, in the list or on its client's page."""

    id: str
    address: str
    city: str = ""
    client: str = ""
    access: str = ""


class PaperRow(BaseModel):
    """One estimate, job or invoice on the page of a client or property."""

    id: str
    href: str
    number: str
    title: str = ""
    stage: Badge = Field(default_factory=Badge)
    when: str = ""
    amount: str = ""


class Papers(BaseModel):
    """The latest estimates, jobs or invoices of a client or property."""

    title: str
    all_href: str = ""
    rows: list[PaperRow] = Field(default_factory=list)


class ClientRecord(Record):
    """A client's page."""

    facts: list[Fact] = Field(default_factory=list)
    money: list[Figure] = Field(default_factory=list)
    people: list[PersonRow] = Field(default_factory=list)
    places: list[PlaceRow] = Field(default_factory=list)
    papers: list[Papers] = Field(default_factory=list)
    estimate_href: str = ""


class PropertyRecord(Record):
    """A property's page."""

    access: str = ""
    facts: list[Fact] = Field(default_factory=list)
    units: list[PlaceRow] = Field(default_factory=list)
    papers: list[Papers] = Field(default_factory=list)
    estimate_href: str = ""
