"""Hours as the office decides them: approve, lock, correct, and a week in one go."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from models.access import Role
from models.ids import new_id, now
from models.members import Member
from models.time_entries import TimeEntry
from ontrack_app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from ontrack_app.schemas.common import MoveBody
from ontrack_app.schemas.crew_work import TimeCorrectBody, TimeStopBody
from ontrack_app.schemas.time_entries import TimeEntryBody, TimeEntryCard
from ontrack_app.services import time_entries
from ontrack_app.services.clocks import Clock
from ontrack_app.services.listing import Query
from tests.factories.companies import Company, Person
from tests.factories.crew import Crew, crew

NO_REASON = MoveBody()


@pytest.fixture
def here(company: Company) -> Crew:
    return crew(company)


def moved(here: Crew, entry_id: UUID, *names: str, by: Person | None = None) -> TimeEntryCard:
    for name in names:
        with (by or here.company.office).work() as work:
            card = time_entries.move(work, entry_id, name, NO_REASON)
    return card


def written(here: Crew, **given: object) -> TimeEntryCard:
    start = here.started
    usual = {"member_id": here.person.member_id, "started_at": start, "ended_at": start + timedelta(hours=1)}
    with here.company.office.work() as work:
        body = TimeEntryBody.model_validate(usual | {"reason": "Told us by phone"} | given)
        return time_entries.create(work, body)


def corrected(here: Crew, entry_id: UUID) -> UUID:
    """The crew's own correction, from a phone."""
    body = TimeCorrectBody(
        id=new_id(), kind="work", started_at=here.started, ended_at=here.started + timedelta(hours=2),
        corrects_id=entry_id, reason="Forgot it",
    )  # fmt: skip
    with here.person.work() as work:
        return time_entries.correct(work, body, Clock(work.at)).id


def standing(here: Crew) -> set[UUID]:
    with here.company.work() as work:
        return time_entries.standing_ids(work, work.all(work.of(TimeEntry).with_only_columns(TimeEntry.id)))


def test_an_approval_keeps_the_rate_of_the_day_and_can_be_taken_back(here: Crew) -> None:
    entry_id = here.hours()
    with here.company.work() as work:
        work.get(Member, here.person.member_id).hourly_cost_cents = 3250
    card = moved(here, entry_id, "approve")
    assert (card.stage, card.approved_by) == ("approved", here.company.office.member_id)
    assert card.cost_rate is not None
    assert card.cost_rate.amount_cents == 3250
    back = moved(here, entry_id, "unapprove")
    assert (back.stage, back.approved_at, back.cost_rate) == ("open", None, None)


def test_locked_hours_are_changed_by_nobody(here: Crew) -> None:
    entry_id = here.hours()
    card = moved(here, entry_id, "lock")
    assert card.stage == "locked"
    assert card.approved_at is not None
    for name in ("approve", "lock", "unapprove"):
        with pytest.raises(Conflict):
            moved(here, entry_id, name, by=here.company.admin)
    with pytest.raises(Conflict, match="locked"):
        written(here, corrects_id=entry_id)
    with pytest.raises(Conflict, match="locked"):
        corrected(here, entry_id)
    with pytest.raises(Conflict, match="locked"), here.person.work() as work:
        time_entries.stop(work, TimeStopBody(id=entry_id).id, Clock(work.at))


def test_hours_that_go_on_are_not_approved(here: Crew) -> None:
    running = here.running()
    for name in ("approve", "lock"):
        with pytest.raises(Conflict, match="not ended"):
            moved(here, running, name)


def test_of_a_chain_of_corrections_the_last_counts(here: Crew) -> None:
    first = here.hours()
    second = corrected(here, first)
    third = written(here, corrects_id=second)
    assert standing(here) == {third.id}
    assert (third.stands, third.reason) == (True, "Told us by phone")
    with pytest.raises(Conflict, match="corrected"):
        moved(here, first, "approve")


def test_two_corrections_of_the_same_hours_do_not_count_twice(here: Crew) -> None:
    """Two phones correct the same stretch without knowing of each other: the one that came last stands."""
    first = here.hours()
    corrected(here, first)
    last = corrected(here, first)
    assert standing(here) == {last}


def test_a_lock_on_a_correction_holds_for_what_it_corrected(here: Crew) -> None:
    first = here.hours()
    moved(here, corrected(here, first), "lock")
    with pytest.raises(Conflict, match="locked"):
        corrected(here, first)


def test_the_office_does_not_correct_what_was_corrected_meanwhile(here: Crew) -> None:
    first = here.hours()
    corrected(here, first)
    with pytest.raises(Conflict, match="meanwhile"):
        written(here, corrects_id=first)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"ended_at": now() - timedelta(hours=9)}, "ended_at"),
        ({"started_at": now() - timedelta(hours=40)}, "ended_at"),
        ({"ended_at": now() + timedelta(hours=1)}, "ended_at"),
        ({"member_id": UUID(int=1)}, "member_id"),
        ({"visit_id": UUID(int=1)}, "visit_id"),
        ({"corrects_id": UUID(int=1)}, "corrects_id"),
    ],
)
def test_hours_that_cannot_be_are_refused(here: Crew, given: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        written(here, **given)
    assert [error.field for error in refused.value.errors] == [field]


def test_another_members_hours_are_not_corrected_in_passing(here: Crew) -> None:
    with pytest.raises(Invalid, match="another member"):
        written(here, member_id=here.other.member_id, corrects_id=here.hours())


def test_a_stale_version_is_refused(here: Crew) -> None:
    entry_id = here.hours()
    moved(here, entry_id, "approve", "unapprove")
    with pytest.raises(Stale), here.company.office.work() as work:
        time_entries.move(work, entry_id, "approve", NO_REASON, version=1)


def monday(here: Crew, at: datetime) -> date:
    with here.company.work() as work:
        day = at.astimezone(work.actor.tenant.zone).date()
    return day - timedelta(days=day.weekday())


def test_a_week_is_decided_in_one_go_and_says_what_was_not(here: Crew) -> None:
    noon = datetime.combine(monday(here, now()) - timedelta(days=7), datetime.min.time(), UTC) + timedelta(
        hours=36
    )
    done = [here.hours(start=noon), here.hours("travel", start=noon + timedelta(hours=2))]
    old = here.hours(start=noon + timedelta(hours=4))
    new = corrected_at(here, old, noon + timedelta(hours=5))
    here.started = noon + timedelta(hours=8)
    running = here.running()
    week = monday(here, noon)
    with here.company.office.work() as work:
        found = time_entries.decide_week(work, here.person.member_id, week, "approve")
    assert (found.done, found.refused) == (3, {"It has not ended yet.": 1})
    with here.company.office.work() as work:
        stages = {one.id: one.stage for one in work.all(work.of(TimeEntry))}
    assert {stages[one] for one in (*done, new)} == {"approved"}
    assert stages[old] == stages[running] == "open"
    with here.company.office.work() as work:
        locked = time_entries.decide_week(work, here.person.member_id, week, "lock")
        again = time_entries.decide_week(work, here.person.member_id, week, "unapprove")
    assert (locked.done, again.done, again.refused) == (3, 0, {})


def corrected_at(here: Crew, entry_id: UUID, start: datetime) -> UUID:
    return written(here, corrects_id=entry_id, started_at=start, ended_at=start + timedelta(minutes=30)).id


def test_a_week_begins_on_monday_where_the_company_is(here: Crew) -> None:
    """Sunday 23:30 in Chicago is Monday 05:30 in UTC."""
    first = monday(here, now()) - timedelta(days=14)
    with here.company.work() as work:
        zone = work.actor.tenant.zone
    midnight = datetime.combine(first, datetime.min.time(), zone)
    before, after = here.hours(start=midnight - timedelta(minutes=30), minutes=20), here.hours(start=midnight)
    with here.company.work() as work:
        assert [one.id for one in time_entries.of_week(work, here.person.member_id, first)] == [after]
        week_before = time_entries.of_week(work, here.person.member_id, first - timedelta(days=7))
        assert [one.id for one in week_before] == [before]


def test_a_crew_reads_its_own_hours_without_what_they_cost(here: Crew) -> None:
    entry_id = here.hours()
    with here.company.work() as work:
        work.get(Member, here.person.member_id).hourly_cost_cents = 3250
    moved(here, entry_id, "approve")
    with here.person.work() as work:
        (card,) = time_entries.list_page(work, Query()).items
        assert (card.id, card.cost_rate) == (entry_id, None)
        with pytest.raises(Forbidden):
            time_entries.move(work, entry_id, "unapprove", NO_REASON)
        with pytest.raises(Forbidden):
            time_entries.decide_week(work, here.person.member_id, monday(here, now()), "approve")
    with here.other.work() as work:
        assert time_entries.list_page(work, Query()).items == []
        with pytest.raises(NotFound):
            time_entries.get(work, entry_id)


@pytest.mark.parametrize("role", [Role.CLIENT, Role.PROPERTY_MANAGER])
def test_customers_read_no_hours(here: Crew, role: Role) -> None:
    here.hours()
    with here.company.once(role).work() as work, pytest.raises(Forbidden):
        time_entries.list_page(work, Query())


def test_another_company_sees_nothing(here: Crew, other: Company) -> None:
    entry_id = here.hours()
    with other.office.work() as work:
        assert time_entries.list_page(work, Query()).items == []
        with pytest.raises(NotFound):
            time_entries.move(work, entry_id, "approve", NO_REASON)


def test_the_list_can_be_narrowed_to_what_is_approved(here: Crew) -> None:
    first, second = here.hours(), here.hours("travel")
    moved(here, first, "approve")
    with here.company.office.work() as work:
        for value, expected in (("true", first), ("false", second)):
            page = time_entries.list_page(
                work, Query(filters={"approved": value, "visit_id": str(here.visit_id)})
            )
            assert [one.id for one in page.items] == [expected]
        with pytest.raises(Invalid):
            time_entries.list_page(work, Query(filters={"approved": "perhaps"}))
