"""Estimates as they cross a door."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from ontrack_app.schemas.common import Body, Day, Line, MoneyBody, MoveBody, Paragraph, Trail
from ontrack_app.schemas.documents import LineBody, LineCard, SignatureBody, SignatureCard, TaxRowCard

Lines = Annotated[list[LineBody], Field(max_length=500)]


class EstimateBody(Body):
    """A new estimate of a client."""

    client_id: UUID
    property_id: UUID | None = None
    lead_id: UUID | None = None
    contact_id: UUID | None = None
    title: Line = ""
    expires_on: Day | None = None
    note_to_client: Paragraph = ""
    lines: Lines = Field(default_factory=list)


class EstimatePatch(Body):
    """Changes to a draft; what is left out stays, `lines` replaces all lines."""

    property_id: UUID | None = None
    contact_id: UUID | None = None
    title: Line | None = None
    expires_on: Day | None = None
    note_to_client: Paragraph | None = None
    lines: Lines | None = None


class EstimateMoveBody(MoveBody):
    """What an estimate's move may carry: a signature to approve; evidence where the office approves on behalf."""

    signature: SignatureBody | None = None
    evidence: Paragraph | None = None


class EstimateCard(Trail):
    """An estimate as the API shows it."""

    id: UUID
    number: str
    revision: int
    title: str
    stage: str
    is_expired: bool
    client_id: UUID
    property_id: UUID | None
    lead_id: UUID | None
    contact_id: UUID | None
    job_id: UUID | None
    expires_on: date | None
    sent_at: AwareDatetime | None
    answered_at: AwareDatetime | None
    note_to_client: str
    changes_asked: str
    lines: list[LineCard]
    subtotal: MoneyBody
    tax: MoneyBody
    total: MoneyBody
    tax_rows: list[TaxRowCard]
    document_hash: str | None
    signature: SignatureCard | None
