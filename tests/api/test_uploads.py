"""Resumable uploads over HTTP: exact offsets whatever breaks off, limits that hold whatever is said, and nobody else's business."""

import hashlib
import random
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from models.ids import new_id
from models.tenants import Tenant
from ontrack_app.api import uploads as door
from ontrack_app.integrations import files
from ontrack_app.integrations.files.protocol import StoreAway
from ontrack_app.services.files import uploads
from tests.api.conftest import PHOTO
from tests.factories import files as made
from tests.factories import spine
from tests.factories.companies import Company
from tests.factories.files import TUS, UPLOADS, Phone, checksum, metadata, settle


def offset(phone: Phone) -> int:
    answer = phone.look()
    assert answer.status_code == 200, answer.status_code
    return int(answer.headers["upload-offset"])


def test_a_photo_comes_in_pieces_and_is_stored_by_hash(phone: Phone) -> None:
    answer = phone.announce()
    assert answer.status_code == 201 and answer.headers["location"] == f"{UPLOADS}/{phone.id}"
    assert answer.headers["tus-resumable"] == "1.0.0" and "upload-expires" in answer.headers
    third = len(PHOTO) // 3
    for start, end in ((0, third), (third, 2 * third), (2 * third, None)):
        part = PHOTO[start:end]
        answer = phone.send(start, end, **{"Upload-Checksum": checksum(part)})
        assert (answer.status_code, answer.headers["upload-offset"]) == (204, str(start + len(part)))
    look = phone.look().headers
    assert (look["x-ontrack-stage"], look["x-ontrack-stored"]) == ("scanning", "0")
    settle()
    look = phone.look().headers
    assert (look["x-ontrack-stage"], look["x-ontrack-stored"], look["upload-length"]) == (
        "clean",
        "1",
        str(len(PHOTO)),
    )
    card = phone.card()
    assert (card["sha256"], card["phase"], card["noun"]) == (
        hashlib.sha256(PHOTO).hexdigest(),
        "before",
        "visits",
    )


def test_options_say_what_is_spoken(http: TestClient) -> None:
    said = http.options(UPLOADS).headers
    assert said["tus-version"] == "1.0.0" and said["tus-max-size"] == str(uploads.MOST_BYTES)
    assert said["tus-extension"] == "creation,checksum,termination,expiration"
    assert said["tus-checksum-algorithm"] == "sha256,sha1"


def test_another_version_of_the_protocol_is_refused(phone: Phone) -> None:
    answer = phone.announce(**{"Tus-Resumable": "0.2.2"})
    assert (answer.status_code, answer.headers["tus-version"]) == (412, "1.0.0")
    assert phone.http.post(UPLOADS, headers=phone.person.bearer).status_code == 412


def test_saying_it_again_finds_the_same_upload(phone: Phone) -> None:
    assert phone.announce().status_code == 201
    phone.send(0, 1000)
    answer = phone.announce()
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "1000")
    with phone.person.work() as work:
        assert work.session.execute(text("SELECT count(*) FROM files")).scalar_one() == 1
    phone.data = made.picture("PNG")
    assert phone.announce().status_code == 409


def test_a_lost_answer_does_no_harm(phone: Phone) -> None:
    phone.announce()
    assert phone.send(0, 1000).status_code == 204
    again = phone.send(0, 1000)
    assert again.status_code == 409 and "byte 1000" in again.text
    assert offset(phone) == 1000


def test_a_piece_with_another_checksum_is_not_counted(phone: Phone) -> None:
    phone.announce()
    answer = phone.send(0, 1000, **{"Upload-Checksum": checksum(PHOTO[:999])})
    assert (answer.status_code, answer.headers["tus-resumable"]) == (460, "1.0.0")
    assert offset(phone) == 0
    assert phone.send(0, 1000, **{"Upload-Checksum": checksum(PHOTO[:1000], "sha1")}).status_code == 204
    assert phone.send(1000, 2000, **{"Upload-Checksum": "md5 AAAA"}).status_code == 400
    assert phone.send(1000, 2000, **{"Upload-Checksum": "sha256 !!"}).status_code == 400


def test_bytes_that_are_not_those_that_were_said_are_asked_for_again(phone: Phone) -> None:
    true, phone.data = phone.data, bytes(reversed(phone.data))
    phone.said["sha256"] = hashlib.sha256(true).hexdigest()
    phone.whole()
    settle()
    look = phone.look().headers
    assert (look["upload-offset"], look["x-ontrack-stage"], look["x-ontrack-stored"]) == (
        "0",
        "uploading",
        "0",
    )
    phone.data = true
    assert phone.send(0).status_code == 204
    settle()
    assert phone.look().headers["x-ontrack-stored"] == "1" and phone.card()["stage"] == "clean"


@pytest.mark.parametrize(
    "length", ["0", "-1", "x", "", str(uploads.MOST_BYTES + 1), "9" * 15, "9" * 30, "１２"]
)
def test_a_length_that_cannot_be(phone: Phone, length: str) -> None:
    answer = phone.announce(**{"Upload-Length": length.encode("utf-8")})  # type: ignore[arg-type]
    assert answer.status_code in (413, 422), answer.text


def test_more_bytes_than_were_said_are_refused_and_none_is_kept(phone: Phone) -> None:
    phone.announce(**{"Upload-Length": "1000"})
    assert phone.send(0, 1001).status_code == 413
    assert offset(phone) == 0
    assert phone.send(0, 1000).status_code == 204
    assert phone.send(1000, 1001).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"noun": "tenants"},
        {"kind": "film"},
        {"sha256": "abc"},
        {"filename": "../x"},
        {"filename": "a\nb"},
        {"phase": "later"},
        {"id": "x"},
    ],
)
def test_words_that_cannot_be_used(phone: Phone, wrong: dict[str, str]) -> None:
    said = {
        "id": phone.id,
        "noun": "visits",
        "row_id": phone.on[1],
        "filename": "x",
        "sha256": "0" * 64,
    } | wrong
    answer = phone.announce(**{"Upload-Metadata": metadata(**said)})
    assert answer.status_code == 422 and answer.json()["errors"]


def test_metadata_that_is_no_base64(phone: Phone) -> None:
    assert phone.announce(**{"Upload-Metadata": "filename ***"}).status_code == 422
    assert phone.announce(**{"Upload-Metadata": ""}).status_code == 422


def test_a_piece_of_another_type(phone: Phone) -> None:
    phone.announce()
    assert phone.send(0, 10, **{"Content-Type": "image/jpeg"}).status_code == 415
    assert phone.send(0, 10, **{"Upload-Offset": "-1"}).status_code == 422


def test_what_is_taken_back_is_gone(phone: Phone, store_home: Path) -> None:
    phone.announce()
    phone.send(0, 1000)
    assert list(store_home.glob(f"*/{phone.id}/part-*"))
    assert phone.give_up().status_code == 204
    assert [
        phone.look().status_code,
        phone.send(1000).status_code,
        phone.announce().status_code,
        phone.give_up().status_code,
    ] == [410] * 4
    settle()
    assert list(store_home.glob(f"*/{phone.id}/*")) == []


def test_what_has_arrived_is_not_taken_back(phone: Phone) -> None:
    phone.whole()
    assert phone.give_up().status_code == 409


def test_what_nobody_goes_on_with_is_given_up(phone: Phone, company: Company, store_home: Path) -> None:
    phone.announce()
    phone.send(0, 1000)
    with company.work() as work:
        uploads.expire(work)
    assert offset(phone) == 1000
    with company.work() as work:
        work.session.execute(text("UPDATE files SET expires_at = now() - interval '1 second'"))
        uploads.expire(work)
    settle()
    assert phone.look().status_code == 410 and list(store_home.glob(f"*/{phone.id}/*")) == []


def test_limits_of_a_record_and_of_the_company(
    phone: Phone, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.announce()
    monkeypatch.setattr(uploads, "MOST_ON_A_ROW", 1)
    phone.id = new_id()
    assert phone.announce().status_code == 422
    monkeypatch.undo()
    with company.work() as work:
        work.find_tenant(Tenant).file_quota_mb = 1
    other = Phone(phone.http, company.office, b"x" * (1024 * 1024 - len(PHOTO)), ("jobs", spine.job(company)))
    assert other.announce().status_code == 201
    answer = phone.announce()
    assert answer.status_code == 413 and "1 MB" in answer.json()["detail"]
    assert other.give_up().status_code == 204
    assert phone.announce().status_code == 201


def test_pieces_that_are_too_many(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_PARTS", 3)
    phone.announce()
    for at in range(3):
        assert phone.send(at, at + 1).status_code == 204
    assert phone.send(3, 4).status_code == 409


def test_a_store_that_is_away_is_said_and_nothing_is_counted(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.announce()

    class Away:
        def put(self, *_: object) -> None:
            raise StoreAway("away")

    monkeypatch.setattr(door, "store", Away)
    answer = phone.send(0)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    monkeypatch.undo()
    assert offset(phone) == 0


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("place", ["before the piece is stored", "after it is stored", "after it is counted"])
def test_a_server_killed_at_any_step_leaves_an_exact_offset(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, place: str, store_home: Path
) -> None:
    random.seed(4)
    phone.announce()
    real_store = files.store()
    steps = [*sorted(random.sample(range(1, len(PHOTO)), 5)), len(PHOTO)]
    for step in steps:
        start = offset(phone)
        with monkeypatch.context() as patch:
            if place != "after it is counted":
                patch.setattr(door, "store", lambda: Dies(real_store, after=place.startswith("after")))
            else:
                patch.setattr(door.tus, "headers", dies)
            assert phone.send(start, step).status_code == 500
        expected = step if place == "after it is counted" else start
        assert offset(phone) == expected
        if expected == start:
            assert phone.send(start, step).status_code == 204
    assert offset(phone) == len(PHOTO)
    settle()
    assert phone.card()["stage"] == "clean" and phone.look().headers["x-ontrack-stored"] == "1"
    assert sorted(path.name.partition("-")[0] for path in store_home.glob(f"*/{phone.id}/*")) == [
        "picture",
        "thumbnail",
    ]


class Dies:
    """A store whose process is killed before or after it wrote."""

    def __init__(self, real: object, *, after: bool) -> None:
        self.real, self.after = real, after

    def put(self, *given: object) -> None:
        """Dies."""
        if self.after:
            self.real.put(*given)  # type: ignore[attr-defined]
        raise Killed


def dies(*_: object) -> None:
    """Dies."""
    raise Killed


def test_what_came_of_a_piece_that_broke_off_is_kept(
    phone: Phone, http: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.announce()
    monkeypatch.setattr(door, "_pieces", cut_off)
    assert phone.send(0, 5000).headers["upload-offset"] == "2500"
    answer = phone.send(2500, 5000, **{"Upload-Checksum": checksum(PHOTO[2500:5000])})
    assert answer.status_code == 460
    monkeypatch.undo()
    assert offset(phone) == 2500
    assert phone.send(2500).status_code == 204
    settle()
    assert phone.card()["stage"] == "clean"


async def cut_off(request: object):  # type: ignore[no-untyped-def]
    """Half of the body, then the sender is gone."""
    whole = await request.body()  # type: ignore[attr-defined]
    yield whole[: len(whole) // 2]
    yield None


def test_two_senders_of_the_same_bytes_count_once(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    phone.announce()
    real = files.store()
    calls = []

    class Twin:
        """While one piece is stored, the other sender is quicker."""

        def put(self, *given: object) -> None:
            real.put(*given)  # type: ignore[arg-type]
            if not calls:
                calls.append(1)
                assert phone.send(0, 3000).status_code == 204

        def delete(self, key: str) -> None:
            calls.append(key)
            real.delete(key)

    monkeypatch.setattr(door, "store", Twin)
    assert phone.send(0, 2000).status_code == 409
    assert len(calls) == 2 and offset(phone) == 3000


def test_post_stands_for_what_a_network_does_not_let_through(phone: Phone) -> None:
    """tus 1.0: X-HTTP-Method-Override is taken as the method."""
    phone.announce()
    address = f"{UPLOADS}/{phone.id}"
    headers = {**TUS, **phone.person.bearer}
    piece = headers | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    answer = phone.http.post(
        address, content=PHOTO[:900], headers=piece | {"X-HTTP-Method-Override": "PATCH"}
    )
    assert (answer.status_code, answer.headers["upload-offset"]) == (204, "900")
    looked = phone.http.post(address, headers=headers | {"X-HTTP-Method-Override": "head"})
    assert (looked.status_code, looked.headers["upload-offset"], looked.content) == (200, "900", b"")
    for other in ({}, {"X-HTTP-Method-Override": "PUT"}):
        refused = phone.http.post(address, headers=headers | other)
        assert (refused.status_code, refused.headers["allow"]) == (405, "HEAD, PATCH, DELETE")
    assert phone.http.post(address, headers={**TUS, "X-HTTP-Method-Override": "DELETE"}).status_code == 401
    gone = phone.http.post(address, headers=headers | {"X-HTTP-Method-Override": "DELETE"})
    assert (gone.status_code, phone.look().status_code) == (204, 410)
