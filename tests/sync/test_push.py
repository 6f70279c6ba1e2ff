"""Push: once, in order, through the services of every other door."""

import pytest

from ontrack_app.services import visits
from tests.sync.support import Phone, ground


@pytest.fixture
def here(company):
    return ground(company)


@pytest.fixture
def phone(http, here):
    found = Phone(http, here.crews[0])
    assert found.hello()["status"] == "ok"
    found.load()
    return found


def test_a_day_goes_through_and_comes_back(here, phone):
    visit = here.visit_ids[0]
    for move in ("depart", "arrive"):
        phone.does("visit.move", {"visit_id": visit, "move": move})
    phone.does(
        "note.add",
        {"id": "0190f2b4-0000-7000-8000-000000000001", "visit_id": visit, "text": "Dog is friendly"},
    )
    phone.does("visit.move", {"visit_id": visit, "move": "finish"})
    assert [one["status"] for one in phone.push()] == ["applied"] * 4
    phone.pull()
    assert phone.kinds("visits")[str(visit)]["stage"] == "done"
    assert [note["text"] for note in phone.kinds("notes").values()] == ["Dog is friendly"]
    with here.company.office.work() as work:
        assert visits.get(work, visit).stage == "done"
