"""Roles and rights as they cross a door."""

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from ontrack_app.schemas.common import Body, Card


class RightCell(Card):
    """What one role may do with one right here: now, by default, and why it cannot be changed (empty where it can)."""

    role: str
    permission: str
    granted: bool
    usual: bool
    locked: str = ""
    changed_by: str = ""
    changed_at: AwareDatetime | None = None


class RoleScope(Card):
    """A role, and which rows its people reach, in words."""

    role: str
    label: str
    reaches: str


class RightsCard(Card):
    """The whole matrix: the roles with their scopes, and a cell for every role and right."""

    roles: list[RoleScope]
    cells: list[RightCell]


class RightPatch(Body):
    """Whether the role has the right from now on."""

    granted: Annotated[bool, Field(strict=True)]


class WhyQuery(Body):
    """Whose action is asked about, and the address of one row where it is about that one."""

    member_id: UUID
    permission: Annotated[str, Field(max_length=60)]
    address: Annotated[str, Field(max_length=500)] = ""


class WhyCard(Card):
    """Whether a member can do something, and why, one reason a line; the first line is the answer."""

    can: bool
    answer: str
    reasons: list[str]
