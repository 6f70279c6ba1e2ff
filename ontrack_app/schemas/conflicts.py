"""Conflicts as they cross a door: the value that lost, what stood in its place, and what stands now."""

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime

from ontrack_app.schemas.common import Card


class ConflictCard(Card):
    """One losing value. `lost` and `kept` hold `value` (of a field), or `stage`, `move` and `reason` (of a visit's stage); `now`
    is what stands there at present, null where the record may not be seen any more. `usable` says whether what lost can
    still take its place. `device_at` is the phone's clock, `created_at` ours."""

    id: UUID
    kind: Literal["field", "stage"]
    noun: str
    row_id: UUID
    field: str
    lost: dict[str, Any]
    kept: dict[str, Any]
    now: str | None
    usable: bool
    mutation_id: UUID
    device_id: UUID
    device_label: str
    member_id: UUID
    member_name: str
    device_at: AwareDatetime
    created_at: AwareDatetime
    decision: Literal["used", "kept"] | None
    decided_at: AwareDatetime | None
    decided_by: UUID | None
