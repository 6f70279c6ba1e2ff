"""The crew's page: its own visits of today and tomorrow, the moves in their order, and no price anywhere."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel

from models.access import Role
from models.ids import now
from models.jobs import Job
from models.properties import Property
from models.visits import Visit
from ontrack_app.services import notes
from state.crew import CrewState
from state.portal import PortalHomeState
from tests.factories import spine
from tests.factories.companies import Company, Person
from tests.factories.customers import told
from tests.state.support import Screen
from tests.state.tabs import Open

MONEY = ("price", "cost", "cents", "money", "amount", "total", "$", "210.00")


@pytest.fixture
def karim(company: Company) -> Person:
    return company.person(Role.CREW, name="karim")


def planned(company: Company, who: Person, *, days: int = 0, hour: int = 9, **given: Any) -> UUID:
    with company.work() as work:
        zone = work.actor.tenant.zone
    start = datetime.combine(now().astimezone(zone).date() + timedelta(days=days), time(hour), zone)
    times = {"planned_start": start, "planned_end": start + timedelta(hours=2)}
    return spine.visit(company, spine.job(company), assignee_ids=[who.member_id], **times, **given).id


def opened(tab: Open, who: Person) -> Screen:
    screen = tab(who, "/crew/")
    screen.send(CrewState.load)
    return screen


def day(screen: Screen) -> Any:
    return screen.state(CrewState).day


def buttons(screen: Screen) -> tuple[str, str, str]:
    stop = day(screen).next
    return stop.depart, stop.arrive, stop.finish


def test_today_in_order_then_tomorrow_and_nobody_elses(
    company: Company, other: Company, karim: Person, tab: Open
) -> None:
    late, early = planned(company, karim, hour=14), planned(company, karim, hour=8)
    tomorrow, old = planned(company, karim, days=1), planned(company, karim, days=-2)
    planned(company, karim, days=2)
    planned(company, company.person(Role.CREW))
    planned(other, other.once(Role.CREW))
    shown = day(opened(tab, karim))
    assert shown.next.id == str(early)
    assert [[row.id for row in part] for part in (shown.then, shown.over, shown.left, shown.tomorrow)] == [
        [str(late)], [], [str(old)], [str(tomorrow)],
    ]  # fmt: skip
    assert (shown.progress, shown.next.window, shown.next.client) == (
        "0 of 2 done",
        "8:00 AM – 10:00 AM",
        "Ana Gagnon",
    )


def test_everything_that_is_needed_there_stands_on_top(company: Company, karim: Person, tab: Open) -> None:
    visit_id = planned(company, karim, instructions="Bring the long hose")
    with company.work() as work:
        job = work.get(Job, work.get(Visit, visit_id).job_id)
        job.instructions = "Park in the lane"
        assert job.property_id is not None
        work.get(Property, job.property_id).access_notes = "Dog in the yard"
    stop = day(opened(tab, karim)).next
    assert (stop.place, stop.access, stop.instructions) == (
        "12 Elm St, Elgin",
        "Dog in the yard",
        ["Bring the long hose", "Park in the lane"],
    )
    assert stop.maps.endswith("?api=1&query=12+Elm+St%2C+Elgin")


def test_the_moves_of_a_day(company: Company, karim: Person, tab: Open) -> None:
    visit_id, after = planned(company, karim, hour=8), planned(company, karim, hour=14)
    screen = opened(tab, karim)
    seen = [buttons(screen)]
    for name in ("depart", "arrive", "pause", "resume"):
        screen.send(CrewState.move, name=name)
        seen.append(buttons(screen))
    assert seen == [
        ("next", "open", "later"), ("done", "next", "later"), ("done", "done", "next"), ("done", "done", "open"), ("done", "done", "next"),
    ]  # fmt: skip
    screen.send(CrewState.move, name="finish")
    assert (day(screen).next.id, [row.id for row in day(screen).over], day(screen).progress) == (
        str(after),
        [str(visit_id)],
        "1 of 2 done",
    )
    assert screen.toasts == []


def test_no_access_needs_a_reason(company: Company, karim: Person, tab: Open) -> None:
    visit_id = planned(company, karim)
    screen = opened(tab, karim)
    screen.send(CrewState.set_asking, is_open=True)
    screen.send(CrewState.no_access, data={"reason": " "})
    assert "needs a reason" in screen.state(CrewState).trouble and screen.state(CrewState).asking
    screen.send(CrewState.no_access, data={"reason": "Nobody home"})
    assert not screen.state(CrewState).asking
    assert [(row.id, row.stage.word) for row in day(screen).over] == [(str(visit_id), "No access")]


def test_a_move_that_came_too_late_shows_how_it_stands(company: Company, karim: Person, tab: Open) -> None:
    planned(company, karim)
    one, two = opened(tab, karim), opened(tab, karim)
    one.send(CrewState.move, name="depart")
    two.send(CrewState.move, name="depart")
    assert told(two).startswith("Somebody changed this visit")
    assert buttons(two) == ("done", "next", "later")
    two.send(CrewState.move, name="cancel")
    assert "no move" in told(two)


def test_another_visit_can_be_put_on_top(company: Company, other: Company, karim: Person, tab: Open) -> None:
    planned(company, karim, hour=8)
    late = planned(company, karim, hour=14)
    foreign = planned(company, company.person(Role.CREW)), planned(other, other.once(Role.CREW))
    screen = opened(tab, karim)
    screen.send(CrewState.pick, visit_id=str(late))
    assert day(screen).next.id == str(late)
    screen.send(CrewState.move, name="arrive")
    for visit_id in foreign:
        screen.send(CrewState.pick, visit_id=str(visit_id))
        assert day(screen).next.id == str(late), "what is going on stays on top"


def test_a_note_reaches_the_visit(company: Company, karim: Person, tab: Open) -> None:
    visit_id = planned(company, karim)
    with company.office.work() as work:
        notes.add(work, "visits", visit_id, "Take the blue pipe")
    screen = opened(tab, karim)
    screen.send(CrewState.add_note, text="Valve is rusty")
    assert {note.text for note in day(screen).next.notes} == {"Take the blue pipe", "Valve is rusty"}


@pytest.fixture
def everything(company: Company, karim: Person, tab: Open) -> Iterator[Screen]:
    planned(company, karim, hour=8)
    planned(company, karim, hour=14)
    planned(company, karim, days=1, title="Tomorrow")
    yield opened(tab, karim)


def test_there_is_no_price_anywhere(everything: Screen) -> None:
    """Walks all that the server has sent to the tab: names and values."""

    def walk(value: Any, path: str) -> Iterator[tuple[str, str]]:
        value = value.model_dump() if isinstance(value, BaseModel) else value
        if isinstance(value, dict):
            for key, inner in value.items():
                yield from walk(inner, f"{path}.{key}")
        elif isinstance(value, list | tuple):
            for inner in value:
                yield from walk(inner, path)
        else:
            yield path, str(value)

    found = list(walk(everything.deltas, "sent"))
    assert len(found) > 30 and any("Tomorrow" in text for _, text in found)
    for path, text in found:
        assert not any(word in path.lower() or word in text.lower() for word in MONEY), (path, text)


def test_pages_with_prices_stay_shut(karim: Person, company: Company, tab: Open) -> None:
    screen = opened(tab, karim)
    screen.send(PortalHomeState.load)
    assert screen.state(PortalHomeState).status == "error"
    assert screen.state(CrewState).status == "empty"


def test_the_office_has_no_day_of_its_own_here(company: Company, tab: Open) -> None:
    screen = opened(tab, company.once(Role.CLIENT))
    assert (day(screen).next, screen.state(CrewState).status) == (None, "loading")
