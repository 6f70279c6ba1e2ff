"""Roles and rights as screens show them."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Option


class RoleColumn(BaseModel):
    """A role as the head of a column: what its people reach, how many rights differ from the usual, the second step."""

    role: str
    label: str
    reaches: str
    people: str = ""
    differs: str = ""
    restore_text: str = ""
    factor: bool = False


class RightCellView(BaseModel):
    """One cell: whether granted, and in words what it is, why it is locked, or who changed it."""

    role: str
    permission: str
    granted: bool
    locked: bool = False
    changed: bool = False
    label: str = ""
    hint: str = ""


class RightRow(BaseModel):
    """One action of a noun, with a cell for each role."""

    action: str
    cells: list[RightCellView]


class RightGroup(BaseModel):
    """A noun with its actions."""

    title: str
    rows: list[RightRow]


class RightsView(BaseModel):
    """The whole page."""

    roles: list[RoleColumn] = Field(default_factory=list)
    groups: list[RightGroup] = Field(default_factory=list)


class WhyView(BaseModel):
    """The form that asks why, and its answer."""

    people: list[Option] = Field(default_factory=list)
    actions: list[Option] = Field(default_factory=list)
    member_id: str = ""
    permission: str = ""
    address: str = ""
    answer: str = ""
    tint: str = "idle"
    reasons: list[str] = Field(default_factory=list)
