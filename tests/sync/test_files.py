"""A crew's phone and the files of its visits: told once they have come, again when they are ready, and gone with the visit."""

from uuid import UUID

import pytest
from starlette.testclient import TestClient

from models.access import Role
from ontrack_app.schemas.files import FilePatch
from ontrack_app.schemas.jobs import VisitPatch
from ontrack_app.services import files as rows
from ontrack_app.services import visits
from tests.factories import files
from tests.factories.companies import Company
from tests.sync.support import Ground, Phone, ground


@pytest.fixture
def here(company: Company) -> Ground:
    return ground(company, crews=2)


@pytest.fixture
def phones(http: TestClient, here: Ground) -> list[Phone]:
    found = [Phone(http, person) for person in here.crews]
    for phone in found:
        phone.hello()
        phone.load()
    return found


def held(phone: Phone) -> dict[str, tuple[str, str]]:
    """Stage and address of the small picture of each file that the phone holds."""
    return {name: (row["stage"], row["thumbnail_url"]) for name, row in phone.kinds("files").items()}


def on(here: Ground, at: int = 0) -> tuple[str, UUID]:
    return ("visits", here.visit_ids[at])


def test_a_photo_is_told_of_when_it_has_come_and_when_it_is_ready(here: Ground, phones: list[Phone]) -> None:
    crew = here.crews[0]
    files.begun(crew, on(here))
    assert phones[0].pull() == [], "nothing of it has come yet"
    photo = files.scanning(crew, on(here), phase="before", name="Gutter.jpg")
    phones[0].pull()
    assert held(phones[0]) == {str(photo): ("scanning", "")}
    files.looked_at(here.company.id, photo)
    (change,) = phones[0].pull()
    assert change["fields"] | {"taken_at": None} == {
        "visit_id": str(here.visit_ids[0]), "name": "Gutter.jpg", "kind": "photo", "phase": "before", "stage": "clean", "note": "",
        "taken_at": None, "thumbnail_url": f"/files/{photo}?variant=thumbnail",
    }  # fmt: skip
    picture = phones[0].http.get(change["fields"]["thumbnail_url"].partition("?")[0].replace("/files/", "/api/v1/files/"), headers=crew.bearer)  # fmt: skip
    assert picture.json()["thumbnail_url"] == change["fields"]["thumbnail_url"]
    assert phones[1].pull() == [], "the other crew goes there on another visit"


def test_what_is_refused_is_told_with_why(here: Ground, phones: list[Phone]) -> None:
    photo = files.clean(here.company.id, here.crews[0], on(here), data=files.SVG)
    phones[0].pull()
    (row,) = phones[0].kinds("files").values()
    assert (row["stage"], row["thumbnail_url"]) == ("failed", "") and row["note"] != ""
    assert str(photo) in phones[0].kinds("files")


def test_files_come_and_go_with_the_visit(here: Ground, phones: list[Phone]) -> None:
    photo = files.clean(here.company.id, here.company.office, on(here))
    phones[0].pull()
    assert set(held(phones[0])) == {str(photo)}
    with here.company.office.work() as work:
        visits.patch(work, here.visit_ids[0], VisitPatch(assignee_ids=[here.crews[1].member_id]))
    for phone in phones:
        phone.pull()
    assert held(phones[0]) == {}
    assert set(held(phones[1])) == {str(photo)}
    fresh = Phone(phones[1].http, phones[1].person, id=phones[1].id)
    fresh.load()
    assert fresh.rows == phones[1].rows


def test_what_is_put_away_leaves_the_phone(here: Ground, phones: list[Phone]) -> None:
    photo = files.clean(here.company.id, here.crews[0], on(here))
    phones[0].pull()
    with here.company.office.work() as work:
        rows.patch(work, photo, FilePatch(phase="after"))
    assert [one["fields"]["phase"] for one in phones[0].pull()] == ["after"]
    with here.company.admin.work() as work:
        rows.archive(work, photo)
    assert [one["op"] for one in phones[0].pull()] == ["drop"]
    assert held(phones[0]) == {}


def test_of_receipts_a_crew_sees_its_own(here: Ground, phones: list[Phone]) -> None:
    """A receipt says what was paid: no price reaches a crew, not by a picture of one either."""
    both = [here.crews[0].member_id, here.crews[1].member_id]
    with here.company.office.work() as work:
        visits.patch(work, here.visit_ids[0], VisitPatch(assignee_ids=both))
    mine = files.clean(here.company.id, here.crews[0], on(here), kind="receipt")
    for phone in phones:
        phone.pull()
    assert set(held(phones[0])) == {str(mine)}
    assert held(phones[1]) == {}
    answers = [phones[1].http.get(f"/api/v1/files/{mine}", headers=person.bearer) for person in here.crews]
    assert [one.status_code for one in answers] == [200, 404]


def test_a_file_of_the_job_is_no_row_of_a_phone(here: Ground, phones: list[Phone]) -> None:
    files.clean(here.company.id, here.company.once(Role.OFFICE), ("jobs", here.job_id))
    assert phones[0].pull() == []
