"""A store that ends its own process, as `kill -9` does, at a named point of what it is asked to do."""

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from uuid import UUID

from ontrack_app.integrations.files.local import LocalStore
from ontrack_app.integrations.files.protocol import Stored

At = Callable[[str], None]


def dies(wanted: str) -> At:
    """A function to be called at each point with its name: at the one that is wanted, this process is gone."""

    def at(point: str) -> None:
        if point == wanted:
            os.kill(os.getpid(), signal.SIGKILL)

    return at


class DyingStore(LocalStore):
    """A local store that says at which point it is: before, while and after something is read, put or deleted."""

    def __init__(self, home: Path, at: At) -> None:
        super().__init__(home, "a secret", "")
        self._at = at

    def put(self, key: str, pieces: Iterable[bytes]) -> Stored:
        """As `LocalStore.put`."""
        name = thing(key)
        self._at(f"before {name} is put")
        stored = super().put(key, self._told(pieces, f"while {name} is put"))
        self._at(f"after {name} is put")
        return stored

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """As `LocalStore.read`."""
        name = thing(key)
        self._at(f"before {name} is read")
        yield from self._told(super().read(key, start, length), f"while {name} is read")

    def delete(self, key: str) -> None:
        """As `LocalStore.delete`."""
        name = thing(key)
        self._at(f"before {name} is deleted")
        super().delete(key)
        self._at(f"after {name} is deleted")

    def _told(self, pieces: Iterable[bytes], point: str) -> Iterator[bytes]:
        for piece in pieces:
            yield piece
            self._at(point)


def thing(key: str) -> str:
    """Which thing of a file a key is: part, original, picture or thumbnail."""
    return key.rpartition("/")[2].partition("-")[0]


def whole_of(home: Path, file_id: UUID) -> bytes:
    """The bytes of a file as they came, from the store's directory: the whole, else its pieces in their order."""
    (directory,) = home.glob(f"*/{file_id}")
    original = directory / "original"
    if original.exists():
        return original.read_bytes()
    return b"".join(path.read_bytes() for path in sorted(directory.glob("part-*")))
