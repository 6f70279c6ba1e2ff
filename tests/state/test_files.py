"""Galleries on screen: who sees what in which group, what waits, what customers are shown; and the settings' part on files."""

from uuid import UUID

import pytest
from sqlalchemy import text

import state.files as looking
from models.access import Role
from models.clients import Client
from models.ids import new_id
from models.visits import Visit
from ontrack_app.services.screens import file_settings
from ontrack_app.settings import settings
from state.file_settings import FileSettingsState
from state.files import FilesState
from state.portal_files import PortalFilesState
from state.settings import SettingsState
from tests.factories import files, spine
from tests.factories.companies import Company, Person
from tests.state.support import Screen
from tests.state.tabs import Open
from tests.state.test_leads import a_lead


@pytest.fixture
def client(company: Company) -> Client:
    return company.client()


@pytest.fixture
def job_id(company: Company, client: Client) -> UUID:
    return spine.job(company, client)


@pytest.fixture
def visit_id(company: Company, job_id: UUID) -> UUID:
    crew = [str(company.once(Role.CREW).member_id)]
    return spine.visit(company, job_id, assignee_ids=crew).id


def gallery_of(tab: Open, person: Person, noun: str, row_id: UUID) -> Screen:
    screen = tab(person, f"/{noun}/{row_id}")
    handlers = {"jobs": FilesState.load_job, "visits": FilesState.load_visit, "leads": FilesState.load_lead}
    screen.send(handlers[noun])
    return screen


def told(screen: Screen) -> dict[str, list[str]]:
    return {group.title: [tile.name for tile in group.tiles] for group in screen.state(FilesState).gallery.groups}  # fmt: skip


def test_a_job_shows_its_files_and_those_of_its_visits_by_moment(
    company: Company, other: Company, tab: Open, job_id: UUID, visit_id: UUID
) -> None:
    office, crew = company.office, company.once(Role.CREW)
    files.clean(company.id, crew, ("visits", visit_id), name="b.jpg", phase="before")
    files.clean(company.id, crew, ("visits", visit_id), name="a.jpg", phase="after")
    files.clean(company.id, office, ("jobs", job_id), name="plan.pdf", kind="document", data=files.PDF)
    files.clean(company.id, office, ("jobs", job_id), name="loose.jpg")
    files.clean(other.id, other.office, ("jobs", spine.job(other)), name="theirs.jpg")
    screen = gallery_of(tab, office, "jobs", job_id)
    assert told(screen) == {
        "Before": ["b.jpg"],
        "After": ["a.jpg"],
        "Photos": ["loose.jpg"],
        "Documents and receipts": ["plan.pdf"],
    }
    found = screen.state(FilesState).gallery
    assert (found.count, found.waiting, found.can_add, found.can_change, found.can_remove) == ("4 files", False, True, True, False)  # fmt: skip
    plan = found.groups[-1].tiles[0]
    assert plan.thumb == "" and plan.href != "" and plan.save_href == f"{plan.href}?save"
    assert told(gallery_of(tab, office, "visits", visit_id)) == {"Before": ["b.jpg"], "After": ["a.jpg"]}


def test_what_waits_and_what_is_not_taken_say_so_and_open_nothing(
    company: Company, tab: Open, job_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "LOOKS", ())
    files.scanning(company.office, ("jobs", job_id), name="waits.jpg")
    files.clean(company.id, company.office, ("jobs", job_id), name="bad.svg", data=files.SVG)
    files.clean(company.id, company.office, ("jobs", job_id), name="virus.jpg", data=files.EICAR)
    screen = gallery_of(tab, company.office, "jobs", job_id)
    ((waits, bad, virus),) = [group.tiles for group in screen.state(FilesState).gallery.groups]
    assert (waits.badge.word, waits.href, waits.thumb, waits.save_href) == ("Being checked", "", "", "")
    assert (bad.badge.word, bad.href) == ("Failed", "") and "SVG" in bad.note
    assert (virus.badge.word, virus.href, virus.save_href) == ("Infected", "", "") and "EICAR" in virus.note


def test_it_looks_again_until_what_waits_is_ready(
    company: Company, tab: Open, job_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "LOOKS", (0.0, 0.0))
    photo = files.scanning(company.office, ("jobs", job_id))
    screen = gallery_of(tab, company.office, "jobs", job_id)
    assert screen.state(FilesState).gallery.waiting
    files.looked_at(company.id, photo)
    screen.send(FilesState.watch)
    assert not screen.state(FilesState).gallery.waiting
    assert screen.state(FilesState).gallery.groups[0].tiles[0].thumb != ""


def test_the_office_sorts_and_shows_and_an_admin_puts_away(company: Company, tab: Open, job_id: UUID) -> None:
    photo = str(files.clean(company.id, company.office, ("jobs", job_id), name="a.jpg"))
    screen = gallery_of(tab, company.office, "jobs", job_id)
    screen.send(FilesState.sort, file_id=photo, phase="during")
    screen.send(FilesState.show, file_id=photo, is_visible=True)
    assert told(screen) == {"During": ["a.jpg"]}
    assert screen.state(FilesState).gallery.groups[0].tiles[0].is_visible
    screen.send(FilesState.sort, file_id=photo, phase="")
    assert told(screen) == {"Photos": ["a.jpg"]}
    screen.send(FilesState.remove, file_id=photo)
    assert told(screen) == {"Photos": ["a.jpg"]}, "the office may not"
    admin = gallery_of(tab, company.admin, "jobs", job_id)
    admin.send(FilesState.remove, file_id=photo)
    assert told(admin) == {}


def test_a_lead_shows_what_came_with_the_request(company: Company, tab: Open) -> None:
    lead_id = a_lead(company)
    files.clean(company.id, company.office, ("leads", lead_id), name="leak.jpg")
    assert told(gallery_of(tab, company.office, "leads", lead_id)) == {"Photos": ["leak.jpg"]}


def test_a_record_of_others_shows_nothing(company: Company, other: Company, tab: Open, job_id: UUID) -> None:
    files.clean(company.id, company.office, ("jobs", job_id))
    for person, row_id in ((other.office, job_id), (company.office, new_id())):
        screen = gallery_of(tab, person, "jobs", row_id)
        assert told(screen) == {} and not screen.state(FilesState).gallery.shown
        assert screen.toasts == []


# the portal


def shown(tab: Open, person: Person) -> dict[str, list[str]]:
    screen = tab(person, "/portal/photos")
    screen.send(PortalFilesState.load)
    assert screen.state(PortalFilesState).status == "full"
    return {group.title: [tile.name for tile in group.tiles] for group in screen.state(PortalFilesState).groups}  # fmt: skip


def test_a_client_sees_what_the_office_shows_of_its_own_work(
    company: Company, tab: Open, client: Client, job_id: UUID, visit_id: UUID
) -> None:
    crew, reader = company.once(Role.CREW), company.person(Role.CLIENT, client_id=client.id)
    stranger = company.once(Role.CLIENT)
    after = files.clean(company.id, crew, ("visits", visit_id), name="a.jpg", phase="after")
    before = files.clean(company.id, crew, ("visits", visit_id), name="b.jpg", phase="before")
    files.clean(company.id, crew, ("visits", visit_id), name="hidden.jpg")
    waiting = files.scanning(crew, ("visits", visit_id), name="waits.jpg")
    assert shown(tab, reader) == {}
    office = tab(company.office, f"/visits/{visit_id}")
    for photo in (after, before, waiting):
        office.send(FilesState.show, file_id=str(photo), is_visible=True)
    with company.office.work() as work:
        title = work.get(Visit, visit_id).title
    assert shown(tab, reader) == {title: ["b.jpg", "a.jpg"]}
    assert shown(tab, stranger) == {}


# the settings


def test_the_settings_say_where_files_are_and_that_nobody_scans(
    company: Company, tab: Open, job_id: UUID
) -> None:
    files.clean(company.id, company.office, ("jobs", job_id))
    screen = tab(company.admin, "/settings/files")
    screen.send(FileSettingsState.load)
    place = screen.state(FileSettingsState).place
    assert "disk" in place.store and place.scanner == "No virus scanner is configured"
    assert "no antivirus" in place.scanner_note and not place.has_scanner
    assert place.used.endswith("of 20 GB") and place.count == "1 file" and place.used_share == 0


def test_with_a_bucket_and_a_scanner_they_say_so(
    company: Company, tab: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = settings().model_copy(update={"s3_bucket": "files", "clamd_url": "unix:///run/clamd.ctl"})
    monkeypatch.setattr(file_settings, "settings", lambda: given)
    screen = tab(company.admin, "/settings/files")
    screen.send(FileSettingsState.load)
    place = screen.state(FileSettingsState).place
    assert "S3" in place.store and "ClamAV" in place.scanner and place.has_scanner


def test_an_admin_keeps_the_place_in_photos_and_the_trail_tells(company: Company, tab: Open) -> None:
    screen = tab(company.admin, "/settings/files")
    screen.send(FileSettingsState.load)
    assert not screen.state(FileSettingsState).place.keeps_place
    for _ in range(2):
        screen.send(FileSettingsState.keep_place, is_kept=True)
    assert screen.state(FileSettingsState).place.keeps_place
    with company.work() as work:
        count = text("SELECT count(*) FROM audit_entries WHERE word = 'settings.photo_place'")
        assert work.session.execute(count).scalar_one() == 1


def test_the_office_does_not_open_the_settings_of_files(company: Company, tab: Open) -> None:
    screen = tab(company.office, "/settings/files")
    screen.send(FileSettingsState.load)
    assert screen.state(FileSettingsState).place.store == "" and screen.toasts != []
    screen.send(SettingsState.first)
    assert "/settings/files" not in str(screen.events)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 bytes"), (1, "1 byte"), (2048, "2 KB"), (3_355_443, "3.2 MB"), (20 * 1024**3, "20 GB")]
)  # fmt: skip
def test_sizes_are_words(count: int, words: str) -> None:
    assert file_settings.size(count) == words
