"""Materials: what was used on a visit. How much of it, never what it costs: crews read it."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import Numeric
from sqlmodel import Field

from models.base import NounRow, index, not_negative, ref


class Material(NounRow, table=True):
    """Something used on a visit; corrections add to the quantity or take from it, they never set it."""

    __tablename__ = "materials"
    visit_id: UUID
    job_id: UUID
    member_id: UUID | None = None
    name: str
    quantity: Decimal = Field(default=Decimal(1), sa_type=Numeric(18, 4))
    unit: str = ""
    billable: bool = True

    __table_args__ = (
        not_negative("quantity"),
        ref("visit_id", "visits"),
        ref("job_id", "jobs"),
        ref("member_id", "members"),
        index("ix_materials_visit", "visit_id"),
        index("ix_materials_job", "job_id"),
        index("ix_materials_member", "member_id"),
    )
