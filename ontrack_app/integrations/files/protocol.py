"""The only home of what a file store is: keys, what it can do, and how it says no. Adapters keep this and nothing else."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

PIECE = 256 * 1024  # bytes read and written at a time
KEY = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[a-z0-9][a-z0-9_-]{0,99}"
)
LONGEST_URL_SECONDS = 15 * 60


class StoreAway(Exception):
    """The store does not answer, or its disk is full: the same may work later. The words are for an administrator."""


class NotStored(Exception):
    """There is nothing under this key."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What was written: how many bytes, and their SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Offer:
    """How bytes are offered to a browser: as which type, under which name, shown or saved."""

    content_type: str
    name: str
    is_attachment: bool = True


class FileStore(Protocol):
    """Bytes under keys. A key starts with the tenant's id, so that no mix-up can cross tenants. Every method may raise
    `StoreAway`; a key of another shape is a `ValueError`."""

    @property
    def words(self) -> str:
        """What and where it is, in words, without secrets."""

    def put(self, key: str, pieces: Iterable[bytes]) -> Stored:
        """Writes bytes under a key, whole or not at all; what was there is replaced. On return they survive a crash."""

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` on, `length` of them or all.

        Raises:
            NotStored: there is nothing, at the first piece at the latest.
        """

    def size(self, key: str) -> int | None:
        """How many bytes there are, or None where there is nothing."""

    def exists(self, key: str) -> bool:
        """Whether there is something under this key."""

    def copy(self, source: str, target: str) -> None:
        """The same bytes under another key.

        Raises:
            NotStored: there is nothing to copy.
        """

    def delete(self, key: str) -> None:
        """Nothing is under this key any more; it need not have been."""

    def keys(self, tenant_id: UUID, file_id: UUID) -> list[str]:
        """Every key of one file."""

    def signed_url(self, key: str, offer: Offer, seconds: int) -> str:
        """An address that gives these bytes to whoever has it, for so many seconds (at most fifteen minutes)."""

    def check(self) -> None:
        """Writes, reads and deletes a little.

        Raises:
            StoreAway: with what is wrong.
        """


def key_of(tenant_id: UUID, file_id: UUID, name: str) -> str:
    """The key of one thing of one file; `name` has small letters, digits, - and _.

    Raises:
        ValueError: the name cannot be a part of a key.
    """
    return checked(f"{tenant_id}/{file_id}/{name}")


def checked(key: str) -> str:
    """The key, as it came.

    Raises:
        ValueError: it is none of ours.
    """
    if KEY.fullmatch(key) is None:
        raise ValueError("This is no key of a file.")
    return key


def checked_seconds(seconds: int) -> int:
    """The life of a signed address.

    Raises:
        ValueError: longer than a signed address may live.
    """
    if not 0 < seconds <= LONGEST_URL_SECONDS:
        raise ValueError(f"A signed address lives from 1 to {LONGEST_URL_SECONDS} seconds.")
    return seconds
