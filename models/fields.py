"""The only home of what a field is. A noun's field list is read by lists, forms, filters, import, API and export alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from models.access import OFFICE_ROLES, Role

FieldType = Literal[
    "text", "long", "email", "phone", "money", "number", "date", "time", "choice", "member", "stage", "flag"
]


@dataclass(frozen=True, slots=True)
class Field:
    """One fact of a noun, and everything a tenant's screens, files and API need to know to handle it.

    `column` is the table's column (default: the name). `see` and `edit` list roles; an empty `edit` means that only
    services write it. `max_length` counts characters. What a `secret` field holds (how to get into a house) stays out of the
    trail and of logs: that it changed is told, not from what to what.
    """

    name: str
    label: str
    type: FieldType = "text"
    help: str = ""
    column: str = ""
    required: bool = False
    see: frozenset[Role] = OFFICE_ROLES
    edit: frozenset[Role] = OFFICE_ROLES
    listed: bool = False
    filterable: bool = False
    sortable: bool = False
    searchable: bool = False
    importable: bool = False
    exportable: bool = True
    secret: bool = False
    max_length: int = 200
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def attribute(self) -> str:
        """The attribute of the table's row that holds the value."""
        return self.column or self.name


@dataclass(frozen=True, slots=True)
class FieldList:
    """The fields of one noun, in the order in which people see them."""

    noun: str
    fields: tuple[Field, ...]

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def get(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)

    def having(self, mark: str) -> tuple[Field, ...]:
        """The fields whose mark (`listed`, `filterable`, `sortable`, `searchable`, `importable`, …) is set."""
        return tuple(field for field in self.fields if getattr(field, mark))

    def seen_by(self, role: Role) -> tuple[Field, ...]:
        """The fields that the role may see."""
        return tuple(field for field in self.fields if role in field.see or role is Role.SYSTEM)
