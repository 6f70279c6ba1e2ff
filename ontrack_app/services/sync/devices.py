"""Whether a phone is known, whose it is, and what it is told when it says hello."""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import text

from models.access import Permission
from models.devices import Device
from models.sync import SyncClient
from ontrack_app.errors import NotFound
from ontrack_app.schemas.sync import Grant, HelloBody, HelloCard
from ontrack_app.services import browsers
from ontrack_app.services.sync import hand_in_keys
from ontrack_app.services.sync.adapters import SCHEMA, understood_from
from ontrack_app.work import Work

GRANTED_FOR = timedelta(hours=72)
Status = Literal["ok", "upgrade", "wipe"]
HOLD_DEVICES = text("SELECT app.hold_devices()")


def own(work: Work, device_id: UUID) -> Device:
    """The actor's own device, revoked or not.

    Raises:
        NotFound: it never said hello here, or is another person's.
    """
    device = work.find(Device, device_id)
    if device is None or device.member_id != work.actor.member_id:
        raise NotFound("This phone is not known here. Say hello first.")
    return device


def may_work(work: Work) -> bool:
    """Whether the actor performs visits, now."""
    return work.actor.member_id is not None and work.actor.granted(Permission.VISITS_PERFORM)


def hello(work: Work, body: HelloBody) -> HelloCard:
    """The first call of every sync. A new phone becomes known; one that was revoked, or whose person performs no visits any
    more, is told to wipe (and may push what waits before it does).

    Raises:
        NotFound: the phone is another person's. Conflict: the same, where its person is not to be known.
    """
    device = work.find(Device, body.device_id)
    if device is not None and device.member_id != work.actor.member_id:
        raise NotFound("This phone is another person's. Sign out on it first.")
    if device is None and may_work(work):
        device = _add(work, body)
    status: Status = "wipe"
    last_seq = 0
    if device is not None:
        status = _heard(work, device, body)
        client = work.find(SyncClient, device.id)
        last_seq = client.last_seq if client else 0
    offset = round((body.clock.now - work.at).total_seconds() * 1000)
    member = work.actor.member_id
    grant = None
    if status != "wipe" and member is not None:
        grant = Grant(
            member_id=member,
            name=work.actor.name,
            until=work.at + GRANTED_FOR,
            zone=work.actor.tenant.timezone,
            currency=work.actor.tenant.currency,
        )
    return HelloCard.model_construct(
        status=status,
        grant=grant,
        server_time=work.at,
        clock_offset_ms=offset,
        min_schema=understood_from(work.at.date()),
        schema_version=SCHEMA,
        last_seq=last_seq,
        hand_in=hand_in_keys.key_for(device) if device is not None else None,
    )


def _add(work: Work, body: HelloBody) -> Device:
    work.session.execute(HOLD_DEVICES)
    assert work.actor.member_id is not None
    device = Device(
        tenant_id=work.actor.tenant_id,
        id=body.device_id,
        member_id=work.actor.member_id,
        label=body.label or browsers.device(work.actor.user_agent),
        created_at=work.at,
    )
    work.add(device)
    work.write(device)
    work.add(SyncClient(tenant_id=device.tenant_id, id=device.id, member_id=device.member_id))
    work.record("devices.added", device, after={"label": device.label})
    return device


def _heard(work: Work, device: Device, body: HelloBody) -> Status:
    device.app_version, device.schema_version = body.app_version, body.schema_version
    device.storage, device.waiting, device.seen_at = dict(body.storage), body.waiting, work.at
    device.clock_offset_ms = round((body.clock.now - work.at).total_seconds() * 1000)
    if device.revoked_at is not None:
        device.wiped_at = device.wiped_at or work.at
        return "wipe"
    if not may_work(work):
        return "wipe"
    return "upgrade" if body.schema_version < understood_from(work.at.date()) else "ok"
