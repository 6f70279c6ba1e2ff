"""Estimates on screens: rows of the list, the record, the form that starts one."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge, Fact, Option, Record
from ontrack_app.schemas.screens.papers import Found


class EstimateRow(BaseModel):
    """One row of the list."""

    id: str
    number: str
    title: str
    client: str
    stage: Badge
    fact: Badge = Field(default_factory=Badge)
    sent: str = ""
    expires: str = ""
    total: str = ""


class RevisionRow(BaseModel):
    """One revision as it was sent, with its paper."""

    label: str
    when: str
    total: str
    href: str


class Signed(BaseModel):
    """Who agreed, when and how; no name while nobody has."""

    name: str = ""
    how: str = ""
    evidence: str = ""


class EstimateRecord(Record):
    """An estimate's page, besides its lines and totals."""

    stage_key: str = ""
    editable: bool = False
    lead_needed: str = ""
    facts: list[Fact] = Field(default_factory=list)
    title_text: str = ""
    note: str = ""
    terms: str = ""
    expires_on: str = ""
    contact_id: str = ""
    contact_name: str = ""
    contacts: list[Option] = Field(default_factory=list)
    property_id: str = ""
    properties: list[Option] = Field(default_factory=list)
    changes_asked: str = ""
    changes_by: str = ""
    waiting: str = ""
    signed: Signed = Field(default_factory=Signed)
    revisions: list[RevisionRow] = Field(default_factory=list)
    pdf: str = ""
    job_href: str = ""
    tax_codes: list[str] = Field(default_factory=list)
    can_answer: bool = False


class NewEstimate(BaseModel):
    """The form that starts an estimate: for whom, where, after which lead."""

    client_id: str = ""
    client: str = ""
    lead_id: str = ""
    lead: str = ""
    property_id: str = ""
    properties: list[Option] = Field(default_factory=list)
    title: str = ""
    stopped: str = ""
    found: list[Found] = Field(default_factory=list)
