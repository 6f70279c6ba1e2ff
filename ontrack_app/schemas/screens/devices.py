"""Devices as the settings show them."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge


class DeviceRow(BaseModel):
    """One phone of the list."""

    id: str
    who: str
    label: str = ""
    app: str = ""
    waiting: str = ""
    seen: str = ""
    seen_full: str = ""
    clock: str = ""
    storage: str = ""
    storage_full: str = ""
    state: Badge = Field(default_factory=Badge)
    state_full: str = ""
    confirm_title: str = ""
    may_revoke: bool = False
