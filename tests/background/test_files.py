"""What becomes of a file: what is made of a picture, what is kept for how long, and what waits for what is away."""

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text
from starlette.testclient import TestClient

from ontrack_app.integrations import files, pictures, scanners
from ontrack_app.integrations.files.protocol import StoreAway
from ontrack_app.integrations.pictures import Busy
from ontrack_app.integrations.scanner import ScannerAway, Verdict
from tests.background.sending import Send, fetch, kept
from tests.background.support import drain
from tests.factories import files as made
from tests.factories.companies import Company
from tests.factories.files import settle


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


def test_the_time_of_the_camera_is_read_before_it_is_taken_out(send: Send) -> None:
    assert send(made.picture()).card()["taken_at"] == "2027-01-04T15:30:00Z"  # 9.30 in Chicago


def test_the_time_that_the_phone_gave_is_kept(send: Send) -> None:
    assert send(made.picture(), taken_at="2027-01-02T10:00:00Z").card()["taken_at"] == "2027-01-02T10:00:00Z"


def test_a_photo_that_lies_on_its_side_is_put_upright(send: Send) -> None:
    phone = send(made.picture(turned=True))
    image = Image.open(io.BytesIO(fetch(phone)))
    assert image.size == (600, 800)
    red, blue = image.getpixel((300, 100)), image.getpixel((300, 700))
    assert red[0] > 150 and blue[2] > 150  # type: ignore[index]


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


def test_a_type_that_is_a_lie_changes_nothing(send: Send) -> None:
    card = send(made.picture("PNG"), filename="run.exe", filetype="application/x-msdownload").card()
    assert (card["stage"], card["content_type"]) == ("clean", "image/png")


def test_bytes_that_are_not_taken_are_kept_unserved_and_forgotten_after_a_month(
    send: Send, company: Company, store_home: Path
) -> None:
    phone = send(made.EICAR, kind="document")
    with company.work() as work:
        work.later("files.sweep", file_id=phone.id)
    settle()
    assert kept(store_home, phone) == ["original"]
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
        card["stage"] == "scanning"
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


@pytest.mark.parametrize(("found", "stage"), [("harmful", "infected"), ("unscannable", "failed")])
def test_what_the_scanner_does_not_pass_is_kept_from_everybody_in_its_words(
    send: Send, monkeypatch: pytest.MonkeyPatch, found: Any, stage: str
) -> None:
    class Says:
        words = "a scanner"

        def scan(self, _: Path) -> Verdict:
            return Verdict(found, "A scanner", "Because of this.")

    monkeypatch.setattr("ontrack_app.background.files.scanner", Says)
    card = send(made.picture()).card()
    assert (card["stage"], card["note"], card["checked_by"], card["url"]) == (
        stage,
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
    assert card["stage"] == "scanning" and "other bytes" in card["note"]


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
