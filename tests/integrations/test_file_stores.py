"""One contract, asked of each file store: a directory, and a bucket of a real S3 (SeaweedFS)."""

import hashlib
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from models.ids import new_id
from ontrack_app.integrations.files import make_store, signing
from ontrack_app.integrations.files.local import LocalStore
from ontrack_app.integrations.files.protocol import FileStore, NotStored, Offer, StoreAway, key_of
from ontrack_app.integrations.files.s3 import S3Place, S3Store
from ontrack_app.settings import PROJECT_ROOT, Settings
from tests.integrations.weed import free_ports

SECRET = "a secret of the tests"
MUCH = bytes(range(256)) * 4096 * 3  # three megabytes
PDF = Offer("application/pdf", "Plan “east”.pdf")


@pytest.fixture(params=["local", "s3"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    if request.param == "local":
        return LocalStore(tmp_path / "files", SECRET, "http://localhost:8170")
    return shared(request.getfixturevalue("bucket"))


@cache
def shared(place: S3Place) -> S3Store:
    """One store for all tests: its SDK takes long to load."""
    return S3Store(place)


@pytest.fixture
def key() -> str:
    return key_of(new_id(), new_id(), "original")


def pieces(data: bytes, size: int = 100_000) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def test_what_is_put_is_there_whole(files: FileStore, key: str) -> None:
    stored = files.put(key, pieces(MUCH))
    assert (stored.size, stored.sha256) == (len(MUCH), hashlib.sha256(MUCH).hexdigest())
    assert b"".join(files.read(key)) == MUCH
    assert files.size(key) == len(MUCH) and files.exists(key)


@pytest.mark.parametrize(
    "start, length",
    [(0, 1), (1, 10), (299_999, 600_001), (len(MUCH) - 5, 100), (7, None), (0, 0), (len(MUCH), 4)],
)
def test_a_part_is_read(files: FileStore, key: str, start: int, length: int | None) -> None:
    files.put(key, pieces(MUCH))
    wanted = MUCH[start:] if length is None else MUCH[start : start + length]
    assert b"".join(files.read(key, start, length)) == wanted


def test_an_empty_one_is_one(files: FileStore, key: str) -> None:
    assert files.put(key, []).size == 0
    assert files.size(key) == 0 and b"".join(files.read(key)) == b""


def test_what_is_put_again_replaces_what_was(files: FileStore, key: str) -> None:
    files.put(key, [b"first, and longer"])
    files.put(key, [b"second"])
    assert b"".join(files.read(key)) == b"second"


def test_a_sender_that_breaks_off_leaves_what_was(files: FileStore, key: str) -> None:
    def broken() -> Iterator[bytes]:
        yield MUCH
        raise ConnectionAbortedError

    files.put(key, [b"before"])
    with pytest.raises((ConnectionAbortedError, StoreAway)):
        files.put(key, broken())
    assert b"".join(files.read(key)) == b"before"
    tenant, file, _ = key.split("/")
    assert files.keys(tenant, file) == [key]  # type: ignore[arg-type]


def test_what_is_not_there(files: FileStore, key: str) -> None:
    assert files.size(key) is None and not files.exists(key)
    for start, length in ((0, None), (5, 5), (0, 0)):
        with pytest.raises(NotStored):
            list(files.read(key, start, length))
    with pytest.raises(NotStored):
        files.copy(key, key_of(new_id(), new_id(), "copy"))
    files.delete(key)


def test_a_copy_and_the_keys_of_one_file(files: FileStore) -> None:
    tenant, file, other = new_id(), new_id(), new_id()
    first, second, third = (key_of(tenant, each, "original") for each in (file, other, new_id()))
    files.put(first, [b"words"])
    files.copy(first, key_of(tenant, file, "copy"))
    files.copy(first, second)
    files.copy(first, third)
    assert files.keys(tenant, file) == [key_of(tenant, file, "copy"), first]
    assert b"".join(files.read(second)) == b"words"
    files.delete(first)
    assert files.keys(tenant, file) == [key_of(tenant, file, "copy")]
    assert files.keys(new_id(), file) == []


@pytest.mark.parametrize(
    "wrong", ["original", "../../etc/passwd", "{k}/more", "{k}/../x", "{k}.", "/{k}", "{k}\n", "{K}"]
)
def test_a_key_of_another_shape_is_refused(files: FileStore, key: str, wrong: str) -> None:
    wrong = wrong.replace("{k}", key).replace("{K}", key.upper())
    attempts = (
        lambda: files.put(wrong, [b"x"]), lambda: list(files.read(wrong)), lambda: files.size(wrong),
        lambda: files.delete(wrong), lambda: files.copy(key, wrong), lambda: files.signed_url(wrong, PDF, 60),
    )  # fmt: skip
    files.put(key, [b"x"])
    for attempt in attempts:
        with pytest.raises(ValueError, match="key"):
            attempt()


@pytest.mark.parametrize("seconds", [0, -1, 24 * 3600])
def test_no_address_lives_long(files: FileStore, key: str, seconds: int) -> None:
    with pytest.raises(ValueError, match="lives"):
        files.signed_url(key, PDF, seconds)


def test_it_says_what_it_is_and_that_it_works(files: FileStore) -> None:
    files.check()
    assert SECRET not in files.words and "tests" not in files.words.rpartition(" at ")[2]


def test_presigned_gives_these_bytes_for_a_time_to_whoever_has_it(bucket: S3Place, key: str) -> None:
    files = shared(bucket)
    files.put(key, pieces(MUCH))
    url = files.signed_url(key, PDF, 60)
    answer = httpx.get(url)
    assert answer.status_code == 200 and answer.content == MUCH
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''Plan%20")
    assert httpx.get(url.partition("?")[0]).status_code in (400, 403)
    assert httpx.get(url.replace(key, key_of(new_id(), new_id(), "x"))).status_code == 403
    assert httpx.get(url.replace("X-Amz-Expires=60", "X-Amz-Expires=600")).status_code == 403


def test_another_secret_is_turned_away(bucket: S3Place, key: str) -> None:
    with pytest.raises(StoreAway):
        S3Store(replace(bucket, secret="another one")).put(key, [b"x"])
    assert not shared(bucket).exists(key)


def test_a_bucket_that_does_not_answer_is_away(bucket: S3Place, key: str) -> None:
    away = S3Store(replace(bucket, endpoint=f"http://127.0.0.1:{free_ports(1)[0]}"))
    for attempt in (
        lambda: away.put(key, [b"x"]),
        lambda: list(away.read(key)),
        lambda: away.size(key),
        away.check,
    ):
        with pytest.raises(StoreAway):
            attempt()


def test_a_signed_address_of_ours_holds_what_it_says(
    tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = LocalStore(tmp_path, SECRET, "http://localhost:8170").signed_url(key, PDF, 60)
    parts, file_id = urlsplit(url), key.split("/")[1]
    said = dict(parse_qsl(parts.query))
    assert parts.path == f"/files/{file_id}"
    assert signing.read(SECRET, file_id, said) == (key, PDF)
    assert signing.read("another", file_id, said) is None
    assert signing.read(SECRET, str(new_id()), said) is None
    for part in (*signing.PARTS, "signature"):
        assert signing.read(SECRET, file_id, said | {part: said[part] + "0"}) is None
        assert (
            signing.read(SECRET, file_id, {name: value for name, value in said.items() if name != part})
            is None
        )
    later = float(said["until"]) + 1
    monkeypatch.setattr("ontrack_app.integrations.files.signing.time.time", lambda: later)
    assert signing.read(SECRET, file_id, said) is None


def test_on_disk_only_the_owner_reads(tmp_path: Path, key: str) -> None:
    files = LocalStore(tmp_path / "files", SECRET, "")
    files.put(key, [b"x"])
    path = tmp_path / "files" / key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert all(stat.S_IMODE(each.stat().st_mode) == 0o700 for each in list(path.parents)[:3])
    outside = tmp_path / "outside"
    outside.write_text("not ours")
    path.unlink()
    path.symlink_to(outside)
    with pytest.raises(StoreAway):
        list(files.read(key))


def test_a_disk_that_refuses_is_away(tmp_path: Path, key: str) -> None:
    (tmp_path / "files").write_text("in the way")
    files = LocalStore(tmp_path / "files", SECRET, "")
    for attempt in (lambda: files.put(key, [b"x"]), files.check):
        with pytest.raises(StoreAway):
            attempt()


def test_the_settings_choose(tmp_path: Path) -> None:
    assert make_store(Settings(data_dir=tmp_path)).words == f"local disk, {tmp_path / 'files'}"
    chosen = make_store(
        Settings(s3_bucket="b", s3_endpoint_url="http://localhost:1", aws_secret_access_key="s")
    )
    assert chosen.words == "S3 bucket b at http://localhost:1"


def test_the_sdk_is_not_loaded_before_it_is_needed() -> None:
    script = "import sys, ontrack_app.integrations.files as f; f.store(); print('boto3' in sys.modules, 'PIL' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]
