"""What becomes of a file: what is taken, what is refused in which words, what is gone from a picture, and what waits."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image
from sqlalchemy import text
from starlette.testclient import TestClient

from models.tenants import Tenant
from ontrack_app.integrations import files, pictures, scanners
from ontrack_app.integrations.files.protocol import StoreAway
from ontrack_app.integrations.pictures import Busy
from ontrack_app.integrations.scanner import ScannerAway, Verdict
from ontrack_app.services.files import serving
from tests.background.support import drain, forget_messages
from tests.factories import files as made
from tests.factories import spine
from tests.factories.companies import Company
from tests.factories.files import Phone, settle

Send = Callable[..., Phone]


@pytest.fixture
def send(http: TestClient, company: Company, store_home: Path) -> Send:
    """Sends a file on a job of the company and lets the background look at it."""
    forget_messages()
    job_id = spine.job(company)
    forget_messages()

    def sent(data: bytes, *, done: bool = True, **said: Any) -> Phone:
        phone = Phone(http, company.office, data, ("jobs", job_id), said).whole()
        if done:
            settle()
        return phone

    return sent


def fetch(phone: Phone, wanted: str = "") -> bytes:
    """What is served of a file."""
    with phone.person.work() as work:
        return b"".join(files.store().read(serving.offer(work, phone.id, wanted).key))


def kept(home: Path, phone: Phone) -> list[str]:
    """The names of what is on disk of a file."""
    return sorted(path.name.partition("-")[0] for path in home.glob(f"*/{phone.id}/*"))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "HEIF"])
def test_a_photo_is_written_anew_and_small(send: Send, store_home: Path, kind: str) -> None:
    phone = send(made.picture(kind))
    card = phone.card()
    assert (card["stage"], card["note"]) == ("clean", "")
    assert (card["width"], card["height"]) == (800, 600)
    assert card["content_type"] == ("image/png" if kind in ("PNG", "GIF") else "image/jpeg")
    assert card["checked_by"] == "content policy (no antivirus)"
    assert card["sha256"] == hashlib.sha256(phone.data).hexdigest()
    assert Image.open(io.BytesIO(fetch(phone, "thumbnail"))).size == (480, 360)
    assert kept(store_home, phone) == ["picture", "thumbnail"]
    assert card["url"] == f"/files/{phone.id}" and card["thumbnail_url"].endswith("variant=thumbnail")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_place_camera_and_time_are_gone_from_a_photo(send: Send, kind: str) -> None:
    phone = send(made.picture(kind))
    assert b"Telltale" in phone.data
    for query in ("", "thumbnail"):
        found = fetch(phone, query)
        image = Image.open(io.BytesIO(found))
        assert dict(image.getexif()) == {} and not image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        assert b"Telltale" not in found and b"Exif" not in found
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_the_time_of_the_camera_is_read_before_it_is_taken_out(send: Send) -> None:
    assert send(made.picture()).card()["taken_at"] == "2027-01-04T15:30:00Z"  # 9.30 in Chicago


def test_the_time_that_the_phone_gave_is_kept(send: Send) -> None:
    assert send(made.picture(), taken_at="2027-01-02T10:00:00Z").card()["taken_at"] == "2027-01-02T10:00:00Z"


def test_a_company_may_keep_the_place(send: Send, company: Company) -> None:
    with company.work() as work:
        work.find_tenant(Tenant).keeps_photo_place = True
    phone = send(made.picture(turned=True))
    exif = Image.open(io.BytesIO(fetch(phone))).getexif()
    assert exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] == "N"
    assert ExifTags.Base.Orientation not in exif
    assert not Image.open(io.BytesIO(fetch(phone, "thumbnail"))).getexif()


def test_a_photo_that_lies_on_its_side_is_put_upright(send: Send) -> None:
    phone = send(made.picture(turned=True))
    image = Image.open(io.BytesIO(fetch(phone)))
    assert image.size == (600, 800)
    red, blue = image.getpixel((300, 100)), image.getpixel((300, 700))
    assert red[0] > 150 and blue[2] > 150  # type: ignore[index]


def test_nothing_but_the_picture_survives_of_a_file_that_is_two_things(send: Send) -> None:
    phone = send(made.polyglot())
    assert made.SCRIPT in phone.data and b"PK\x03\x04" in phone.data
    assert phone.card()["stage"] == "clean"
    for query in ("", "thumbnail"):
        found = fetch(phone, query)
        assert b"script" not in found and b"PK\x03\x04" not in found


def test_glass_stays_glass(send: Send) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (300, 100), (0, 0, 0, 0)).save(out, format="PNG")
    phone = send(out.getvalue(), kind="signature")
    assert phone.card()["content_type"] == "image/png"
    assert Image.open(io.BytesIO(fetch(phone))).getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_a_pdf_is_kept_as_it_is(send: Send, store_home: Path) -> None:
    phone = send(made.PDF, kind="document", filename="Plan.pdf")
    card = phone.card()
    assert (card["stage"], card["content_type"], card["thumbnail_url"]) == ("clean", "application/pdf", "")
    assert fetch(phone) == made.PDF and kept(store_home, phone) == ["original"]


REFUSED: dict[str, tuple[bytes, str]] = {
    "svg with a script": (made.SVG, "an SVG drawing"),
    "web page": (made.HTML, "a web page"),
    "program": (b"MZ" + bytes(200), "a program"),
    "linux program": (b"\x7fELF" + bytes(200), "a program"),
    "script": (b"#!/bin/sh\necho hello\n", "a script"),
    "zip": (made.archive({"a.txt": b"x"}), "an archive"),
    "zip bomb": (made.bomb(), "an archive"),
    "test virus": (made.EICAR, "EICAR"),
    "test virus in a photo": (made.picture() + made.EICAR, "EICAR"),
    "text": (b"just words", "a text"),
    "film": (b"\x00\x00\x00\x18ftypmp42" + bytes(100), "a film"),
    "65,000 x 65,000": (made.huge_png(), "4,225 megapixels"),
    "cut-off photo": (made.picture()[:700], "cannot be read"),
    "broken photo": (b"\xff\xd8\xff\xe0" + bytes(500), "cannot be read"),
    "png that is none": (b"\x89PNG\r\n\x1a\n" + b"x" * 300, "cannot be read"),
    "pdf with a script": (made.PDF.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/J#61vaScript/JS(x)>>"), "runs a script"),
    "pdf that starts a program": (made.PDF.replace(b"/Type/Catalog", b"/Type/Catalog/A<</S/Launch>>"), "starts a program"),
    "pdf that is an archive": (made.PDF + made.archive({"a": b"x"}), "something else at the same time"),
    "pdf that is a page": (b"%PDF-1.4\n" + made.HTML + made.PDF, "something else at the same time"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_refused_in_words_and_never_served(
    send: Send, http: TestClient, store_home: Path, name: str
) -> None:
    data, words = REFUSED[name]
    phone = send(data, kind="document", filetype="image/jpeg")
    card = phone.card()
    assert card["stage"] == "refused" and words in card["note"]
    assert (card["url"], card["thumbnail_url"], card["content_type"]) == ("", "", "")
    assert kept(store_home, phone) == ["original"]
    with phone.person.work() as work:
        assert work.session.execute(text("SELECT count(*) FROM file_variants")).scalar_one() == 0


def test_a_pdf_is_no_photo_whatever_it_is_called(send: Send) -> None:
    card = send(made.PDF, kind="photo", filename="photo.jpg", filetype="image/jpeg").card()
    assert (card["stage"], card["note"]) == ("refused", "This is a PDF, and a photo is a picture.")


def test_a_type_that_is_a_lie_changes_nothing(send: Send) -> None:
    card = send(made.picture("PNG"), filename="run.exe", filetype="application/x-msdownload").card()
    assert (card["stage"], card["content_type"]) == ("clean", "image/png")


def test_refused_bytes_are_forgotten_after_a_month(send: Send, company: Company, store_home: Path) -> None:
    phone = send(made.SVG, kind="document")
    with company.work() as work:
        work.session.execute(
            text("UPDATE files SET updated_at = updated_at - interval '31 days' WHERE id = :id"),
            {"id": phone.id},
        )
        work.later("files.sweep", file_id=phone.id)
    settle()
    assert kept(store_home, phone) == []


class Trouble:
    """A scanner or a store in front of the real one that fails so many times."""

    def __init__(self, real: Any, error: Exception, times: int, method: str) -> None:
        self.real, self.error, self.left, self.method = real, error, times, method

    def __getattr__(self, name: str) -> Any:
        if name == self.method and self.left:
            self.left -= 1
            raise self.error
        return getattr(self.real, name)


@pytest.mark.parametrize(
    "place, error, method",
    [
        ("scanner", ScannerAway("nobody answers"), "scan"),
        ("store", StoreAway("nobody answers"), "read"),
        ("store", StoreAway("the disk is full"), "put"),
        ("pictures", Busy("no time"), "redraw"),
    ],
)
def test_a_file_waits_for_what_is_away_and_nothing_of_it_is_lost(
    send: Send, monkeypatch: pytest.MonkeyPatch, place: str, error: Exception, method: str
) -> None:
    phone = send(made.picture(), done=False)
    module = "ontrack_app.background.files"
    real = {
        "scanner": scanners.scanner(),
        "store": files.store(),
        "pictures": pictures,
    }[place]
    trouble = Trouble(real, error, 20, method)
    monkeypatch.setattr(f"{module}.{place}", trouble if place == "pictures" else lambda: trouble)
    settle(rounds=15)
    card = phone.card()
    assert (
        card["stage"] == "quarantined"
        and card["url"] == ""
        and ("again" in card["note"] or "as soon" in card["note"] or "turn" in card["note"])
    )
    assert trouble.left in (5, 6)  # the first round may have put it together
    with phone.person.work() as work:
        assert (
            work.session.execute(
                text("SELECT tries FROM files WHERE id = :id"), {"id": phone.id}
            ).scalar_one()
            == 20 - trouble.left
        )
        assert (
            work.session.execute(
                text("SELECT count(*) FROM outbox_messages WHERE state = 'dead'")
            ).scalar_one()
            == 0
        )
    settle(rounds=12)
    card = phone.card()
    assert (card["stage"], card["note"]) == ("clean", "")


def test_waits_grow_and_end_at_half_an_hour(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = send(made.picture(), done=False)
    trouble = Trouble(scanners.scanner(), ScannerAway("away"), 99, "scan")
    monkeypatch.setattr("ontrack_app.background.files.scanner", lambda: trouble)
    drain(rounds=2)
    waits = []
    for _ in range(12):
        settle(rounds=1)
        with phone.person.work() as work:
            waits.append(work.session.execute(text(
                "SELECT extract(epoch FROM due_at - now())::float FROM outbox_messages WHERE function = 'files.examine' AND state = 'waiting'"
            )).scalar_one())  # fmt: skip
    assert waits[0] < 12 and max(waits) <= 1800 and min(waits[-2:]) > 800


@pytest.mark.parametrize("found", ["harmful", "unscannable"])
def test_what_the_scanner_does_not_pass_is_refused_in_its_words(
    send: Send, monkeypatch: pytest.MonkeyPatch, found: Any
) -> None:
    class Says:
        words = "a scanner"

        def scan(self, _: Path) -> Verdict:
            return Verdict(found, "A scanner", "Because of this.")

    monkeypatch.setattr("ontrack_app.background.files.scanner", Says)
    card = send(made.picture()).card()
    assert (card["stage"], card["note"], card["checked_by"], card["url"]) == (
        "refused",
        "Because of this.",
        "A scanner",
        "",
    )


def test_every_step_may_run_twice(send: Send, company: Company, store_home: Path) -> None:
    phone = send(made.picture())
    before = phone.card()
    for function in ("files.take_in", "files.examine", "files.sweep", "files.examine"):
        with company.work() as work:
            work.later(function, file_id=phone.id)
    settle()
    assert phone.card() == before and kept(store_home, phone) == ["picture", "thumbnail"]


def test_bytes_that_changed_in_the_store_are_not_looked_at(send: Send, store_home: Path) -> None:
    phone = send(made.picture(), done=False)
    drain()
    (path,) = store_home.glob(f"*/{phone.id}/original")
    path.write_bytes(made.picture(turned=True))
    settle()
    card = phone.card()
    assert card["stage"] == "quarantined" and "other bytes" in card["note"]


def test_what_was_put_away_is_served_no_more_and_forgotten_after_a_month(
    send: Send, company: Company, http: TestClient, store_home: Path
) -> None:
    phone = send(made.picture())
    assert http.delete(f"/api/v1/files/{phone.id}", headers=company.admin.bearer).status_code == 204
    settle()
    assert phone.card()["url"] == "" and kept(store_home, phone) == ["picture", "thumbnail"]
    with company.work() as work:
        work.session.execute(
            text("UPDATE files SET archived_at = archived_at - interval '31 days' WHERE id = :id"),
            {"id": phone.id},
        )
        work.later("files.sweep", file_id=phone.id)
    settle()
    assert kept(store_home, phone) == []
