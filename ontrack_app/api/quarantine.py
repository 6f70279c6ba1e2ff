"""Work that could not be taken over HTTP: it waits for the office, who takes it in or discards it."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from models.access import Permission
from models.sync import QUARANTINE_FIELDS
from ontrack_app.api import problems
from ontrack_app.api.deps import Through
from ontrack_app.api.nouns import IDEMPOTENCY_KEY, list_parameters, needs, query_of
from ontrack_app.schemas.common import Page
from ontrack_app.schemas.quarantine import DiscardBody, QuarantineCard, TakenCard
from ontrack_app.services.sync import quarantine

QUARANTINE = APIRouter(prefix="/quarantine", tags=["quarantine"], responses=problems.DOCUMENTED)
DECIDES = Permission.VISITS_CORRECT
FIRST_COME = "received_at"  # the order to take it in: what ends a thing comes after what began it


@QUARANTINE.get(
    "",
    name="List work that waits",
    operation_id="quarantine_list",
    response_model=Page[QuarantineCard],
    openapi_extra=needs(DECIDES, parameters=list_parameters(QUARANTINE_FIELDS)),
)
def list_waiting(door: Through) -> Response:
    """Work that came and could not be taken, the oldest first; undecided with `decision=none`."""
    return door.run(
        lambda work: quarantine.list_page(
            work, query_of(QUARANTINE_FIELDS, door.request.query_params, sort=FIRST_COME)
        )
    )


@QUARANTINE.get(
    "/{row_id}",
    name="Read work that waits",
    operation_id="quarantine_read",
    response_model=QuarantineCard,
    openapi_extra=needs(DECIDES),
)
def read_waiting(row_id: UUID, door: Through) -> Response:
    """One piece of work, as the phone sent it."""
    return door.run(quarantine.get, row_id)


@QUARANTINE.post(
    "/{row_id}/moves/take_in",
    name="Take work in",
    operation_id="quarantine_take_in",
    response_model=TakenCard,
    openapi_extra=needs(DECIDES, parameters=[IDEMPOTENCY_KEY]),
)
def take_in(row_id: UUID, door: Through) -> Response:
    """Does it after all, in the name of whoever did it. Refused, it waits on."""
    return door.run(quarantine.take_in, row_id)


@QUARANTINE.post(
    "/{row_id}/moves/discard",
    name="Discard work",
    operation_id="quarantine_discard",
    response_model=QuarantineCard,
    openapi_extra=needs(DECIDES, parameters=[IDEMPOTENCY_KEY]),
)
def discard(row_id: UUID, body: DiscardBody, door: Through) -> Response:
    """Lets it be, with the reason in the trail. What it was stays readable."""
    return door.run(quarantine.discard, row_id, body.reason)
