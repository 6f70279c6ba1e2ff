"""Somebody who was let go cannot sign in any more; what their phone did is kept for the office, and opens nothing else."""

from typing import Any

import pytest

from models.ids import new_id
from models.notes import Note
from ontrack_app.schemas.members import MemberPatch
from ontrack_app.services import members
from ontrack_app.services.sync import hand_in, quarantine
from tests.factories.companies import Company
from tests.sync.support import PATH, Ground, Phone, good, ground, waiting


@pytest.fixture
def here(company: Company) -> Ground:
    return ground(company)


class Handing(Phone):
    """A phone that keeps the key of its last hello."""

    key: str = ""

    def greet(self) -> "Handing":
        self.key = self.hello()["hand_in"]
        return self

    def hands_in(self, **other: Any) -> Any:
        """The answer to a push without a session."""
        body = {
            "device_id": str(self.id),
            "schema": 2,
            "mutations": self.outbox,
            "hand_in": self.key,
            **other,
        }
        return self.http.request("POST", PATH + "/push", json=body)


@pytest.fixture
def phone(http: Any, here: Ground) -> Handing:
    """A phone with two unsent notes."""
    found = Handing(http, here.crews[0]).greet()
    for words in ("Dog is friendly", "Valve leaks"):
        found.does("note.add", {"id": new_id(), "visit_id": here.visit_ids[0], "text": words})
    return found


def let_go(here: Ground) -> None:
    with here.company.admin.work() as work:
        members.patch(work, here.crews[0].member_id, MemberPatch(active=False))


def test_the_work_of_somebody_who_was_let_go_is_kept_for_the_office_once(
    here: Ground, phone: Handing
) -> None:
    let_go(here)
    assert phone.push_raw(phone.outbox).status_code == 401
    results = good(phone.hands_in())["results"]
    assert [(one["status"], one["code"]) for one in results] == [("parked", "no_right")] * 2
    assert good(phone.hands_in())["results"] == results, "a lost answer is harmless"
    with here.company.office.work() as work:
        parked = waiting(work)
        assert [one.args["text"] for one in parked] == ["Dog is friendly", "Valve leaks"]
        assert {one.member_id for one in parked} == {here.crews[0].member_id}
        quarantine.take_in(work, parked[0].id)
    with here.company.office.work() as work:
        assert [one.text for one in work.all(work.of(Note))] == ["Dog is friendly"]


def test_who_can_sign_in_is_asked_to(here: Ground, phone: Handing) -> None:
    assert phone.hands_in().status_code == 401
    with here.company.office.work() as work:
        assert waiting(work) == []


def test_a_key_is_good_for_its_own_phone_alone(
    here: Ground, phone: Handing, http: Any, other: Company
) -> None:
    theirs = Handing(http, ground(other).crews[0]).greet()
    another = Handing(http, here.crews[0]).greet()
    let_go(here)
    for key in (theirs.key, another.key, phone.key[:-1], phone.key + "x", "", "é", "a.b.c"):
        answer = phone.hands_in(hand_in=key)
        assert answer.status_code == 401, key
    assert phone.hands_in(hand_in=None).status_code == 401
    assert phone.hands_in(hand_in="x" * 301).status_code == 422
    for company in (here.company, other):
        with company.office.work() as work:
            assert waiting(work) == []


def test_a_key_opens_no_other_door(here: Ground, phone: Handing, http: Any) -> None:
    let_go(here)
    bearer = {"Authorization": f"Bearer {phone.key}"}
    for path in ("/pull", "/snapshot"):
        query = f"?device_id={phone.id}&hand_in={phone.key}"
        assert http.request("GET", PATH + path + query).status_code == 401
        assert http.request("GET", PATH + path + query, headers=bearer).status_code == 401


def test_a_phone_cannot_fill_the_offices_inbox(
    here: Ground, phone: Handing, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_go(here)
    monkeypatch.setattr(hand_in, "MOST_WAITING", 2)
    good(phone.hands_in())
    phone.does("note.add", {"id": new_id(), "visit_id": here.visit_ids[0], "text": "More"})
    assert phone.hands_in().status_code == 429
