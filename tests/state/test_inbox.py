"""The inbox on screen: two values in words and one tap, work that waits and what becomes of it, by whom."""

import pytest
from sqlalchemy import text

from models.access import Role
from ontrack_app.services import properties, visits
from state.devices import DevicesState
from state.inbox import InboxState
from state.visits import VisitState
from tests.factories import phones
from tests.factories.companies import Company, Person
from tests.factories.phones import Undecided
from tests.state.support import Screen
from tests.state.tabs import Open

INBOX, PHONES = "/conflicts", "/settings/devices"


@pytest.fixture
def given(company: Company) -> Undecided:
    return phones.undecided(company, notes=2)


def inbox(tab: Open, person: Person, query: str = "") -> Screen:
    screen = tab(person, f"{INBOX}{query}")
    screen.send(InboxState.load)
    return screen


def take_from(company: Company, role: Role, right: str) -> None:
    """The company takes a right from a role."""
    with company.work() as work:
        work.session.execute(
            text("INSERT INTO role_rights (tenant_id, id, version, created_at, updated_at, role, permission, granted) VALUES (app.tenant_id(), uuidv7(), 1, now(), now(), :role, :right, false)"),
            {"role": role.value, "right": right},
        )  # fmt: skip


def test_both_values_stand_in_words_with_who_and_when(company: Company, given: Undecided, tab: Open) -> None:
    state = inbox(tab, company.office).state(InboxState)
    assert [(tab.key, tab.count) for tab in state.foot.tabs] == [("open", "2"), ("decided", "0"), ("waiting", "2"), ("settled", "0")]  # fmt: skip
    gate, stage = state.rows
    assert (gate.title, gate.href) == (
        "How to get in at 12 Elm St, Elgin",
        f"/properties/{given.property_id}",
    )
    assert [(side.text, side.verb) for side in gate.sides] == [("Code 4711", "Leave it so"), ("Key at number 9", "Take this")]  # fmt: skip
    assert gate.sides[0].note.startswith(company.office.email.split("@")[0].capitalize())
    assert gate.sides[1].whose == f"{given.name} said"
    assert (gate.who, gate.phone) == (given.name, "Pixel 8, Chrome")
    assert gate.phone_time and gate.came and gate.came_full
    assert [side.text for side in stage.sides] == ["No access", "Done"]
    assert stage.title == "Where the visit “Shingles” stands"


def test_one_tap_chooses_either_and_both_stay_readable(company: Company, given: Undecided, tab: Open) -> None:
    screen = inbox(tab, company.office)
    gate, stage = screen.state(InboxState).rows
    screen.send(InboxState.choose, conflict_id=gate.id, use=False)
    screen.send(InboxState.choose, conflict_id=stage.id, use=True)
    assert [one.text for one in screen.toasts] == ["It stays as it is.", "Taken over from the phone."]
    assert (screen.state(InboxState).rows, screen.state(InboxState).status) == ([], "none")
    with company.office.work() as work:
        assert properties.get(work, given.property_id).access_notes == "Code 4711"
        assert visits.get(work, given.visit_id).stage == "done"
    decided = inbox(tab, company.office, "?tab=decided").state(InboxState).rows
    assert {row.id for row in decided} == {gate.id, stage.id}
    assert all(side.verb == "" for row in decided for side in row.sides)
    told = {row.id: row.decided for row in decided}
    assert "left it as it was" in told[gate.id] and "took the one from the phone" in told[stage.id]


def test_waiting_work_is_told_in_words_and_taken_in(company: Company, given: Undecided, tab: Open) -> None:
    screen = inbox(tab, company.office, "?tab=waiting")
    first, second = screen.state(InboxState).rows
    assert (first.title, first.text) == ("Wrote a note: Shingles", "Note 0")
    assert (first.badge.word, first.href) == ("The phone was signed off", f"/visits/{given.visit_id}")
    assert "signed off before" in first.why and first.may_take and first.may_discard
    screen.send(InboxState.take_in, work_id=first.id)
    assert screen.toasts[-1].text == f"Taken in for {given.name}."
    assert [row.id for row in screen.state(InboxState).rows] == [second.id]
    settled = inbox(tab, company.office, "?tab=settled").state(InboxState).rows
    assert [row.badge.word for row in settled] == ["Taken in"]


def test_discarding_asks_why_and_keeps_it(company: Company, given: Undecided, tab: Open) -> None:
    screen = inbox(tab, company.office, "?tab=waiting")
    first = screen.state(InboxState).rows[0]
    screen.send(InboxState.ask_why, work_id=first.id)
    assert screen.state(InboxState).discarding_title == "Wrote a note: Shingles"
    screen.send(InboxState.discard, data={"reason": " "})
    assert "Say why" in screen.state(InboxState).reason_trouble
    screen.send(InboxState.discard, data={"reason": "Entered by hand"})
    assert screen.state(InboxState).discarding == ""
    (settled,) = inbox(tab, company.office, "?tab=settled").state(InboxState).rows
    assert settled.decided.endswith(": Entered by hand") and settled.text == "Note 0"
    assert (settled.may_take, settled.may_discard) == (False, False)


def test_all_that_is_shown_is_taken_in_and_what_cannot_be_waits_on(
    company: Company, given: Undecided, tab: Open
) -> None:
    gone = {"id": "0197a000-0000-7000-8000-000000000001"}
    assert phones.brings(given.crew, given.lost, ("time.stop", gone), first=3) == ["parked"]
    screen = inbox(tab, company.office, "?tab=waiting")
    screen.send(InboxState.take_in_all)
    assert screen.toasts[-1].text.startswith("2 pieces taken in. 1 could not be, first: There is no")
    (left,) = screen.state(InboxState).rows
    assert left.title == "Ended a stretch of time"


def test_an_unknown_kind_is_shown_in_plain_values(company: Company, given: Undecided, tab: Open) -> None:
    args = {"visit_id": str(given.visit_id), "area_m2": 31, "pitch": "steep", "odd": {"deep": []}}
    phones.brings(given.crew, given.phone, ("roof.measure", args), first=3)
    row = inbox(tab, company.office, "?tab=waiting").state(InboxState).rows[-1]
    assert row.title == "Something this server does not know: roof measure: Shingles"
    assert row.text == "Area m2: 31\nPitch: steep"
    assert (row.may_take, row.may_discard) == (False, True)


def test_the_address_narrows_by_person_and_record(company: Company, given: Undecided, tab: Open) -> None:
    about = inbox(tab, company.office, f"?tab=open&row_id={given.visit_id}").state(InboxState)
    assert [row.title for row in about.rows] == ["Where the visit “Shingles” stands"]
    assert [one.shown for one in about.foot.filters if one.name == "row_id"] == ["Shingles"]
    assert len(inbox(tab, company.office, f"?q={given.name}").state(InboxState).rows) == 2
    nobody = inbox(tab, company.office, "?q=nobody").state(InboxState)
    assert (nobody.rows, nobody.status) == ([], "nothing")


def test_whoever_does_not_put_visits_right_decides_on_values_alone(
    company: Company, given: Undecided, tab: Open
) -> None:
    row = inbox(tab, company.admin, "?tab=waiting").state(InboxState).rows[0]
    take_from(company, Role.OFFICE, "visits:correct")
    screen = inbox(tab, company.office, "?tab=waiting")
    assert [one.key for one in screen.state(InboxState).foot.tabs] == ["open", "decided"]
    screen.send(InboxState.take_in, work_id=row.id)
    assert screen.toasts[-1].tint == "bad"
    assert len(inbox(tab, company.admin, "?tab=waiting").state(InboxState).rows) == 2


def test_a_visits_page_leads_to_what_waits_about_it(company: Company, given: Undecided, tab: Open) -> None:
    screen = tab(company.office, f"/visits/{given.visit_id}")
    screen.send(VisitState.load)
    bands = {band.label: band.href for band in screen.state(VisitState).record.bands}
    assert len(bands) == 3
    assert bands["2 pieces of work on it could not be taken"] == f"/conflicts?tab=waiting&visit_id={given.visit_id}"  # fmt: skip
    told = [one.text for one in screen.state(VisitState).record.timeline]
    assert "said something else on a phone; it went to the inbox" in told
    assert bands["Two people changed how to get in"] == f"/conflicts?tab=open&row_id={given.property_id}"
    choose = inbox(tab, company.office)
    for row in choose.state(InboxState).rows:
        choose.send(InboxState.choose, conflict_id=row.id, use=False)
    screen.send(VisitState.load)
    assert [band.value for band in screen.state(VisitState).record.bands] == ["Decide"]


def test_another_companys_inbox_is_empty_and_its_ids_are_none(
    company: Company, other: Company, given: Undecided, tab: Open
) -> None:
    rows = inbox(tab, company.office).state(InboxState).rows
    screen = inbox(tab, other.admin)
    assert screen.state(InboxState).status == "empty"
    screen.send(InboxState.choose, conflict_id=rows[0].id, use=True)
    assert "no conflict" in screen.toasts[-1].text
    screen = tab(other.admin, PHONES)
    screen.send(DevicesState.load)
    assert screen.state(DevicesState).rows == []
    screen.send(DevicesState.revoke, device_id=str(given.phone))
    assert "no device" in screen.toasts[-1].text


def test_phones_tell_how_they_are_and_are_signed_off(company: Company, given: Undecided, tab: Open) -> None:
    phones.said_hello(given.crew, "Third", waiting=3, storage={"persisted": False}, clock={"now": "2020-01-01T00:00:00Z"})  # fmt: skip
    screen = tab(company.admin, PHONES)
    screen.send(DevicesState.load)
    third, pixel = screen.state(DevicesState).rows
    assert (third.who, third.label, third.waiting, third.storage) == (given.name, "Third", "3 changes", "May be cleared")  # fmt: skip
    assert third.clock.startswith("Clock ") and third.clock.endswith(" days behind")
    assert (pixel.waiting, pixel.clock, pixel.storage) == ("None", "", "Not said")
    screen.send(DevicesState.revoke, device_id=third.id)
    assert "waits in the inbox" in screen.toasts[-1].text
    assert [row.label for row in screen.state(DevicesState).rows] == ["Pixel 8, Chrome"]
    screen = tab(company.admin, f"{PHONES}?tab=revoked")
    screen.send(DevicesState.load)
    assert {row.label: row.state.word for row in screen.state(DevicesState).rows} == {
        "Third": "Wipes when it connects",
        "Lost phone": "Wipes when it connects",
    }
    assert not any(row.may_revoke for row in screen.state(DevicesState).rows)


def test_the_office_sees_phones_and_signs_none_off(company: Company, given: Undecided, tab: Open) -> None:
    screen = tab(company.office, PHONES)
    screen.send(DevicesState.load)
    (row,) = screen.state(DevicesState).rows
    assert not row.may_revoke
    screen.send(DevicesState.revoke, device_id=row.id)
    assert "manages members" in screen.toasts[-1].text
    assert screen.state(DevicesState).rows[0].state.word == "In use"
