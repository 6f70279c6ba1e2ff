"""A phone, a real S3 and a real virus scanner together: what is good arrives, what is not is told, both down and up again."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from starlette.testclient import TestClient

from models.access import Role
from ontrack_app.integrations import files, scanners
from ontrack_app.integrations.files.s3 import S3Place, S3Store
from ontrack_app.integrations.scanner_clamd import Clamd
from ontrack_app.services import verify
from ontrack_app.services.files import serving
from tests.background.support import forget_messages
from tests.factories import files as made
from tests.factories import hostile, spine
from tests.factories.companies import Company
from tests.factories.files import Phone, settle
from tests.integrations.clamd import a_clamd
from tests.integrations.weed import free_ports

pytestmark = pytest.mark.scanner
MB = 1024 * 1024


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with a_clamd(tmp_path_factory.mktemp("clamd")) as url:
        yield url


@pytest.fixture
def phone(
    http: TestClient, company: Company, bucket: S3Place, clamd: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Phone]:
    """A crew's phone in front of both."""
    use(monkeypatch, S3Store(bucket), Clamd(clamd))
    crew = company.once(Role.CREW)
    visit = spine.visit(company, spine.job(company), assignee_ids=[str(crew.member_id)])
    forget_messages()
    yield Phone(
        http, crew, made.picture("HEIF", size=(1600, 1200)), ("visits", visit.id), {"filename": "IMG_1.HEIC"}
    )
    monkeypatch.undo()
    use(monkeypatch, None, None)


def use(monkeypatch: pytest.MonkeyPatch, store: S3Store | None, scanner: Clamd | None) -> None:
    """Sets both for this process; None gives back the usual ones."""
    if store is not None:
        monkeypatch.setattr(files, "make_store", lambda _: store)
        monkeypatch.setattr(scanners, "make_scanner", lambda _: scanner)
    files.store.cache_clear()
    scanners.scanner.cache_clear()


def test_an_iphones_photo_goes_all_the_way(phone: Phone, company: Company) -> None:
    phone.whole()
    settle()
    card = phone.card()
    assert (card["stage"], card["checked_by"], card["content_type"]) == ("clean", "ClamAV", "image/jpeg")
    assert card["sha256"] == hashlib.sha256(phone.data).hexdigest()
    with company.work() as work:
        served = serving.offer(work, phone.id, "")
        assert verify.problems(work) == []
    answer = httpx.get(files.store().signed_url(served.key, served.offer, 60))
    assert answer.content.startswith(b"\xff\xd8\xff") and b"Telltale" not in answer.content
    assert [key.rpartition("/")[2].partition("-")[0] for key in files.store().keys(company.id, phone.id)] == [
        "picture",
        "thumbnail",
    ]


HARMFUL: dict[str, tuple[bytes, str, str]] = {
    "plain": (made.EICAR, "infected", "EICAR-Test-File"),
    "nested": (made.archive({"b.zip": made.archive({"a.txt": made.EICAR})}), "infected", "EICAR-Test-File"),
    "behind a photo": (made.polyglot(inner=made.EICAR), "infected", "EICAR-Test-File"),
    "packed in a PDF": (hostile.pdf_with(made.EICAR), "infected", "EICAR-Test-File"),
    "a PDF whose member is over the limit": (hostile.pdf_with(bytes(30 * MB) + made.EICAR), "failed", "more than the virus scanner unpacks"),
    "a zip whose member is over the limit": (made.archive({"large": bytes(30 * MB) + made.EICAR}), "failed", "an archive"),  # ClamAV calls it clean
    "a zip in a zip, thirty deep": (hostile.zips(30), "failed", "more than the virus scanner unpacks"),
    "bomb": (made.bomb(), "failed", "an archive"),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMFUL)
def test_what_does_harm_or_cannot_be_looked_into_is_told(phone: Phone, name: str) -> None:
    phone.data, stage, words = HARMFUL[name]
    phone.said["kind"] = "document"
    phone.whole()
    settle()
    card = phone.card()
    assert (card["stage"], card["url"], card["checked_by"]) == (stage, "", "ClamAV") and words in card[
        "note"
    ], card["note"]


def test_both_go_away_and_come_back(
    phone: Phone, bucket: S3Place, clamd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.announce()
    assert phone.send(0, 1_000).status_code == 204
    away = S3Store(replace(bucket, endpoint=f"http://127.0.0.1:{free_ports(1)[0]}"))
    use(monkeypatch, away, Clamd("unix:///nowhere.ctl"))
    assert phone.send(1_000).status_code == 503
    use(monkeypatch, S3Store(bucket), Clamd("unix:///nowhere.ctl"))
    assert phone.send(1_000).status_code == 204
    use(monkeypatch, away, Clamd("unix:///nowhere.ctl"))
    settle(rounds=2)
    assert "does not answer" in phone.card()["note"] and phone.look().headers["x-ontrack-stored"] == "0"
    use(monkeypatch, S3Store(bucket), Clamd("unix:///nowhere.ctl"))
    settle(rounds=3)
    assert "virus scanner" in phone.card()["note"] and phone.look().headers["x-ontrack-stored"] == "1"
    use(monkeypatch, S3Store(bucket), Clamd(clamd))
    settle()
    assert phone.card()["stage"] == "clean"
