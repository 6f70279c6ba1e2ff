"""Files in a bucket of S3, or of anything that speaks its API. boto3 is loaded when the first file is touched."""

import contextlib
import hashlib
import importlib
import tempfile
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote
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

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 15, 2
IN_MEMORY = 8 * 1024 * 1024
GONE = frozenset({"404", "NoSuchKey", "NotFound"})
_loading = threading.Lock()


@dataclass(frozen=True)
class S3Place:
    """Where the bucket is and who asks; empty names are left to the SDK's own places. `encryption` is AES256, aws:kms or ''."""

    bucket: str
    endpoint: str = ""
    region: str = "us-east-1"
    key_id: str = ""
    secret: str = ""
    token: str = ""
    encryption: str = ""


class S3Store:
    """A bucket; its signed addresses are presigned by the bucket's own keys."""

    def __init__(self, place: S3Place) -> None:
        self._place = place

    @property
    def words(self) -> str:
        """Which bucket where."""
        return f"S3 bucket {self._place.bucket} at {self._place.endpoint or 'AWS'}"

    @cached_property
    def _sdk(self) -> Any:
        with _loading:
            return importlib.import_module("boto3")

    @cached_property
    def _client(self) -> Any:
        config = importlib.import_module("botocore.config").Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"max_attempts": ATTEMPTS, "mode": "standard"},
            signature_version="s3v4",
            s3={"addressing_style": "path" if self._place.endpoint else "auto"},
            request_checksum_calculation="when_required",  # else stores that are not AWS refuse what is put
            response_checksum_validation="when_required",
        )
        session = self._sdk.session.Session(
            aws_access_key_id=self._place.key_id or None,
            aws_secret_access_key=self._place.secret or None,
            aws_session_token=self._place.token or None,
            region_name=self._place.region,
        )
        return session.client("s3", endpoint_url=self._place.endpoint or None, config=config)

    def put(self, key: str, pieces: Iterable[bytes]) -> Stored:
        """As `FileStore.put`: the whole is gathered first, so that a sender that breaks off leaves nothing."""
        digest, size = hashlib.sha256(), 0
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as whole:
            for piece in pieces:
                whole.write(piece)
                digest.update(piece)
                size += len(piece)
            whole.seek(0)
            with _words(key):
                self._client.put_object(**self._at(key), Body=whole, ContentLength=size, **self._sealed())
        return Stored(size, digest.hexdigest())

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """As `FileStore.read`."""
        if length == 0:
            self._must_exist(key)
            return
        until = "" if length is None else str(start + length - 1)
        ranged = {} if start == 0 and length is None else {"Range": f"bytes={start}-{until}"}
        with _words(key):
            try:
                body = self._client.get_object(**self._at(key), **ranged)["Body"]
            except Exception as error:
                if _code(error) == "InvalidRange":
                    return
                raise
            with contextlib.closing(body):
                yield from body.iter_chunks(PIECE)

    def size(self, key: str) -> int | None:
        """As `FileStore.size`."""
        try:
            with _words(key):
                return int(self._client.head_object(**self._at(key))["ContentLength"])
        except NotStored:
            return None

    def exists(self, key: str) -> bool:
        """As `FileStore.exists`."""
        return self.size(key) is not None

    def copy(self, source: str, target: str) -> None:
        """As `FileStore.copy`."""
        with _words(source):
            self._client.copy_object(**self._at(target), CopySource=self._at(source), **self._sealed())

    def delete(self, key: str) -> None:
        """As `FileStore.delete`."""
        with _words(key):
            self._client.delete_object(**self._at(key))

    def keys(self, tenant_id: UUID, file_id: UUID) -> list[str]:
        """As `FileStore.keys`."""
        prefix = key_of(tenant_id, file_id, "x")[:-1]
        with _words(prefix):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._place.bucket, Prefix=prefix
            )
            return sorted(item["Key"] for page in pages for item in page.get("Contents", ()))

    def signed_url(self, key: str, offer: Offer, seconds: int) -> str:
        """As `FileStore.signed_url`."""
        way = "attachment" if offer.is_attachment else "inline"
        answer = {
            "ResponseContentType": offer.content_type,
            "ResponseContentDisposition": f"{way}; filename*=UTF-8''{quote(offer.name, safe='')}",
            "ResponseCacheControl": "private, no-store",
        }
        given = self._at(key) | answer
        with _words(key):
            return str(
                self._client.generate_presigned_url(
                    "get_object", Params=given, ExpiresIn=checked_seconds(seconds)
                )
            )

    def check(self) -> None:
        """As `FileStore.check`."""
        key = key_of(new_id(), new_id(), "check")
        self.put(key, [b"check"])
        if b"".join(self.read(key)) != b"check":
            raise StoreAway(f"{self.words} gives back something else than was put there")
        self.delete(key)

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._place.bucket, "Key": checked(key)}

    def _sealed(self) -> dict[str, str]:
        return {"ServerSideEncryption": self._place.encryption} if self._place.encryption else {}

    def _must_exist(self, key: str) -> None:
        if not self.exists(key):
            raise NotStored(key)


def _code(error: Exception) -> str:
    return str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))


@contextlib.contextmanager
def _words(key: str) -> Iterator[None]:
    """What the SDK raises, as the store's words; its classes are made at run time, so they are told apart by their codes."""
    try:
        yield
    except (NotStored, StoreAway, ValueError, GeneratorExit):
        raise
    except Exception as error:
        if _code(error) in GONE:
            raise NotStored(key) from None
        if type(error).__module__.partition(".")[0] not in ("botocore", "boto3", "urllib3", "s3transfer"):
            raise
        raise StoreAway(f"the bucket for files: {_code(error) or type(error).__name__}") from error
