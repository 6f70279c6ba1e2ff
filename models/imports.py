"""Imports: one file taken in, what came of it, and every row that was refused with its words."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from models.base import JSON, TIME, NounRow, TenantRow, index, one_of, ref


class Import(NounRow, table=True):
    """A batch of rows from a file."""

    __tablename__ = "imports"
    noun: str
    file_name: str
    mapping: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    taken: int = 0
    repeated: int = 0
    refused: int = 0
    finished_at: datetime | None = Field(default=None, sa_type=TIME)

    __table_args__ = (one_of("noun", ("leads",)),)


class ImportRefusal(TenantRow, table=True):
    """One row of a file that was not taken, and why."""

    __tablename__ = "import_refusals"
    import_id: UUID
    row_number: int
    words: str
    row: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)

    __table_args__ = (
        ref("import_id", "imports"),
        index("ix_import_refusals_import", "import_id", "row_number"),
    )
