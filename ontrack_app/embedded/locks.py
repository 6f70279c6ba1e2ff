"""The only home of file locks: who may start and stop, and who is still using what was started."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """A lock that dies with its process, so a kill -9 never leaves one behind."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def take(self, *, shared: bool = False, wait: bool = True) -> bool:
        """Takes the lock; False where another holds it and `wait` is off. Taking it again changes its kind."""
        if self._descriptor is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self._descriptor, kind if wait else kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def drop(self) -> None:
        """Lets go; nothing happens where it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    @property
    def held(self) -> bool:
        """Whether this object has the lock open."""
        return self._descriptor is not None


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Runs the block while no other process runs one with the same path; waits for its turn."""
    lock = FileLock(path)
    lock.take()
    try:
        yield
    finally:
        lock.drop()
