"""Tax codes: the rates that lines name."""

from decimal import Decimal

from sqlalchemy import CheckConstraint, Numeric, UniqueConstraint
from sqlmodel import Field

from models.base import NounRow
from models.fields import Field as Fact
from models.fields import FieldList

TAX_CODE_FIELDS = FieldList(
    "tax_codes",
    (
        Fact("code", "Code", required=True, listed=True, sortable=True, searchable=True, max_length=20),
        Fact("label", "Label", required=True, listed=True, sortable=True, searchable=True),
        Fact("rate", "Rate in percent", "number", required=True, listed=True),
        Fact("compound", "On top of the taxes before it", "flag", listed=True),
        Fact("inclusive", "Included in the price", "flag", listed=True),
        Fact("created_at", "Created", "time", edit=frozenset(), sortable=True),
    ),
)


class TaxCode(NounRow, table=True):
    """One tax: its rate in percent, up to four decimals (Québec's QST is 9.975)."""

    __tablename__ = "tax_codes"
    FIELDS = TAX_CODE_FIELDS
    code: str
    label: str
    rate: Decimal = Field(sa_type=Numeric(9, 4))
    compound: bool = False
    inclusive: bool = False
    position: int = 0
    search_text: str = Field(default="")

    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        CheckConstraint("rate >= 0 AND rate <= 100", name="rate_range"),
    )
