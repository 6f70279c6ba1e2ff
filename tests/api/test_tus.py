"""tus 1.0 to the letter: what each verb answers, in which headers, and what it does with words that are not quite right."""

import base64
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from models.access import Role
from models.ids import new_id, now
from ontrack_app.services.files import uploads
from tests.background.support import forget_messages
from tests.factories import files as made
from tests.factories import spine
from tests.factories.companies import Company
from tests.factories.files import TUS, UPLOADS, Phone, metadata

PHOTO = made.picture(size=(640, 480))


@pytest.fixture
def phone(http: TestClient, company: Company, store_home: Path) -> Phone:
    crew = company.once(Role.CREW)
    visit = spine.visit(company, spine.job(company), assignee_ids=[str(crew.member_id)])
    forget_messages()
    return Phone(
        http, crew, PHOTO, ("visits", visit.id), {"phase": "before", "taken_at": "2027-01-02T10:00:00Z"}
    )


def said(header: str) -> dict[str, str]:
    """What Upload-Metadata says."""
    pairs = (part.split(" ") for part in header.split(","))
    return {name: base64.b64decode(value).decode() for name, value in pairs}


def test_what_is_spoken_is_told_to_everybody_and_without_the_version(http: TestClient) -> None:
    answer = http.options(UPLOADS)
    assert (answer.status_code, answer.content) == (204, b"")
    assert {name: answer.headers[name] for name in ("tus-resumable", "tus-version", "tus-extension", "tus-max-size", "tus-checksum-algorithm")} == {
        "tus-resumable": "1.0.0", "tus-version": "1.0.0", "tus-extension": "creation,checksum,termination,expiration",
        "tus-max-size": str(uploads.MOST_BYTES), "tus-checksum-algorithm": "sha256,sha1",
    }  # fmt: skip
    assert http.options(UPLOADS, headers={"Tus-Resumable": "0.1"}).status_code == 204


def test_every_verb_refuses_another_version_and_does_nothing(phone: Phone) -> None:
    phone.announce()
    other = {"Tus-Resumable": "0.2.2"}
    for method in ("HEAD", "PATCH", "DELETE"):
        headers = {
            **phone.person.bearer,
            **other,
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
        }
        answer = phone.http.request(method, f"{UPLOADS}/{phone.id}", headers=headers)
        assert (answer.status_code, answer.headers["tus-version"]) == (412, "1.0.0"), method
        assert "upload-offset" not in answer.headers
    assert phone.look().headers["upload-offset"] == "0"


def test_every_answer_says_the_version_and_is_kept_by_no_cache(phone: Phone) -> None:
    answers = [
        phone.announce(), phone.look(), phone.send(0, 100), phone.send(0, 100), phone.send(100, 200, **{"Content-Type": "text/plain"}),
        phone.send(100, 200, **{"Upload-Checksum": "sha256 AAAA"}), phone.send(100, 200, **{"Upload-Checksum": "crc32 AAAA"}),
        phone.give_up(), phone.look(),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [201, 200, 204, 409, 415, 460, 400, 204, 410]
    for answer in answers:
        assert answer.headers["tus-resumable"] == "1.0.0", answer.status_code
    for answer in (answers[1], answers[2]):
        assert answer.headers["cache-control"] == "no-store"
    assert "upload-offset" not in answers[-1].headers, "none where the upload is over"


def test_an_upload_says_when_it_ends_and_is_kept_open_by_each_piece(phone: Phone) -> None:
    ends = [parsedate_to_datetime(answer.headers["upload-expires"]) for answer in (phone.announce(), phone.send(0, 100), phone.look())]  # fmt: skip
    for end in ends:
        assert abs((end - now() - uploads.KEPT_OPEN).total_seconds()) < 120
    assert ends == sorted(ends)


def test_what_was_said_of_the_file_is_said_back(phone: Phone) -> None:
    phone.said["filename"] = "Dach “ost”, 1.jpg"
    for answer in (phone.announce(), phone.look()):
        assert said(answer.headers["upload-metadata"]) == {
            "filename": "Dach “ost”, 1.jpg", "id": str(phone.id), "noun": "visits", "row_id": str(phone.on[1]), "kind": "photo",
            "sha256": phone.card()["sha256"], "phase": "before", "taken_at": "2027-01-02T10:00:00Z",
        }  # fmt: skip


def test_a_body_with_the_announcement_is_not_taken_for_a_piece(phone: Phone) -> None:
    """creation-with-upload is not claimed: whoever does it all the same is told that nothing came."""
    described = metadata(id=phone.id, noun="visits", row_id=phone.on[1], filename="x.jpg", sha256="0" * 64)
    headers = {**TUS, **phone.person.bearer, "Upload-Length": "10", "Upload-Metadata": described, "Content-Type": "application/offset+octet-stream"}  # fmt: skip
    answer = phone.http.post(UPLOADS, headers=headers, content=b"0123456789")
    assert (answer.status_code, answer.headers["upload-offset"]) == (201, "0")


@pytest.mark.parametrize(
    "given",
    [
        "{all},id {id}", "{all},filename", "filename !!", "{all},phase ////", "{all},phase YWZ0ZXI", "id {id}", ",,,", " ", "{all},taken_at bm93",
    ],
)  # fmt: skip
def test_metadata_that_is_not_right(phone: Phone, given: str) -> None:
    whole = metadata(id=phone.id, noun="visits", row_id=phone.on[1], filename="x.jpg", sha256="0" * 64)
    an_id = base64.b64encode(str(phone.id).encode()).decode()
    answer = phone.announce(**{"Upload-Metadata": given.format(all=whole, id=an_id)})
    assert answer.status_code == 422 and answer.json()["detail"], answer.text
    assert phone.look().status_code == 404


@pytest.mark.parametrize("more", ["relativePath YS9i", "is_confidential", "x-y Zm9v", "kind"])
def test_words_that_nobody_here_asks_for_and_empty_ones_are_passed_over(phone: Phone, more: str) -> None:
    whole = metadata(id=phone.id, noun="visits", row_id=phone.on[1], filename="x.jpg", sha256="0" * 64)
    assert phone.announce(**{"Upload-Metadata": f"{whole},{more}"}).status_code == 201


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/b.jpg", "a\\b.jpg", "a\x00b", "a\nb: c", "", "x" * 201, "a\x7f"]
)
def test_a_name_that_is_a_path_or_none_is_refused(phone: Phone, name: str) -> None:
    phone.said["filename"] = name
    assert phone.announce().status_code == 422
    assert phone.look().status_code == 404


@pytest.mark.parametrize(
    "name", ["x" * 200, "..", "con.jpg", "Fünf Löcher 🏠.heic", "a;b\"c'.jpg", "%2e%2e%2fx"]
)
def test_a_name_is_words_and_never_a_place_on_disk(phone: Phone, store_home: Path, name: str) -> None:
    phone.said["filename"] = name
    phone.whole()
    assert phone.card()["name"] == name
    stored = [path.relative_to(store_home) for path in store_home.rglob("*") if path.is_file()]
    assert [UUID(path.parts[1]) for path in stored] == [phone.id] and stored[0].name.startswith("part-")


def test_a_length_that_is_changed_afterwards_is_not_taken(phone: Phone) -> None:
    phone.announce(**{"Upload-Length": "5000"})
    assert phone.announce(**{"Upload-Length": "5001"}).status_code == 409
    assert phone.send(0, 100, **{"Upload-Length": "100"}).headers["upload-offset"] == "100"
    assert phone.look().headers["upload-length"] == "5000"
    assert phone.look().headers["x-ontrack-stage"] == "uploading", (
        "a piece does not say how long the whole is"
    )


def test_a_length_that_is_to_be_said_later_is_not_spoken_here(phone: Phone) -> None:
    described = metadata(id=phone.id, noun="visits", row_id=phone.on[1], filename="x.jpg", sha256="0" * 64)
    headers = {**TUS, **phone.person.bearer, "Upload-Defer-Length": "1", "Upload-Metadata": described}
    assert phone.http.post(UPLOADS, headers=headers).status_code == 422


def test_an_empty_piece_changes_nothing(phone: Phone) -> None:
    phone.announce()
    assert phone.send(0, 0).headers["upload-offset"] == "0"
    assert phone.send(0).status_code == 204
    assert phone.send(len(PHOTO), None).status_code == 409, "all of it is here"


def test_an_id_of_nobody_is_not_there(phone: Phone) -> None:
    phone.id = new_id()
    assert [phone.look().status_code, phone.send(0, 10).status_code, phone.give_up().status_code] == [404] * 3
