"""Devices: the phones that work offline, and taking that back."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from models.access import Permission
from models.devices import Device
from models.members import Member
from ontrack_app.errors import Forbidden, NotFound
from ontrack_app.schemas.common import Page
from ontrack_app.schemas.devices import DeviceCard
from ontrack_app.services import listing
from ontrack_app.services.listing import Query
from ontrack_app.work import Work


def list_page(work: Work, query: Query) -> Page[DeviceCard]:
    """A page of the company's phones, as `listing.Query` asks; who does not see members gets its own.

    Raises:
        Forbidden: the actor neither sees members nor performs visits. Invalid: as `listing.page` says.
    """
    found = listing.page(work, Device, query, *mine(work))
    return Page(items=cards(work, found.rows), next_cursor=found.next_cursor)


def get(work: Work, device_id: UUID) -> DeviceCard:
    """One phone.

    Raises:
        NotFound: there is none here, or it is another's. Forbidden: as for the list.
    """
    own = bool(mine(work))
    device = work.get(Device, device_id)
    if own and device.member_id != work.actor.member_id:
        raise NotFound("There is no device with this id.")
    return cards(work, [device])[0]


def revoke(work: Work, device_id: UUID) -> DeviceCard:
    """Signs a phone off: it is told to wipe itself, reads nothing more, and what it still brings waits for a decision.

    Raises:
        NotFound: there is none here. Forbidden: another person's phone, without the right to manage members.
    """
    mine(work)
    device = work.lock(Device, device_id)
    if device.member_id != work.actor.member_id and not work.actor.granted(Permission.MEMBERS_MANAGE):
        raise Forbidden("Only who manages members may sign off another person's phone.")
    if device.revoked_at is None:
        device.revoked_at, device.revoked_by = work.at, work.actor.member_id
        work.record("devices.revoked", device, after={"label": device.label, "waiting": device.waiting})
    return cards(work, [device])[0]


def mine(work: Work) -> list[ColumnElement[bool]]:
    """The condition that narrows phones to the actor's own, none for whoever sees members.

    Raises:
        Forbidden: the actor neither sees members nor performs visits.
    """
    if work.actor.granted(Permission.MEMBERS_READ):
        return []
    work.actor.require(Permission.VISITS_PERFORM)
    return [col(Device.member_id) == work.actor.member_id]


def names(work: Work, ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """The names of members, by id; of those that may be known."""
    return _told(work, Member, col(Member.name), set(ids) - {None})


def labels(work: Work, ids: Iterable[UUID]) -> dict[UUID, str]:
    """What phones are called, by id; of those that may be known."""
    return _told(work, Device, col(Device.label), set(ids))


def _told(work: Work, model: Any, column: Any, ids: Collection[UUID | None]) -> dict[UUID, str]:
    if not ids:
        return {}
    asked = select(model.id, column).where(model.tenant_id == work.actor.tenant_id, model.id.in_(ids))
    return {row[0]: row[1] for row in work.session.execute(asked)}


def cards(work: Work, found: Collection[Device]) -> list[DeviceCard]:
    """Phones as the API shows them."""
    people = names(work, [device.member_id for device in found])
    copied = set(DeviceCard.model_fields) - {"member_name", "storage_persisted"}
    return [
        DeviceCard.model_construct(
            member_name=people.get(device.member_id, ""),
            storage_persisted=_persisted(device.storage),
            **device.model_dump(include=copied),
        )
        for device in found
    ]


def _persisted(storage: dict[str, Any] | None) -> bool | None:
    said = (storage or {}).get("persisted")
    return None if said is None else bool(said)
