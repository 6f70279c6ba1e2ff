"""Devices as they cross a door: the phones that work offline."""

from uuid import UUID

from pydantic import AwareDatetime

from ontrack_app.schemas.common import Card


class DeviceCard(Card):
    """One phone of one member. `waiting` is how many changes it said are not sent yet, `clock_offset_ms` its clock less ours,
    `storage_persisted` whether its browser promised to keep what it holds (null: it did not say)."""

    id: UUID
    member_id: UUID
    member_name: str
    label: str
    app_version: str
    schema_version: int
    waiting: int
    clock_offset_ms: int
    storage_persisted: bool | None
    created_at: AwareDatetime
    seen_at: AwareDatetime
    revoked_at: AwareDatetime | None
    revoked_by: UUID | None
    wiped_at: AwareDatetime | None
