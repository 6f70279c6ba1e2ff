"""Materials as they cross a door: what was used, never what it costs."""

from decimal import Decimal
from uuid import UUID

from ontrack_app.schemas.common import Trail


class MaterialCard(Trail):
    """Something used on a visit. It carries no price: crews read it."""

    id: UUID
    visit_id: UUID
    job_id: UUID
    member_id: UUID | None
    name: str
    quantity: Decimal
    unit: str
    billable: bool
