"""The portal's frame and home as screens show them."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge


class PortalFrame(BaseModel):
    """Under whose name the page stands, and for whom; `confined` is the session of one document's link."""

    name: str = ""
    line: str = ""
    mark: str = ""
    phone: str = ""
    email: str = ""
    tokens: dict[str, str] = Field(default_factory=dict)
    client: str = ""
    confined: bool = True
    manager: bool = False
    request_href: str = ""


class WaitingRow(BaseModel):
    """One estimate that needs an answer, or one invoice to pay."""

    id: str
    href: str
    title: str
    quiet: str
    when: Badge
    amount: str
    verb: str
    first: bool = False


class WorkRow(BaseModel):
    """One piece of work that is planned or going on."""

    id: str
    title: str
    place: str
    when: str
    stage: Badge


class PastRow(BaseModel):
    """One document that is dealt with."""

    href: str
    title: str
    quiet: str
    stage: Badge
    amount: str


class SpendRow(BaseModel):
    """What was invoiced for one property this year; `share` is a CSS width relative to the largest."""

    place: str
    quiet: str
    amount: str
    share: str


class PortalHome(BaseModel):
    """The first page of a client or a property manager."""

    heading: str = ""
    text: str = ""
    manager: bool = False
    waiting: list[WaitingRow] = Field(default_factory=list)
    waiting_more: str = ""
    work: list[WorkRow] = Field(default_factory=list)
    work_count: str = ""
    past: list[PastRow] = Field(default_factory=list)
    balance_label: str = ""
    balance: str = ""
    balance_note: str = ""
    spend: list[SpendRow] = Field(default_factory=list)
    spend_year: str = ""
    spend_total: str = ""
