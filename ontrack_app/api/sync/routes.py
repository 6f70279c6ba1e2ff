"""The only home of the sync protocol's addresses: hello, push, pull, snapshot."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from models.access import Permission
from ontrack_app.api import problems
from ontrack_app.api.deps import Door, Through, client_ip
from ontrack_app.api.nouns import needs
from ontrack_app.db import SystemCredential
from ontrack_app.errors import Refusal, SignedOut, TooLarge
from ontrack_app.schemas.sync import HelloBody, HelloCard, PullCard, PushBody, PushCard, SnapshotCard
from ontrack_app.services.sync import devices, hand_in, hand_in_keys, pull, push

PREFIX = "/api/sync/v1"
MOST_BYTES = 256 * 1024
TRIES = 3
READS = (Permission.VISITS_READ, Permission.VISITS_PERFORM)
SYNC = APIRouter(prefix=PREFIX, tags=["sync"], responses=problems.DOCUMENTED)


@SYNC.post(
    "/hello", name="Say hello", operation_id="sync_hello", response_model=HelloCard, openapi_extra=needs()
)
def hello(body: HelloBody, door: Through) -> Response:
    """The first call of every sync. A phone whose person performs no visits is told to wipe."""
    return door.run(devices.hello, body)


@SYNC.post(
    "/push", name="Push mutations", operation_id="sync_push", response_model=PushCard, openapi_extra=needs()
)
def take(body: PushBody, door: Through) -> Response:
    """Takes mutations in, in their order. What a phone may no longer write is kept for the office to decide."""
    if len(door.body) > MOST_BYTES:
        return problems.refused(TooLarge(f"At most {MOST_BYTES // 1024} KB in one push."))
    answer = door.insist(push.push, body, tries=TRIES)
    if answer.status_code == SignedOut.status and body.hand_in:
        return _handed_in(body, body.hand_in, door)
    return answer


def _handed_in(body: PushBody, key: str, door: Door) -> Response:
    try:
        tenant_id = hand_in_keys.tenant_of(key, body.device_id)
    except Refusal as refusal:
        return problems.refused(refusal)
    ours = SystemCredential(tenant_id, hand_in.NAME, hand_in.ONLY, ip=client_ip(door.request))
    return door.instead(ours).insist(hand_in.take, body, tries=TRIES)


@SYNC.get(
    "/pull",
    name="Pull changes",
    operation_id="sync_pull",
    response_model=PullCard,
    openapi_extra=needs(*READS),
)
def changed(
    door: Through,
    device_id: UUID,
    cursor: Annotated[str, Query(max_length=60)] = "",
    limit: Annotated[int, Query(ge=1, le=pull.MOST)] = pull.MOST,
) -> Response:
    """What changed for the caller after a cursor."""
    return door.steady(pull.pull, device_id, cursor, limit)


@SYNC.get("/snapshot", name="Load a snapshot", operation_id="sync_snapshot", response_model=SnapshotCard, openapi_extra=needs(*READS))  # fmt: skip
def everything(door: Through, device_id: UUID) -> Response:
    """Everything that is the caller's, as of one number."""
    return door.steady(pull.snapshot, device_id)
