"""Roles and rights over HTTP: the matrix, one cell of it, and why somebody can or cannot do something."""

from fastapi import APIRouter
from starlette.responses import Response

from models.access import Permission
from ontrack_app.api import problems
from ontrack_app.api.deps import Through
from ontrack_app.api.nouns import needs
from ontrack_app.schemas.rights import RightCell, RightPatch, RightsCard, WhyCard
from ontrack_app.services import rights, why

RIGHTS = APIRouter(tags=["rights"], prefix="/rights", responses=problems.DOCUMENTED)
ASKED = [
    {"name": "member_id", "in": "query", "required": True, "schema": {"type": "string", "format": "uuid"}},
    {"name": "permission", "in": "query", "required": True, "schema": {"type": "string", "enum": [right.value for right in Permission]}},
    {"name": "address", "in": "query", "required": False, "description": "The address of one row, such as /jobs/ and an id.",
     "schema": {"type": "string", "maxLength": 500}},
]  # fmt: skip


@RIGHTS.get(
    "", name="Roles and rights", operation_id="rights_list", response_model=RightsCard, openapi_extra=needs(Permission.MEMBERS_MANAGE)
)  # fmt: skip
def read(door: Through) -> Response:
    """Every role × right as it is in this company."""
    return door.run(rights.matrix)


@RIGHTS.get(
    "/why", name="Why somebody can or cannot", operation_id="rights_why", response_model=WhyCard,
    openapi_extra=needs(Permission.MEMBERS_MANAGE, parameters=ASKED),
)  # fmt: skip
def answer(door: Through) -> Response:
    """Whether a member can do something, and why, in words."""
    return door.run(why.answer, door.request.query_params)


@RIGHTS.patch(
    "/{role}/{permission}", name="Change a right", operation_id="rights_change", response_model=RightCell, openapi_extra=needs(Permission.MEMBERS_MANAGE)
)  # fmt: skip
def change(role: str, permission: str, body: RightPatch, door: Through) -> Response:
    """Takes a right from a role or gives it; by a person who has just proven who they are, never by an API key."""
    return door.run(rights.change_named, role, permission, body.granted)
