"""Who the caller is, as the API says it."""

from uuid import UUID

from ontrack_app.schemas.common import Card


class TenantCard(Card):
    """The tenant that the caller acts in."""

    id: UUID
    slug: str
    name: str
    timezone: str
    currency: str
    locale: str


class MeCard(Card):
    """The caller: person, role, tenant and rights."""

    member_id: UUID | None
    name: str
    email: str
    role: str
    client_id: UUID | None
    tenant: TenantCard
    permissions: list[str]
