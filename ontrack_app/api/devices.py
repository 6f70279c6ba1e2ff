"""Devices over HTTP: the phones that work offline, and signing one off."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from models.access import Permission
from models.devices import DEVICE_FIELDS
from ontrack_app.api import problems
from ontrack_app.api.deps import Through
from ontrack_app.api.nouns import IDEMPOTENCY_KEY, list_parameters, needs, query_of
from ontrack_app.schemas.common import Page
from ontrack_app.schemas.devices import DeviceCard
from ontrack_app.services import devices

DEVICES = APIRouter(prefix="/devices", tags=["devices"], responses=problems.DOCUMENTED)
OWN = Permission.VISITS_PERFORM  # whoever has this has phones of its own
LATEST = "-seen_at"


@DEVICES.get(
    "",
    name="List phones",
    operation_id="devices_list",
    response_model=Page[DeviceCard],
    openapi_extra=needs(Permission.MEMBERS_READ, own=OWN, parameters=list_parameters(DEVICE_FIELDS)),
)
def list_devices(door: Through) -> Response:
    """The company's phones, the one last heard of first; a crew member gets its own."""
    return door.run(
        lambda work: devices.list_page(work, query_of(DEVICE_FIELDS, door.request.query_params, sort=LATEST))
    )


@DEVICES.get(
    "/{row_id}",
    name="Read a phone",
    operation_id="devices_read",
    response_model=DeviceCard,
    openapi_extra=needs(Permission.MEMBERS_READ, own=OWN),
)
def read_device(row_id: UUID, door: Through) -> Response:
    """One phone."""
    return door.run(devices.get, row_id)


@DEVICES.post(
    "/{row_id}/moves/revoke",
    name="Sign a phone off",
    operation_id="devices_revoke",
    response_model=DeviceCard,
    openapi_extra=needs(Permission.MEMBERS_MANAGE, own=OWN, parameters=[IDEMPOTENCY_KEY]),
)
def revoke_device(row_id: UUID, door: Through) -> Response:
    """It reads nothing more and wipes itself when it next connects; what it still brings waits for a decision. One's own phone
    needs no right to manage members."""
    return door.run(devices.revoke, row_id)
