"""Members over HTTP, and who the caller is."""

from fastapi import APIRouter
from starlette.responses import Response

from models.members import MEMBER_FIELDS
from ontrack_app.api import problems
from ontrack_app.api.deps import Through
from ontrack_app.api.nouns import Noun, needs
from ontrack_app.schemas.me import MeCard
from ontrack_app.schemas.members import MemberCard, MemberPatch
from ontrack_app.services import me, members

MEMBERS = Noun(
    "members", members, MEMBER_FIELDS, MemberCard, patch=MemberPatch, archives=False, writes="manage"
)
ME = APIRouter(tags=["me"], responses=problems.DOCUMENTED)


@ME.get("/me", name="Who calls", operation_id="me_read", response_model=MeCard, openapi_extra=needs())
def read_me(door: Through) -> Response:
    """Who the caller is, in which tenant, with which rights."""
    return door.run(me.get)
