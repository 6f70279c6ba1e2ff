"""Hours on screen: members' weeks with their sums, decisions that ask first, and the form that adds or corrects."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from models.access import Role
from models.time_entries import TimeEntry
from ontrack_app.schemas.screens.time_entries import TimeRow, TimeSheet
from ontrack_app.schemas.time_entries import TimeEntryBody
from ontrack_app.services import time_entries
from state.time_entries import TimeEntriesState, TimeFormState
from tests.factories.companies import Company, Person
from tests.factories.crew import Crew, crew
from tests.state.support import Screen
from tests.state.tabs import Open


@pytest.fixture
def here(company: Company) -> Crew:
    """A crew that works on a Wednesday of long ago: no test stands on a week's edge."""
    found = crew(company)
    with company.work() as work:
        found.started = datetime(2026, 1, 14, 8, tzinfo=work.actor.tenant.zone)
    return found


def on_list(tab: Open, here: Crew, asked: str = "", person: Person | None = None) -> Screen:
    screen = tab(person or here.company.office, f"/time-entries{asked}")
    screen.send(TimeEntriesState.load)
    return screen


def sheets(screen: Screen) -> list[TimeSheet]:
    return screen.state(TimeEntriesState).rows


def rows(screen: Screen) -> list[TimeRow]:
    return [row for sheet in sheets(screen) for day in sheet.days for row in day.rows]


def test_a_week_adds_up_by_kind_and_counts_corrected_hours_once(here: Crew, tab: Open) -> None:
    here.hours("travel", minutes=25)
    here.hours("break", start=here.started + timedelta(hours=2), minutes=20)
    old = here.hours(start=here.started + timedelta(minutes=30), minutes=60)
    with here.company.office.work() as work:
        form_start = here.started + timedelta(minutes=15)
        time_entries.create(work, _body(here, old, form_start, 75))
    (sheet,) = sheets(on_list(tab, here))
    assert (sheet.work, sheet.travel, sheet.rest, sheet.total) == ("1 h 15", "25 min", "20 min", "1 h 40")
    assert (sheet.week, sheet.waiting, sheet.monday) == ("Jan 12 – 18, 2026", "3 to approve", "2026-01-12")
    (day,) = sheet.days
    assert (day.title, day.total) == ("Wednesday, Jan 14", "1 h 40")
    assert [(row.kind, row.window, row.old) for row in day.rows] == [
        ("Travel", "8:00 AM – 8:25 AM", False),
        ("Work", "8:15 AM – 9:30 AM", False),
        ("Work", "8:30 AM – 9:30 AM", True),
        ("Break", "10:00 AM – 10:20 AM", False),
    ]
    assert day.rows[1].note == "Corrected: Told us"
    assert (day.rows[2].moves, day.rows[2].can_correct) == ([], False)


def _body(here: Crew, old: UUID, start: datetime, minutes: int) -> TimeEntryBody:
    return TimeEntryBody(
        member_id=here.person.member_id, visit_id=here.visit_id, started_at=start,
        ended_at=start + timedelta(minutes=minutes), corrects_id=old, reason="Told us",
    )  # fmt: skip


def test_a_clock_that_was_off_is_told_in_words(here: Crew, tab: Open) -> None:
    here.hours(fast=timedelta(hours=2))
    here.hours("travel", fast=timedelta(days=-730))
    screen = on_list(tab, here, "?tab=clock")
    off = {row.kind: row for row in rows(screen)}
    assert off["Work"].off == "Phone’s clock was 2 h fast"
    assert off["Work"].said == "The phone said 10:00 AM – 11:30 AM. We make of it 8:00 AM – 9:30 AM."
    assert off["Travel"].said == (
        "The phone said Jan 15, 2024, 8:00 AM – Jan 15, 2024, 9:30 AM. "
        "We make of it Jan 14, 2026, 8:00 AM – Jan 14, 2026, 9:30 AM."
    )
    assert off["Travel"].off == "Phone’s clock was 2 years slow"


def test_one_is_approved_and_locking_asks_first(here: Crew, tab: Open) -> None:
    entry_id = str(here.hours())
    screen = on_list(tab, here, "?tab=all")
    screen.send(TimeEntriesState.move, entry_id=entry_id, name="approve")
    assert [(row.stage.word, [move.name for move in row.moves]) for row in rows(screen)] == [("Approved", ["lock", "unapprove"])]  # fmt: skip
    screen.send(TimeEntriesState.move, entry_id=entry_id, name="lock")
    assert screen.state(TimeEntriesState).asking
    assert [row.stage.word for row in rows(screen)] == ["Approved"]
    screen.send(TimeEntriesState.answer, data={"reason": ""})
    assert [(row.stage.word, row.moves, row.can_correct) for row in rows(screen)] == [("Locked", [], False)]
    assert not screen.state(TimeEntriesState).asking


def test_a_week_is_approved_in_one_go_and_says_what_was_not(here: Crew, tab: Open) -> None:
    here.hours(), here.hours("travel")
    here.running()
    screen = on_list(tab, here)
    (sheet,) = sheets(screen)
    week = {"member_id": sheet.member_id, "monday": sheet.monday}
    screen.send(TimeEntriesState.move_week, **week, name="approve")
    (toast,) = screen.toasts
    assert (toast.text, toast.tint) == ("2 entries approved. 1 not: It has not ended yet.", "waiting")
    assert screen.state(TimeEntriesState).status == "none"
    screen.send(TimeEntriesState.move_week, **week, name="lock")
    assert screen.state(TimeEntriesState).question.about == f"{sheet.member_id} {sheet.monday}"
    screen.send(TimeEntriesState.answer, data={})
    assert screen.toasts[-1].text == "2 entries locked. 1 not: It has not ended yet."
    with here.company.work() as work:
        assert sorted(one.stage for one in work.all(work.of(TimeEntry))) == ["locked", "locked", "open"]


def test_the_list_narrows_to_a_member_and_a_week(here: Crew, tab: Open) -> None:
    here.hours()
    here.hours(start=here.started + timedelta(days=7))
    one = f"?member_id={here.person.member_id}&week=2026-01-21"
    assert [sheet.monday for sheet in sheets(on_list(tab, here, one))] == ["2026-01-19"]
    assert [sheet.monday for sheet in sheets(on_list(tab, here))] == ["2026-01-19", "2026-01-12"]
    nobody = on_list(tab, here, f"?member_id={here.other.member_id}")
    assert (sheets(nobody), nobody.state(TimeEntriesState).status) == ([], "nothing")
    for junk in ("?week=never", "?member_id=me", "?kind=work"):
        assert on_list(tab, here, junk).state(TimeEntriesState).status == "error"


def test_the_office_corrects_hours_with_a_reason(here: Crew, tab: Open) -> None:
    entry_id = here.hours()
    screen = on_list(tab, here)
    screen.send(TimeFormState.correct, entry_id=str(entry_id))
    form = screen.state(TimeFormState).form
    assert (form.day, form.start, form.end, form.visit_id) == (
        "2026-01-14",
        "08:00",
        "09:30",
        str(here.visit_id),
    )
    assert form.was == "Work, Wed, Jan 14, 8:00 AM – 9:30 AM, 1 h 30"
    typed = {"day": "2026-01-14", "start": "07:45", "end": "09:30", "reason": "", "kind": "work"}
    screen.send(TimeFormState.keep, data=typed)
    assert screen.state(TimeFormState).errors == {"reason": "Say why, so that it can be understood later."}
    screen.send(TimeFormState.keep, data={**typed, "reason": "He was early"})
    assert not screen.state(TimeFormState).open
    screen.send(TimeEntriesState.load)
    assert [(row.window, row.old) for row in rows(screen)] == [("7:45 AM – 9:30 AM", False), ("8:00 AM – 9:30 AM", True)]  # fmt: skip


def test_hours_over_midnight_and_hours_that_cannot_be(here: Crew, tab: Open) -> None:
    screen = on_list(tab, here)
    screen.send(TimeFormState.add, member_id=str(here.person.member_id))
    typed = {"day": "2026-01-14", "start": "22:00", "end": "02:00", "reason": "Night shift"}
    for wrong, field in (({"start": "late"}, "start"), ({"day": "2026-13-01"}, "day"), ({"end": "22:00"}, "end"), ({"day": "2099-01-01"}, "end")):  # fmt: skip
        screen.send(TimeFormState.keep, data=typed | wrong)
        assert list(screen.state(TimeFormState).errors) == [field]
    screen.send(TimeFormState.keep, data=typed)
    assert screen.state(TimeFormState).errors == {}
    screen.send(TimeEntriesState.load)
    (row,) = rows(screen)
    assert (row.window, row.lasted, row.day) == ("10:00 PM – Thu 2:00 AM", "4 h 00", "Wed, Jan 14")


@pytest.mark.parametrize("role", [Role.CREW, Role.CLIENT, Role.PROPERTY_MANAGER])
def test_nobody_else_decides(here: Crew, tab: Open, role: Role) -> None:
    entry_id = here.hours()
    screen = on_list(tab, here, person=here.company.once(role))
    assert sheets(screen) == []
    screen.send(TimeEntriesState.move, entry_id=str(entry_id), name="approve")
    screen.send(TimeFormState.correct, entry_id=str(entry_id))
    assert screen.state(TimeFormState).form.corrects_id == ""
    with here.company.work() as work:
        assert work.get(TimeEntry, entry_id).stage == "open"


def test_another_company_sees_nothing(here: Crew, other: Company, tab: Open) -> None:
    entry_id = here.hours()
    screen = on_list(tab, here, "?tab=all", person=other.office)
    assert sheets(screen) == []
    screen.send(TimeEntriesState.move, entry_id=str(entry_id), name="approve")
    assert [toast.text for toast in screen.toasts] == ["There is no time entry with this id."]
