"""The only home of ids and of the clock: UUIDv7, so that rows sort by when they were made, and aware UTC times."""

from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh UUIDv7 (RFC 9562): unique without asking the database, ordered by time."""
    return uuid7()


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
