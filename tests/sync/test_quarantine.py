"""Work that could not be taken waits for the office: seen, taken in as if it had come in time, or discarded with a reason."""

from typing import Any

import pytest

from models.ids import new_id
from models.notes import Note
from models.time_entries import TimeEntry
from ontrack_app.errors import Conflict, Forbidden, Invalid, NotFound
from ontrack_app.schemas.jobs import VisitPatch
from ontrack_app.services import devices, visits
from ontrack_app.services.sync import quarantine
from tests.sync.support import Ground, Phone, ground, waiting


@pytest.fixture
def here(company: Any) -> Ground:
    return ground(company, crews=2)


@pytest.fixture
def phone(http: Any, here: Ground) -> Phone:
    """A phone that was signed off with unsent work: a note and hours."""
    found = Phone(http, here.crews[0])
    found.hello()
    entry, visit = new_id(), here.visit_ids[0]
    found.does("note.add", {"id": new_id(), "visit_id": visit, "text": "Dog is friendly"})
    found.does("time.start", {"id": entry, "visit_id": visit, "kind": "work"}, at="2026-01-05T08:00:00Z")
    found.does("time.stop", {"id": entry}, at="2026-01-05T12:00:00Z")
    with here.company.admin.work() as work:
        devices.revoke(work, found.id)
    found.push()
    return found


def test_what_a_signed_off_phone_brought_is_listed_and_taken_in(here: Ground, phone: Phone) -> None:
    with here.company.office.work() as work:
        parked = waiting(work)
    assert [one.kind for one in parked] == ["note.add", "time.start", "time.stop"]
    assert {one.reason for one in parked} == {"revoked"}
    assert parked[0].args["text"] == "Dog is friendly" and parked[0].member_id == here.crews[0].member_id
    for one in parked:
        with here.company.office.work() as work:
            assert quarantine.take_in(work, one.id).status == "applied"
    with here.company.office.work() as work:
        assert waiting(work) == []
        (note,) = work.all(work.of(Note))
        assert (note.text, note.author_name) == ("Dog is friendly", parked[0].member_name)
        entry = work.first(work.of(TimeEntry))
        assert entry.member_id == here.crews[0].member_id
        assert (entry.started_at.hour, entry.ended_at.hour) == (8, 12)
        with pytest.raises(Conflict, match="decided"):
            quarantine.take_in(work, parked[0].id)


def test_it_is_discarded_with_a_reason_and_stays_in_the_trail(here: Ground, phone: Phone) -> None:
    with here.company.office.work() as work:
        parked = waiting(work)
        with pytest.raises(Invalid, match="why"):
            quarantine.discard(work, parked[0].id, " ")
        quarantine.discard(work, parked[0].id, "Entered by hand")
    with here.company.office.work() as work:
        assert len(waiting(work)) == len(parked) - 1
        with pytest.raises(Conflict, match="decided"):
            quarantine.take_in(work, parked[0].id)


def test_crews_decide_nothing_here(here: Ground, phone: Phone) -> None:
    with here.crews[0].work() as work, pytest.raises(Forbidden):
        waiting(work)


def test_what_cannot_be_done_waits_on(here: Ground, phone: Phone) -> None:
    """The end of hours whose start nobody took in."""
    with here.company.office.work() as work:
        ended = waiting(work)[2]
    with here.company.office.work() as work, pytest.raises(NotFound):
        quarantine.take_in(work, ended.id)
    with here.company.office.work() as work:
        assert len(waiting(work)) == 3


def test_an_unknown_kind_is_entered_by_hand(here: Ground, http: Any) -> None:
    found = Phone(http, here.crews[1])
    found.hello()
    found.one("roof.measure", {"visit_id": here.visit_ids[1]})
    with here.company.office.work() as work:
        (parked,) = waiting(work)
        with pytest.raises(Conflict, match="by hand"):
            quarantine.take_in(work, parked.id)


def test_work_on_a_visit_that_went_to_others_is_taken_in(here: Ground, http: Any) -> None:
    found, visit = Phone(http, here.crews[0]), here.visit_ids[0]
    found.hello()
    found.does("note.add", {"id": new_id(), "visit_id": visit, "text": "Was there"})
    with here.company.office.work() as work:
        visits.patch(work, visit, VisitPatch(assignee_ids=[here.crews[1].member_id]))
    assert found.push()[0]["code"] == "gone"
    with here.company.office.work() as work:
        (parked,) = waiting(work)
        quarantine.take_in(work, parked.id)
    with here.company.office.work() as work:
        assert [one.text for one in work.all(work.of(Note))] == ["Was there"]
