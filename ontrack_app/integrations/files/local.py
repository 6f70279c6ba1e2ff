"""Files on the local disk: one directory for each tenant and file, written to a side and renamed, so that nothing is half."""

import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from models.ids import new_id
from ontrack_app.integrations.files.protocol import (
    PIECE,
    NotStored,
    Offer,
    StoreAway,
    Stored,
    checked,
    checked_seconds,
    key_of,
)
from ontrack_app.integrations.files.signing import address

PRIVATE_FILE, PRIVATE_DIRECTORY = 0o600, 0o700
SIDE = ".new-"  # no key can start like this
SIDE_SECONDS = 3600.0


class LocalStore:
    """A directory on this machine; its signed addresses are answered by our own `/files/{id}`."""

    def __init__(self, root: Path, secret: str, base_url: str) -> None:
        self._root = root
        self._secret = secret
        self._base_url = base_url

    @property
    def words(self) -> str:
        """Where the directory is."""
        return f"local disk, {self._root}"

    def put(self, key: str, pieces: Iterable[bytes]) -> Stored:
        """As `FileStore.put`: synced to the disk before the name is there, the name synced before it returns."""
        target = self._path(key)
        digest, size = hashlib.sha256(), 0
        with _words():
            self._make(target.parent)
            _forget_sides(target.parent)
            side = target.parent / f"{SIDE}{new_id().hex}"
            try:
                with os.fdopen(_create(side), "wb") as out:
                    for piece in pieces:
                        out.write(piece)
                        digest.update(piece)
                        size += len(piece)
                    out.flush()
                    os.fsync(out.fileno())
                side.replace(target)
                _sync(target.parent)
            finally:
                side.unlink(missing_ok=True)
        return Stored(size, digest.hexdigest())

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """As `FileStore.read`."""
        with _words(), self._open(key) as source:
            source.seek(start)
            left = length
            while left is None or left > 0:
                piece = source.read(PIECE if left is None else min(PIECE, left))
                if not piece:
                    return
                left = None if left is None else left - len(piece)
                yield piece

    def size(self, key: str) -> int | None:
        """As `FileStore.size`."""
        path = self._path(key)
        with _words():
            try:
                return path.stat().st_size
            except FileNotFoundError:
                return None

    def exists(self, key: str) -> bool:
        """As `FileStore.exists`."""
        return self.size(key) is not None

    def copy(self, source: str, target: str) -> None:
        """As `FileStore.copy`."""
        self.put(target, self.read(source))

    def delete(self, key: str) -> None:
        """As `FileStore.delete`; an empty directory goes with its last file."""
        path = self._path(key)
        with _words():
            path.unlink(missing_ok=True)
            _forget_sides(path.parent)
            with contextlib.suppress(OSError):
                path.parent.rmdir()

    def keys(self, tenant_id: UUID, file_id: UUID) -> list[str]:
        """As `FileStore.keys`; what a crash left half written is none."""
        home = self._path(key_of(tenant_id, file_id, "x")).parent
        with _words():
            if not home.is_dir():
                return []
            return sorted(f"{tenant_id}/{file_id}/{path.name}" for path in home.iterdir() if not path.name.startswith(SIDE))  # fmt: skip

    def signed_url(self, key: str, offer: Offer, seconds: int) -> str:
        """As `FileStore.signed_url`, by an HMAC over all that the address says."""
        return self._base_url + address(self._secret, checked(key), offer, checked_seconds(seconds))

    def check(self) -> None:
        """As `FileStore.check`."""
        with _words():
            self._make(self._root)
            side = self._root / f"{SIDE}{new_id().hex}"
            with os.fdopen(_create(side), "wb") as out:
                out.write(b"check")
                os.fsync(out.fileno())
            side.unlink()
            if shutil.disk_usage(self._root).free < 64 * 1024 * 1024:
                raise StoreAway("the disk for files is full")

    def _path(self, key: str) -> Path:
        return self._root / checked(key)

    def _open(self, key: str) -> BinaryIO:
        try:
            return os.fdopen(os.open(self._path(key), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")
        except FileNotFoundError:
            raise NotStored(key) from None

    def _make(self, directory: Path) -> None:
        missing = [each for each in (directory, *directory.parents) if not each.exists()]
        for each in reversed(missing):
            each.mkdir(mode=PRIVATE_DIRECTORY, exist_ok=True)
            _sync(each.parent)


def _create(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE_FILE)


def _forget_sides(directory: Path) -> None:
    """What a kill left half written an hour ago or more: nobody writes one piece for that long."""
    for side in directory.glob(f"{SIDE}*"):
        with contextlib.suppress(FileNotFoundError):
            if side.stat().st_mtime < time.time() - SIDE_SECONDS:
                side.unlink()


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _words() -> Iterator[None]:
    """What the disk says, as the store's words."""
    try:
        yield
    except OSError as error:
        raise StoreAway(f"the disk for files: {error.strerror or type(error).__name__}") from error
