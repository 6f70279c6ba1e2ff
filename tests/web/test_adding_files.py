"""Files that a native form brings: the office's control on a record, and photos on the public request form."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlmodel import col

from models.access import Role
from models.files import File
from models.ids import new_id
from models.leads import Lead
from ontrack_app.integrations.files.protocol import StoreAway
from ontrack_app.services import public_forms
from ontrack_app.services.files import uploads
from ontrack_app.sessions import cookie_name, hash_secret
from ontrack_app.settings import settings
from ontrack_app.web import forms, taking_files
from ontrack_app.web.routes import BODY_LIMITS
from tests.factories import files as made
from tests.factories import spine
from tests.factories.companies import Company, Person
from tests.web.browsers import Browser, fresh_ip, hidden
from tests.web.test_public_forms import TYPED

ADD = "/files/add"
PHOTO = made.picture(size=(640, 480))
Named = tuple[str, bytes, str]


@pytest.fixture
def job_id(company: Company) -> UUID:
    return spine.job(company)


def form_of(person: Person, noun: str, row_id: UUID | str, **more: str) -> dict[str, str]:
    """What the control on a record's page sends besides its files."""
    token = forms.form_token(hash_secret(person.cookie))
    return {forms.FIELD: token, "noun": noun, "row_id": str(row_id), **more}


def send(person: Person | None, form: dict[str, str], *chosen: Named, origin: str = "") -> httpx.Response:
    """The answer to the form of a person's browser."""
    browser = Browser(ip=fresh_ip())
    cookie = {"Cookie": f"{cookie_name(settings())}={person.cookie}"} if person else {}
    headers = {"origin": origin or browser.origin, **cookie}
    sent = [("files", one) for one in chosen] or [("files", ("", b"", "application/octet-stream"))]
    return browser.open(ADD, "POST", data=form, files=sent, headers=headers)


def rows(company: Company) -> list[File]:
    with company.work() as work:
        return work.all(work.of(File).order_by(col(File.created_at), col(File.id)))


def test_the_office_adds_a_photo_and_a_pdf_to_a_job(company: Company, job_id: UUID) -> None:
    form = form_of(company.office, "jobs", job_id, phase="before")
    answer = send(company.office, form, ("Dach/Roof.jpg", PHOTO, "image/jpeg"), ("Offer.pdf", made.PDF, "application/pdf"))  # fmt: skip
    assert (answer.status_code, answer.headers["location"]) == (303, f"/jobs/{job_id}")
    photo, paper = rows(company)
    assert (photo.name, photo.kind, photo.phase, photo.stage) == (
        "Roof.jpg",
        "photo",
        "before",
        "scanning",
    )
    assert (paper.name, paper.kind, paper.is_visible) == ("Offer.pdf", "document", False)
    assert photo.uploader_name != "" and photo.member_id == company.office.member_id
    for file in (photo, paper):
        made.looked_at(company.id, file.id)
    assert [file.stage for file in rows(company)] == ["clean", "clean"]


def test_a_file_larger_than_one_piece_comes_whole(
    company: Company, job_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_PART", 1_000)
    assert send(company.office, form_of(company.office, "jobs", job_id), ("a.jpg", PHOTO, "image/jpeg")).status_code == 303  # fmt: skip
    (photo,) = rows(company)
    assert photo.received == len(PHOTO) > 2_000
    made.looked_at(company.id, photo.id)
    assert rows(company)[0].stage == "clean"


def test_what_is_not_taken_is_told_and_the_rest_is_in(
    company: Company, job_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", len(PHOTO))
    large = ("Large.jpg", PHOTO + b"1", "image/jpeg")
    answer = send(company.office, form_of(company.office, "jobs", job_id), ("a.jpg", PHOTO, "image/jpeg"), large, ("empty.jpg", b"", "image/jpeg"))  # fmt: skip
    assert answer.status_code == 422 and "1 of 3 were added" in answer.text
    assert "Large.jpg" in answer.text and "empty.jpg" in answer.text and f"/jobs/{job_id}" in answer.text
    assert [file.name for file in rows(company)] == ["a.jpg"]


def test_a_store_that_is_away_is_told(
    company: Company, job_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> Any:
        raise StoreAway("no disk")

    monkeypatch.setattr(taking_files, "store", away)
    answer = send(company.office, form_of(company.office, "jobs", job_id), ("a.jpg", PHOTO, "image/jpeg"))
    assert answer.status_code == 422 and "does not answer" in answer.text and "no disk" not in answer.text


def test_nothing_chosen_is_told(company: Company, job_id: UUID) -> None:
    answer = send(company.office, form_of(company.office, "jobs", job_id))
    assert answer.status_code == 422 and "No file was chosen" in answer.text


@pytest.mark.parametrize("wrong", ["token", "origin", "session"])
def test_a_form_from_elsewhere_adds_nothing(company: Company, job_id: UUID, wrong: str) -> None:
    form = form_of(company.office, "jobs", job_id)
    if wrong == "token":
        form[forms.FIELD] = forms.form_token(hash_secret("another"))
    person = None if wrong == "session" else company.office
    origin = "https://evil.example" if wrong == "origin" else ""
    answer = send(person, form, ("a.jpg", PHOTO, "image/jpeg"), origin=origin)
    assert answer.status_code in (401, 403)
    assert rows(company) == []


@pytest.mark.parametrize(("noun", "status"), [("jobs", 404), ("tenants", 404), ("", 404)])
def test_a_record_that_is_not_there_takes_nothing(company: Company, noun: str, status: int) -> None:
    answer = send(company.office, form_of(company.office, noun, new_id()), ("a.jpg", PHOTO, "image/jpeg"))
    assert answer.status_code == status
    assert rows(company) == []


def test_a_row_of_another_company_takes_nothing(company: Company, other: Company, job_id: UUID) -> None:
    answer = send(other.office, form_of(other.office, "jobs", job_id), ("a.jpg", PHOTO, "image/jpeg"))
    assert answer.status_code == 404
    assert rows(company) == rows(other) == []


def test_who_may_only_look_adds_nothing(company: Company) -> None:
    client = company.client()
    job_id = spine.job(company, client)
    reader = company.person(Role.CLIENT, client_id=client.id)
    answer = send(reader, form_of(reader, "jobs", job_id), ("a.jpg", PHOTO, "image/jpeg"))
    assert answer.status_code == 403
    assert rows(company) == []


# the public request form


def leads_of(company: Company) -> list[Lead]:
    with company.work() as work:
        return work.all(work.of(Lead))


def ask(company: Company, *chosen: Named, **typed: str) -> httpx.Response:
    browser, path = Browser(ip=fresh_ip()), f"/f/{company.slug}"
    form = {**hidden(browser.open(path)), **TYPED, **typed}
    sent = [("photos", one) for one in chosen] or [("photos", ("", b"", "application/octet-stream"))]
    return browser.open(path, "POST", data=form, files=sent, headers={"origin": browser.origin})


def test_a_stranger_sends_photos_with_the_request(company: Company, other: Company) -> None:
    answer = ask(company, ("IMG_1.HEIC", made.picture("HEIF"), "image/heic"), ("b.jpg", PHOTO, "image/jpeg"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/f/{company.slug}/thanks")
    (lead,) = leads_of(company)
    found = rows(company)
    assert {(file.noun, file.row_id, file.kind, file.is_visible) for file in found} == {("leads", lead.id, "photo", False)}  # fmt: skip
    for file in found:
        made.looked_at(company.id, file.id)
    assert [(file.name, file.stage) for file in rows(company)] == [
        ("IMG_1.HEIC", "clean"),
        ("b.jpg", "clean"),
    ]
    assert rows(other) == []


def test_a_request_without_photos_is_one_too(company: Company) -> None:
    assert ask(company).status_code == 303
    assert len(leads_of(company)) == 1 and rows(company) == []


def test_a_request_is_in_whatever_becomes_of_its_photos(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)
    answer = ask(company, ("b.jpg", PHOTO, "image/jpeg"))
    assert answer.status_code == 200 and "Your request is in" in answer.text and "b.jpg" in answer.text
    assert len(leads_of(company)) == 1 and rows(company) == []


def test_what_is_no_photo_is_never_shown(company: Company) -> None:
    assert ask(company, ("b.jpg", made.HTML, "image/jpeg"), ("c.svg", made.SVG, "image/svg+xml")).status_code == 303  # fmt: skip
    for file in rows(company):
        made.looked_at(company.id, file.id)
    assert {file.stage for file in rows(company)} == {"failed"}


def test_too_many_photos_are_told_and_nothing_is_lost(company: Company) -> None:
    many = [(f"{at}.jpg", PHOTO, "image/jpeg") for at in range(public_forms.MOST_PHOTOS + 1)]
    answer = ask(company, *many)
    assert answer.status_code == 422 and "at most 5 photos" in answer.text and TYPED["name"] in answer.text
    assert leads_of(company) == [] and rows(company) == []


def test_the_same_request_sent_twice_has_its_photos_once(company: Company) -> None:
    browser, path = Browser(ip=fresh_ip()), f"/f/{company.slug}"
    form = {**hidden(browser.open(path)), **TYPED}
    sent = [("photos", ("b.jpg", PHOTO, "image/jpeg"))]
    for _ in range(2):
        assert browser.open(path, "POST", data=form, files=sent, headers={"origin": browser.origin}).status_code == 303  # fmt: skip
    assert len(leads_of(company)) == len(rows(company)) == 1


def test_the_form_says_how_much_it_takes() -> None:
    browser_words = 32 * 1024 * 1024
    assert BODY_LIMITS["/f/"] > browser_words


@pytest.mark.parametrize(
    ("given", "name"),
    [("C:\\Users\\x\\Roof.jpg", "Roof.jpg"), ("../../etc/passwd", "passwd"), ("a\x00b\n.jpg", "ab.jpg"), ("", "File"), ("x" * 300 + ".jpg", "x" * 196 + ".jpg")],
)  # fmt: skip
def test_a_name_is_a_name(given: str, name: str) -> None:
    assert taking_files.clean_name(given) == name
