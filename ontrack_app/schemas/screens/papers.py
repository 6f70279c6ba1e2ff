"""The shapes of lines and totals on screens: what the grid edits, what paper shows."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.common import MoveCard
from ontrack_app.schemas.screens.common import Total


class LineRow(BaseModel):
    """One line as text; `error` says what was refused in it, and stays until that cell is right."""

    id: str
    description: str = ""
    quantity: str = ""
    unit: str = ""
    price: str = ""
    discount: str = ""
    taxes: str = ""
    amount: str = ""
    error: str = ""


class Margin(BaseModel):
    """What stays after costs, for the office alone; `known` says of how many lines the cost is known."""

    percent: str = ""
    cost: str = ""
    left: str = ""
    known: str = ""


class Paper(BaseModel):
    """The lines of a document, what they come to and what may be done with them, at one version of it."""

    version: int = 0
    lines: list[LineRow] = Field(default_factory=list)
    rows: list[Total] = Field(default_factory=list)
    label: str = "Total"
    total: str = ""
    margin: Margin = Field(default_factory=Margin)
    moves: list[MoveCard] = Field(default_factory=list)


class Found(BaseModel):
    """One entry of the price book or one client, as a search shows it."""

    id: str
    name: str
    kind: str = ""
    price: str = ""
