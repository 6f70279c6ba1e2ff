"""Estimates as their clients see them."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge, Total
from ontrack_app.schemas.screens.papers import LineRow


class PortalEstimateRow(BaseModel):
    """One row of the list."""

    id: str
    title: str
    number: str
    place: str
    when: str
    stage: Badge
    total: str


class PortalEstimate(BaseModel):
    """One estimate; `kind` is open, changes, approved, declined, expired or withdrawn."""

    id: str = ""
    version: int = 0
    kind: str = ""
    above: str = ""
    title: str = ""
    note: str = ""
    place: str = ""
    stage: Badge = Field(default_factory=Badge)
    lines: list[LineRow] = Field(default_factory=list)
    lines_words: str = ""
    rows: list[Total] = Field(default_factory=list)
    total_label: str = ""
    total: str = ""
    terms: str = ""
    pdf: str = ""
    signer: str = ""
    today: str = ""
    answer_title: str = ""
    answer: str = ""
    quoted: str = ""
    visits: list[str] = Field(default_factory=list)
    may_decline: bool = False
