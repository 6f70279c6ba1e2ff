"""Clients: who pays. Contacts are their people, properties the places where the work is."""

from sqlmodel import Field

from models.access import PEOPLE_ROLES
from models.base import NounRow, index, one_of
from models.fields import Field as Fact
from models.fields import FieldList

KINDS = (("person", "Person"), ("company", "Company"), ("property_manager", "Property manager"))
EVERYBODY = frozenset(PEOPLE_ROLES)

CLIENT_FIELDS = FieldList(
    "clients",
    (
        Fact(
            "name",
            "Name",
            required=True,
            see=EVERYBODY,
            listed=True,
            sortable=True,
            searchable=True,
            importable=True,
        ),
        Fact("kind", "Kind", "choice", choices=KINDS, listed=True, filterable=True, importable=True),
        Fact(
            "bill_to",
            "Bill to",
            "long",
            help="Printed on invoices when it differs from the name.",
            max_length=500,
        ),
        Fact("payment_terms_days", "Days to pay", "number", help="Empty means the company's usual terms."),
        Fact("tax_exempt", "Tax exempt", "flag", filterable=True),
        Fact("do_not_service", "Do not service", "flag", filterable=True),
        Fact("source", "Source", filterable=True, listed=True),
        Fact("created_at", "Created", "time", edit=frozenset(), sortable=True, listed=True),
    ),
)


class Client(NounRow, table=True):
    """A person, company or property-management company that work is done for."""

    __tablename__ = "clients"
    FIELDS = CLIENT_FIELDS
    name: str
    kind: str = "person"
    bill_to: str = ""
    payment_terms_days: int | None = None
    tax_exempt: bool = False
    do_not_service: bool = False
    source: str = ""
    search_text: str = Field(default="")

    __table_args__ = (
        one_of("kind", (key for key, _ in KINDS)),
        index("ix_clients_list", "created_at", "id"),
        index("ix_clients_name", "name", "id"),
    )
