"""API keys as the API shows them; the secret itself is shown once, where it is made, and kept nowhere."""

from uuid import UUID

from pydantic import AwareDatetime

from ontrack_app.schemas.common import Card


class KeyCard(Card):
    """A key: whose rights it acts with, which of them (null: all), and how long. `live` while it opens anything."""

    id: UUID
    name: str
    member_id: UUID | None
    member_name: str
    scopes: list[str] | None
    created_at: AwareDatetime
    expires_at: AwareDatetime
    used_at: AwareDatetime | None
    revoked_at: AwareDatetime | None
    live: bool
