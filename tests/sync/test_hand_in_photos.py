"""Photos of somebody who was let go: they come by the key of their phone, onto visits that were theirs, and open nothing else."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from models.files import File
from models.ids import new_id
from ontrack_app.schemas.jobs import VisitPatch
from ontrack_app.schemas.members import MemberPatch
from ontrack_app.services import members, visits
from tests.background.support import forget_messages
from tests.factories import files, spine
from tests.factories.companies import Company
from tests.sync.support import Ground, Phone, ground


@pytest.fixture
def here(company: Company) -> Ground:
    return ground(company, crews=2)


@pytest.fixture(autouse=True)
def _alone(store_home: Path) -> None:
    """A store of this test's own, and nothing that other tests promised to run first."""
    forget_messages()


def proof(http: Any, here: Ground) -> dict[str, str]:
    """The headers of a phone of the first crew, which has said hello and loaded its day."""
    phone = Phone(http, here.crews[0])
    key = phone.hello()["hand_in"]
    phone.load()
    return {"X-OnTrack-Hand-In": key, "X-OnTrack-Device": str(phone.id)}


def let_go(here: Ground) -> None:
    with here.company.admin.work() as work:
        members.patch(work, here.crews[0].member_id, MemberPatch(active=False))


def sending(http: Any, headers: dict[str, str], visit_id: UUID, noun: str = "visits") -> files.Phone:
    """A phone without any sign-in, with one photo."""
    nobody: Any = SimpleNamespace(bearer=headers)
    return files.Phone(http, nobody, files.picture(), (noun, visit_id), {"is_visible": "true"})


def test_the_photo_comes_past_the_same_checks_and_no_customer_is_shown_it(http: Any, here: Ground) -> None:
    headers = proof(http, here)
    let_go(here)
    photo = sending(http, headers, here.visit_ids[0])
    assert photo.announce().status_code == 201
    assert photo.send(0, 1000).status_code == 204
    assert photo.look().headers["upload-offset"] == "1000", "and goes on where it broke off"
    assert photo.send(1000).status_code == 204
    files.settle()
    assert photo.look().headers["x-ontrack-stored"] == "1"
    with here.company.office.work() as work:
        row = work.get(File, photo.id)
        assert (row.stage, row.member_id, row.is_visible) == ("clean", here.crews[0].member_id, False)
        assert row.uploader_name.endswith("phone without a sign-in")


def test_the_visit_may_be_anothers_by_now(http: Any, here: Ground) -> None:
    headers = proof(http, here)
    with here.company.office.work() as work:
        visits.patch(work, here.visit_ids[0], VisitPatch(assignee_ids=[here.crews[1].member_id]))
    let_go(here)
    assert sending(http, headers, here.visit_ids[0]).announce().status_code == 201


def test_who_can_sign_in_is_asked_to(http: Any, here: Ground) -> None:
    photo = sending(http, proof(http, here), here.visit_ids[0])
    assert [photo.announce().status_code, photo.send(0).status_code, photo.look().status_code] == [401] * 3


def test_a_key_reaches_no_other_phone_record_or_company(http: Any, here: Ground, other: Company) -> None:
    headers, theirs = proof(http, here), ground(other)
    foreign = proof(http, theirs)
    let_go(here)
    mine = here.visit_ids[0]
    for wrong in (
        headers | {"X-OnTrack-Device": str(new_id())},
        headers | {"X-OnTrack-Device": "x"},
        headers | {"X-OnTrack-Hand-In": foreign["X-OnTrack-Hand-In"]},
        headers | {"X-OnTrack-Hand-In": "a.b.c"},
        {"X-OnTrack-Hand-In": headers["X-OnTrack-Hand-In"]},
    ):
        assert sending(http, wrong, mine).announce().status_code == 401, wrong
    never_theirs = spine.visit(here.company, spine.job(here.company)).id
    for noun, row_id in (("visits", never_theirs), ("visits", theirs.visit_ids[0]), ("jobs", here.job_id)):
        assert sending(http, headers, row_id, noun).announce().status_code == 404, noun
    with here.company.office.work() as work:
        assert work.all(work.of(File)) == []


def test_a_key_goes_on_with_its_own_uploads_alone_and_takes_none_back(http: Any, here: Ground) -> None:
    headers = proof(http, here)
    own = files.begun(here.crews[0], ("visits", here.visit_ids[0]))
    anothers = files.begun(here.crews[1], ("visits", here.visit_ids[1]))
    let_go(here)
    photo = sending(http, headers, here.visit_ids[0])
    photo.id = anothers
    assert [photo.look().status_code, photo.send(0).status_code] == [404, 404]
    photo.id = own
    assert photo.look().status_code == 200
    assert photo.give_up().status_code == 401
