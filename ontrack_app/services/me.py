"""Me: who acts, as the person itself may see it."""

from ontrack_app.schemas.me import MeCard, TenantCard
from ontrack_app.work import Work


def get(work: Work) -> MeCard:
    """The actor's own facts and rights."""
    actor = work.actor
    facts = {name: getattr(actor.tenant, name) for name in TenantCard.model_fields}
    return MeCard(
        member_id=actor.member_id,
        name=actor.name,
        email=actor.email,
        role=actor.role.value,
        client_id=actor.client_ids[0] if actor.client_ids else None,
        tenant=TenantCard(**facts),
        permissions=sorted(right.value for right in actor.permissions),
    )
