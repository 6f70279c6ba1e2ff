"""Roles and rights over HTTP: the matrix, one cell of it, and why somebody can or cannot do something."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from models.access import Permission, Role
from ontrack_app.api import problems
from ontrack_app.api.deps import Through
from ontrack_app.api.nouns import needs
from ontrack_app.schemas.members import RoleName
from ontrack_app.schemas.rights import RightCell, RightPatch, RightsCard, WhyCard, WhyQuery
from ontrack_app.services import rights, why

RIGHTS = APIRouter(tags=["rights"], prefix="/rights", responses=problems.DOCUMENTED)
Address = Annotated[
    str, Query(max_length=500, description="The address of one row, such as /jobs/ and an id.")
]


@RIGHTS.get(
    "", name="Roles and rights", operation_id="rights_list", response_model=RightsCard, openapi_extra=needs(Permission.MEMBERS_MANAGE)
)  # fmt: skip
def read(door: Through) -> Response:
    """Every role × right as it is in this company."""
    return door.run(rights.matrix)


@RIGHTS.get(
    "/why", name="Why somebody can or cannot", operation_id="rights_why", response_model=WhyCard, openapi_extra=needs(Permission.MEMBERS_MANAGE)
)  # fmt: skip
def answer(member_id: UUID, permission: Permission, door: Through, address: Address = "") -> Response:
    """Whether a member can do something, and why, in words."""
    asked = WhyQuery(member_id=member_id, permission=permission.value, address=address)
    return door.run(why.why, asked)


@RIGHTS.patch(
    "/{role}/{permission}", name="Change a right", operation_id="rights_change", response_model=RightCell, openapi_extra=needs(Permission.MEMBERS_MANAGE)
)  # fmt: skip
def change(role: RoleName, permission: Permission, body: RightPatch, door: Through) -> Response:
    """Takes a right from a role or gives it; by a person who has just proven who they are, never by an API key."""
    return door.run(rights.change, Role(role), permission, body.granted)
