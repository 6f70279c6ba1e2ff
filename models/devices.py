"""Devices: a person's phone or browser that works offline. Its id is made on the phone; it belongs to one member for ever."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from models.access import STAFF_ROLES
from models.base import JSON, TIME, TenantRow, index, ref
from models.fields import Field as Fact
from models.fields import FieldList
from models.ids import now

READ_ONLY: dict[str, Any] = {"edit": frozenset(), "see": STAFF_ROLES}
DEVICE_FIELDS = FieldList(
    "devices",
    (
        Fact("member_id", "Whose", "member", filterable=True, **READ_ONLY),
        Fact("label", "Phone", sortable=True, **READ_ONLY),
        Fact("app_version", "App", filterable=True, **READ_ONLY),
        Fact("waiting", "Not sent yet", "number", sortable=True, **READ_ONLY),
        Fact("seen_at", "Last contact", "time", sortable=True, **READ_ONLY),
        Fact("created_at", "Added", "time", sortable=True, **READ_ONLY),
    ),
)


class Device(TenantRow, table=True):
    """One phone of one member. `waiting` is how many changes it said are not sent yet; `clock_offset_ms` its clock minus
    ours. A revoked device reads nothing more; what it still brings goes to quarantine."""

    __tablename__ = "devices"
    FIELDS = DEVICE_FIELDS
    member_id: UUID
    label: str = ""
    app_version: str = ""
    schema_version: int = 0
    storage: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    waiting: int = 0
    clock_offset_ms: int = Field(default=0, sa_type=BigInteger)
    created_at: datetime = Field(default_factory=now, sa_type=TIME)
    seen_at: datetime = Field(default_factory=now, sa_type=TIME)
    revoked_at: datetime | None = Field(default=None, sa_type=TIME)
    revoked_by: UUID | None = None
    wiped_at: datetime | None = Field(default=None, sa_type=TIME)

    __table_args__ = (ref("member_id", "members"), index("ix_devices_member", "member_id"))
