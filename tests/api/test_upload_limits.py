"""Limits that hold whatever is said and however many ask at once; a disk that is full; senders that never have what they said."""

import errno
import hashlib
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from models.ids import new_id
from models.tenants import Tenant
from ontrack_app.errors import Invalid, Refusal, TooLarge
from ontrack_app.schemas.files import FileBody
from ontrack_app.services.files import checks, uploads
from ontrack_app.settings import PROJECT_ROOT
from tests.background.support import forget_messages
from tests.factories import files as made
from tests.factories import spine
from tests.factories.companies import Company, Person
from tests.factories.files import Phone, settle

PHOTO = made.picture(size=(640, 480))
MB = 1024 * 1024


@pytest.fixture
def job_id(company: Company, store_home: Path) -> UUID:
    found = spine.job(company)
    forget_messages()
    return found


@pytest.fixture
def phone(http: TestClient, company: Company, job_id: UUID) -> Phone:
    return Phone(http, company.office, PHOTO, ("jobs", job_id))


def said(job_id: UUID, size: int) -> FileBody:
    return FileBody(id=new_id(), noun="jobs", row_id=job_id, name="a.jpg", size=size, sha256="0" * 64)


def at_once(people: list[Person], bodies: list[FileBody]) -> list[type[Refusal] | None]:
    """Announces all of them at the same moment; what each was told."""
    gate, told = threading.Barrier(len(bodies)), [None] * len(bodies)  # type: list[type[Refusal] | None]

    def one(number: int) -> None:
        try:
            with people[number % len(people)].work() as work:
                gate.wait(20)
                uploads.start(work, bodies[number])
        except Refusal as refusal:
            told[number] = type(refusal)  # type: ignore[call-overload]

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(bodies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def count(company: Company) -> int:
    with company.work() as work:
        return int(work.session.execute(text("SELECT count(*) FROM files")).scalar_one())


def test_two_at_once_do_not_go_over_the_quota(company: Company, job_id: UUID) -> None:
    with company.work() as work:
        work.find_tenant(Tenant).file_quota_mb = 1
    told = at_once([company.office, company.admin], [said(job_id, 600_000) for _ in range(2)])
    assert sorted(told, key=str) == [TooLarge, None] and count(company) == 1


def test_another_company_does_not_wait_for_ones_quota(company: Company, other: Company, job_id: UUID) -> None:
    there = spine.job(other)
    with company.office.work() as work, other.office.work() as elsewhere:
        uploads.start(work, said(job_id, 1000))
        uploads.start(elsewhere, said(there, 1000))
    assert count(company) == count(other) == 1


def test_a_record_takes_three_hundred_files_and_no_more_however_many_ask(
    company: Company, job_id: UUID
) -> None:
    with company.office.work() as work:
        for _ in range(299):
            uploads.start(work, said(job_id, 10))
    told = at_once([company.office, company.admin], [said(job_id, 10) for _ in range(2)])
    assert sorted(told, key=str) == [Invalid, None] and count(company) == 300


def test_what_was_not_taken_and_what_was_put_away_count_no_more(company: Company, phone: Phone) -> None:
    with company.work() as work:
        work.find_tenant(Tenant).file_quota_mb = 1
    phone.data = made.EICAR + bytes(700_000)
    phone.whole()
    settle()
    assert phone.card()["stage"] == "infected"
    phone.id, phone.data = new_id(), PHOTO
    with company.office.work() as work:
        assert uploads.used_bytes(work) == 0
    phone.whole()
    settle()
    assert phone.http.delete(f"/api/v1/files/{phone.id}", headers=company.admin.bearer).status_code == 204
    with company.office.work() as work:
        assert uploads.used_bytes(work) == 0


def test_a_copy_that_never_is_what_was_said_is_given_up_in_words(phone: Phone, store_home: Path) -> None:
    phone.announce(**{"Upload-Metadata": made.metadata(id=phone.id, noun="jobs", row_id=phone.on[1], filename="x.jpg", sha256="0" * 64)})  # fmt: skip
    for _ in range(checks.MOST_RESTARTS):
        assert phone.look().headers["upload-offset"] == "0"
        assert phone.send(0).status_code == 204
        settle()
    answer = phone.send(0)
    assert answer.status_code == 410 and "damaged" in answer.json()["detail"]
    assert (phone.card()["stage"], phone.card()["url"]) == ("failed", "")
    settle()
    assert list(store_home.glob(f"*/{phone.id}/*")) == []


FILL = """
import resource, sys
from pathlib import Path
from ontrack_app.integrations.files.local import LocalStore
from ontrack_app.integrations.files.protocol import StoreAway
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
store = LocalStore(Path(sys.argv[1]), "a secret", "")
store.put(sys.argv[2], [b"before"])
try:
    store.put(sys.argv[2], (bytes(30_000) for _ in range(10)))
except StoreAway as away:
    print(away, *store.keys(*sys.argv[2].split("/")[:2]), b"".join(store.read(sys.argv[2])).decode())
"""


def test_a_disk_that_refuses_in_the_middle_leaves_what_was_and_nothing_half(tmp_path: Path) -> None:
    key = f"{new_id()}/{new_id()}/original"
    done = subprocess.run([sys.executable, "-c", FILL, str(tmp_path), key], capture_output=True, text=True, check=True, cwd=PROJECT_ROOT)  # fmt: skip
    assert done.stdout.strip() == f"the disk for files: File too large {key} before"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["original"]


def full(*_: object, **__: object) -> object:
    """As a disk that has no room."""
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_server_without_room_says_so_and_counts_nothing(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.announce()

    class Full(tempfile.SpooledTemporaryFile):  # type: ignore[type-arg]
        write = full  # type: ignore[assignment]

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", Full)
    answer = phone.send(0)
    assert (answer.status_code, answer.headers["retry-after"], answer.headers["tus-resumable"]) == (
        503,
        "10",
        "1.0.0",
    )
    monkeypatch.undo()
    assert phone.look().headers["upload-offset"] == "0"
    assert phone.send(0).status_code == 204


@pytest.mark.parametrize("place", ["TemporaryFile", "TemporaryDirectory"])
def test_a_worker_without_room_lets_the_file_wait(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    phone.whole()
    monkeypatch.setattr(f"ontrack_app.background.files.tempfile.{place}", full)
    settle(rounds=15)
    assert (phone.card()["stage"], phone.card()["url"]) == ("scanning", "") and "room" in phone.card()["note"]
    monkeypatch.undo()
    settle()
    assert phone.card()["stage"] == "clean"


def test_a_picture_that_cannot_be_written_down_waits_and_is_not_called_unreadable(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.whole()
    small = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500)); resource.setrlimit = lambda *_: None"
    program = f"{small}; from ontrack_app.integrations.pictures_process import main; main()"
    real = subprocess.run
    monkeypatch.setattr("ontrack_app.integrations.pictures.subprocess.run", lambda _, **more: real([sys.executable, "-c", program], **more))  # fmt: skip
    settle(rounds=5)
    assert phone.card()["stage"] == "scanning" and "no room for a picture" in phone.card()["note"]
    monkeypatch.setattr("ontrack_app.integrations.pictures.subprocess.run", lambda _, **more: real([sys.executable, "-c", "import no_such_module"], **more))  # fmt: skip
    settle(rounds=5)
    assert phone.card()["stage"] == "scanning"
    monkeypatch.undo()
    settle()
    assert phone.card()["stage"] == "clean"
    assert hashlib.sha256(phone.data).hexdigest() == phone.card()["sha256"]
