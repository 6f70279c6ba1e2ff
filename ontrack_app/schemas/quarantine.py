"""Work that came and could not be taken, as it crosses a door."""

from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime

from ontrack_app.schemas.common import Body, Card, Paragraph


class QuarantineCard(Card):
    """One piece of work that waits, or waited: whose it is, from which phone, what was to be done (`kind` and `args` as the phone
    sent them), and why it was not. `happened_at` is the phone's time put right by its offset."""

    id: UUID
    kind: str
    reason: Literal["revoked", "no_right", "gone", "unknown", "failed"]
    args: dict[str, Any]
    visit_id: UUID | None
    mutation_id: UUID
    device_id: UUID
    device_label: str
    member_id: UUID
    member_name: str
    happened_at: AwareDatetime
    received_at: AwareDatetime
    decision: Literal["taken", "dropped"] | None
    decided_at: AwareDatetime | None
    decided_by: UUID | None


class TakenCard(QuarantineCard):
    """The same once it was taken in. With status `conflict` it has left both values to choose from, under `conflict_id`."""

    status: Literal["applied", "conflict"]
    detail: str
    conflict_id: UUID | None


class DiscardBody(Body):
    """Why it is discarded; kept in the trail."""

    reason: Paragraph = ""
