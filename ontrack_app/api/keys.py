"""API keys over HTTP: listed and revoked. They are made on a page of a signed-in person only, or at the command line."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from models.access import Permission
from models.fields import FieldList
from ontrack_app.api import problems
from ontrack_app.api.deps import Through
from ontrack_app.api.nouns import list_parameters, needs, query_of
from ontrack_app.schemas.common import Page
from ontrack_app.schemas.keys import KeyCard
from ontrack_app.services import keys

NO_FIELDS = FieldList("api_keys", ())
KEYS = APIRouter(prefix="/api-keys", tags=["api keys"], responses=problems.DOCUMENTED)


def _paging() -> list[dict[str, Any]]:
    return [one for one in list_parameters(NO_FIELDS) if one["name"] in ("limit", "cursor")]


@KEYS.get(
    "",
    name="List API keys",
    operation_id="api_keys_list",
    response_model=Page[KeyCard],
    openapi_extra=needs(Permission.KEYS_MANAGE, parameters=_paging()),
)
def list_keys(door: Through) -> Response:
    """The company's keys, the newest first. No secret is in it: only its hash is kept."""
    return door.run(lambda work: keys.list_page(work, query_of(NO_FIELDS, door.request.query_params)))


@KEYS.delete(
    "/{row_id}",
    name="Revoke an API key",
    operation_id="api_keys_revoke",
    status_code=204,
    openapi_extra=needs(Permission.KEYS_MANAGE),
)
def revoke_key(row_id: UUID, door: Through) -> Response:
    """Ends a key at once, for good."""
    return door.run(keys.revoke, row_id)
