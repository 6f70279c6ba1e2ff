"""Materials: what was used on a visit. How much of it, never what it costs: crews read it."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import Numeric
from sqlmodel import Field

from models.access import OFFICE_ROLES, Role
from models.base import NounRow, index, not_negative, ref
from models.fields import Field as Fact
from models.fields import FieldList

STAFF = OFFICE_ROLES | {Role.CREW}

MATERIAL_FIELDS = FieldList(
    "materials",
    (
        Fact("name", "Material", see=STAFF, edit=frozenset(), listed=True, sortable=True),
        Fact("quantity", "Quantity", "number", see=STAFF, edit=frozenset(), listed=True),
        Fact("unit", "Unit", see=STAFF, edit=frozenset(), listed=True, max_length=20),
        Fact("visit_id", "Visit", see=STAFF, edit=frozenset(), filterable=True),
        Fact("job_id", "Job", see=STAFF, edit=frozenset(), filterable=True),
        Fact("member_id", "Used by", "member", see=STAFF, edit=frozenset(), filterable=True),
        Fact("created_at", "Noted", "time", see=STAFF, edit=frozenset(), sortable=True),
    ),
)


class Material(NounRow, table=True):
    """Something used on a visit; corrections add to the quantity or take from it, they never set it."""

    __tablename__ = "materials"
    FIELDS = MATERIAL_FIELDS
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
