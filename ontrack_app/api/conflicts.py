"""Conflicts over HTTP: two values of one thing, and the choice between them."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from models.access import Permission
from models.conflicts import CONFLICT_FIELDS
from ontrack_app.api import problems
from ontrack_app.api.deps import Through
from ontrack_app.api.nouns import IDEMPOTENCY_KEY, list_parameters, needs, query_of
from ontrack_app.schemas.common import Page
from ontrack_app.schemas.conflicts import ConflictCard
from ontrack_app.services import conflicts

CONFLICTS = APIRouter(prefix="/conflicts", tags=["conflicts"], responses=problems.DOCUMENTED)
READS = Permission.VISITS_PERFORM


@CONFLICTS.get(
    "",
    name="List conflicts",
    operation_id="conflicts_list",
    response_model=Page[ConflictCard],
    openapi_extra=needs(READS, parameters=list_parameters(CONFLICT_FIELDS)),
)
def list_conflicts(door: Through) -> Response:
    """Values that lost against others, undecided ones with `decision=none`; a crew member gets its own."""
    return door.run(
        lambda work: conflicts.list_page(work, query_of(CONFLICT_FIELDS, door.request.query_params))
    )


@CONFLICTS.get(
    "/{row_id}",
    name="Read a conflict",
    operation_id="conflicts_read",
    response_model=ConflictCard,
    openapi_extra=needs(READS),
)
def read_conflict(row_id: UUID, door: Through) -> Response:
    """One conflict, with what stands there at present."""
    return door.run(conflicts.get, row_id)


@CONFLICTS.post(
    "/{row_id}/moves/use",
    name="Use the value that lost",
    operation_id="conflicts_use",
    response_model=ConflictCard,
    openapi_extra=needs(READS, parameters=[IDEMPOTENCY_KEY]),
)
def use_lost(row_id: UUID, door: Through) -> Response:
    """The value that lost takes its place; a visit is brought to where its crew said that it stands. Decided once, it stays."""
    return door.run(conflicts.decide, row_id, use=True)


@CONFLICTS.post(
    "/{row_id}/moves/keep",
    name="Keep what stands",
    operation_id="conflicts_keep",
    response_model=ConflictCard,
    openapi_extra=needs(READS, parameters=[IDEMPOTENCY_KEY]),
)
def keep_standing(row_id: UUID, door: Through) -> Response:
    """What stands there goes on standing. Decided once, it stays decided."""
    return door.run(conflicts.decide, row_id, use=False)
