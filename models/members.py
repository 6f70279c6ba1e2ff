"""Members: a person's place in one tenant, with a role. The person's sign-in itself lives in schema `auth`."""

from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.access import PEOPLE_ROLES, Role
from models.base import CENTS, NounRow, index, one_of, ref
from models.fields import Field as Fact
from models.fields import FieldList

MEMBER_FIELDS = FieldList(
    "members",
    (
        Fact("name", "Name", required=True, listed=True, sortable=True, searchable=True),
        Fact("email", "E-mail", "email", listed=True, sortable=True, filterable=True, searchable=True),
        Fact(
            "role",
            "Role",
            "choice",
            choices=tuple((r.value, r.label) for r in PEOPLE_ROLES),
            listed=True,
            filterable=True,
        ),
        Fact("active", "Active", "flag", listed=True, filterable=True),
        Fact("created_at", "Created", "time", edit=frozenset(), sortable=True),
    ),
)


class Member(NounRow, table=True):
    """A user in a tenant. Customers (clients, property managers) carry the client that they belong to."""

    __tablename__ = "members"
    FIELDS = MEMBER_FIELDS
    user_id: UUID
    email: str
    name: str
    role: str = Role.OFFICE.value
    client_id: UUID | None = None
    hourly_cost_cents: int | None = Field(default=None, sa_type=CENTS)
    active: bool = True
    search_text: str = Field(default="")

    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id"),
        one_of("role", PEOPLE_ROLES),
        ref("client_id", "clients"),
        index("ix_members_client", "client_id"),
    )
