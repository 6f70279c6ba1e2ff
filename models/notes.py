"""Notes: what people write down about a record; for the office unless shown to crews."""

from uuid import UUID

from sqlmodel import Field

from models.base import WORDS, NounRow, index, one_of

NOUNS = ("leads", "clients", "properties", "estimates", "jobs", "visits", "invoices", "payments")


class Note(NounRow, table=True):
    """One note on one record."""

    __tablename__ = "notes"
    noun: str
    row_id: UUID
    text: str = Field(sa_type=WORDS)
    author_name: str = ""

    __table_args__ = (one_of("noun", NOUNS), index("ix_notes_row", "noun", "row_id", "created_at"))
