"""Jobs on screens: rows of the list, the record with its visits, money and what is still needed."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge, Fact, Figure, Record
from ontrack_app.schemas.screens.visits import VisitRow


class JobRow(BaseModel):
    """One row of the list."""

    id: str
    number: str
    title: str
    client: str
    place: str = ""
    stage: Badge
    fact: Badge = Field(default_factory=Badge)
    visits: str = ""
    next: str = ""
    contract: str = ""


class Need(BaseModel):
    """One thing that still stands in the way; the act is a visit to plan or a page."""

    text: str
    more: str = ""
    plan: str = ""
    label: str = ""


class JobRecord(Record):
    """A job's page."""

    stage_key: str = ""
    editable: bool = False
    facts: list[Fact] = Field(default_factory=list)
    visits: list[VisitRow] = Field(default_factory=list)
    visits_note: str = ""
    money: list[Figure] = Field(default_factory=list)
    needs: list[Need] = Field(default_factory=list)
    title_text: str = ""
    instructions: str = ""
    po_number: str = ""
    invoice_href: str = ""
    invoice_label: str = ""
    can_plan: bool = False
