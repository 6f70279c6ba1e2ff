"""Devices: the phones that work offline, and taking that back."""

from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.devices import Device
from ontrack_app.errors import Forbidden
from ontrack_app.work import Work


def listed(work: Work) -> list[Device]:
    """The company's phones, the one last heard of first; a crew member gets its own."""
    if not work.actor.is_office:
        work.actor.require(Permission.VISITS_PERFORM)
    query = work.of(Device)
    if not work.actor.granted(Permission.MEMBERS_READ):
        query = query.where(col(Device.member_id) == work.actor.member_id)
    found: list[Device] = work.all(query.order_by(col(Device.seen_at).desc(), col(Device.id)))
    return found


def revoke(work: Work, device_id: UUID) -> Device:
    """Signs a phone off: it is told to wipe itself, reads nothing more, and what it still brings waits for a decision.

    Raises:
        NotFound: there is none here. Forbidden: another person's phone, without the right to manage members.
    """
    device = work.lock(Device, device_id)
    if device.member_id != work.actor.member_id and not work.actor.granted(Permission.MEMBERS_MANAGE):
        raise Forbidden("Only who manages members may sign off another person's phone.")
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by = work.at, work.actor.member_id
        work.record("devices.revoked", device, after={"label": device.label, "waiting": device.waiting})
    return device
