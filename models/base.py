"""The only home of what every table shares: tenant, id, trail columns, and keys that carry the tenant."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, cast
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKeyConstraint, Index, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.fields import FieldList
from models.ids import new_id, now

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)
SQLModel.metadata = metadata

CENTS = BigInteger
JSON = JSONB(none_as_null=True)
TIME = DateTime(timezone=True)
WORDS = Text


class TenantRow(SQLModel):
    """A row that belongs to one tenant: the tenant is part of its key, so no other row can point at it from outside."""

    metadata = metadata
    FIELDS: ClassVar[FieldList | None] = None

    tenant_id: UUID = Field(primary_key=True, foreign_key="tenants.id")
    id: UUID = Field(default_factory=new_id, primary_key=True)

    def __init__(self, **given: Any) -> None:
        """A new row with its defaults; names that it has no field for are left out. Nothing is checked here: inputs have
        been, and the database will. SQLModel's own way does the same one attribute at a time, and takes as long for it as
        the database for the row."""
        plain, made = _defaults(type(self))
        fields = type(self).model_fields
        known = {name: value for name, value in given.items() if name in fields}
        self.__dict__.update(plain, **{name: make() for name, make in made if name not in known}, **known)
        object.__setattr__(self, "__pydantic_fields_set__", set(known))
        object.__setattr__(self, "__pydantic_extra__", None)
        object.__setattr__(self, "__pydantic_private__", None)


class NounRow(TenantRow):
    """A noun that people keep: who made and changed it, when, how often, and whether it was put away."""

    version: int = Field(default=1)
    created_at: datetime = Field(default_factory=now, sa_type=TIME)
    created_by: UUID | None = Field(default=None)
    updated_at: datetime = Field(default_factory=now, sa_type=TIME)
    updated_by: UUID | None = Field(default=None)
    archived_at: datetime | None = Field(default=None, sa_type=TIME)


@cache
def _defaults(model: type[SQLModel]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """What the fields of a table hold where nothing is given: plain values, and those that are made anew for each row."""
    optional = {name: field for name, field in model.model_fields.items() if not field.is_required()}
    plain = {name: field.default for name, field in optional.items() if field.default_factory is None}
    made = [
        (name, field.default_factory) for name, field in optional.items() if field.default_factory is not None
    ]
    return plain, cast(list[tuple[str, Callable[[], Any]]], made)


def ref(column: str, table: str, *, on_delete: str | None = None) -> ForeignKeyConstraint:
    """A foreign key within the tenant: (tenant_id, column) points at (tenant_id, id) of `table`."""
    return ForeignKeyConstraint(
        ["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], ondelete=on_delete
    )


def index(name: str, *columns: Any, **options: Any) -> Index:
    """An index that starts with the tenant, because every query does."""
    return Index(name, "tenant_id", *columns, **options)


def one_of(column: str, values: Any) -> CheckConstraint:
    """A CHECK that `column` holds one of `values` (an enum type would stop row-level security from using indexes)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def not_negative(column: str) -> CheckConstraint:
    """A CHECK that `column` is zero or more."""
    return CheckConstraint(f"{column} >= 0", name=f"{column}_not_negative")
