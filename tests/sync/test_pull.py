"""Pull and snapshot: every door's changes reach whom they concern, once, and nobody else; no price does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.access import Role
from models.ids import new_id, now
from models.members import Member
from ontrack_app import outlet
from ontrack_app.db import begin
from ontrack_app.schemas.clients import ClientPatch, PropertyPatch
from ontrack_app.schemas.common import Address, MoneyBody, MoveBody
from ontrack_app.schemas.expenses import ExpenseMoveBody
from ontrack_app.schemas.jobs import JobPatch, VisitMoveBody, VisitPatch
from ontrack_app.schemas.price_items import PriceItemBody, PriceItemPatch, UnitPriceBody
from ontrack_app.schemas.sync import ClockBody, HelloBody
from ontrack_app.services import clients, expenses, jobs, notes, price_items, properties, visits
from ontrack_app.services.sync import devices, pull, shown
from ontrack_app.work import Work, plain_json
from tests.factories import spine
from tests.factories.companies import Company
from tests.sync.support import Ground, Phone, add_item, add_visit, ground

WITH_A_VISIT = {"visits", "jobs", "properties", "clients", "contacts"}
FLAT = 7_777_123  # an amount that stands nowhere else


@pytest.fixture
def here(company) -> Ground:
    return ground(company, crews=2)


@pytest.fixture
def phones(http, here) -> list[Phone]:
    found = [Phone(http, person) for person in here.crews]
    for phone in found:
        phone.hello()
        phone.load()
    return found


def counter(company: Company) -> int:
    with company.work() as work:
        found = work.session.execute(text("SELECT n FROM tenant_counters")).scalar()
        return int(found or 0)


def client_of(work: Work, here: Ground) -> Any:
    return jobs.get(work, here.job_id).client_id


CHANGES: dict[str, Callable[[Work, Ground], object]] = {
    "visits": lambda work, here: visits.patch(work, here.visit_ids[0], VisitPatch(instructions="New")),
    "jobs": lambda work, here: jobs.patch(work, here.job_id, JobPatch(title="New")),
    "properties": lambda work, here: properties.patch(
        work, here.property_id, PropertyPatch(address=Address(street="New"))
    ),
    "clients": lambda work, here: clients.patch(work, client_of(work, here), ClientPatch(name="New")),
    "notes": lambda work, here: notes.add(work, "visits", here.visit_ids[0], "New"),
}


@pytest.mark.parametrize("noun", CHANGES)
def test_what_the_office_changes_is_pulled(here: Ground, phones: list[Phone], noun: str) -> None:
    with here.company.office.work() as work:
        CHANGES[noun](work, here)
    changes = phones[0].pull()
    assert [(one["kind"], one["op"]) for one in changes] == [(noun, "put")]
    assert "New" in str(changes)
    assert phones[0].pull() == []
    shared = noun in ("jobs", "properties", "clients")
    assert len(phones[1].pull()) == (1 if shared else 0), "the other crew goes there too, on another visit"


def test_what_comes_over_rest_is_pulled_too(here: Ground, phones: list[Phone], calling) -> None:
    call = calling(here.company.office)
    call.ok("PATCH", f"/visits/{here.visit_ids[0]}", {"instructions": "Mind the dog"})
    assert [one["fields"]["instructions"] for one in phones[0].pull()] == ["Mind the dog"]
    call.ok("POST", f"/visits/{here.visit_ids[0]}/moves/cancel", {"reason": "Rain"})
    dropped = {one["kind"] for one in phones[0].pull() if one["op"] == "drop"}
    assert dropped == WITH_A_VISIT
    assert phones[0].rows == {}


def test_a_visit_that_goes_to_others_leaves_with_all_that_hangs_on_it(
    here: Ground, phones: list[Phone]
) -> None:
    visit = here.visit_ids[0]
    item = add_item(here.company, visit)
    with here.company.office.work() as work:
        notes.add(work, "visits", visit, "Dog is friendly")
    phones[0].pull()
    assert {kind for kind, _ in phones[0].rows} == WITH_A_VISIT | {"notes", "checklist_items"}  # fmt: skip
    with here.company.office.work() as work:
        visits.patch(work, visit, VisitPatch(assignee_ids=[here.crews[1].member_id]))
    phones[0].pull()
    phones[1].pull()
    assert phones[0].rows == {}
    assert set(phones[1].kinds("visits")) == {str(one) for one in here.visit_ids}
    assert set(phones[1].kinds("checklist_items")) == {str(item)}
    assert [one["text"] for one in phones[1].kinds("notes").values()] == ["Dog is friendly"]


def test_a_visit_of_next_month_is_not_shown_until_it_is_moved_near(here: Ground, phones: list[Phone]) -> None:
    far = now() + timedelta(days=30)
    with here.company.office.work() as work:
        times = VisitMoveBody(planned_start=far, planned_end=far + timedelta(hours=1))
        visits.move(work, here.visit_ids[0], "reschedule", times)
    phones[0].pull()
    assert phones[0].rows == {}
    near = now() + timedelta(days=2)
    with here.company.office.work() as work:
        times = VisitMoveBody(planned_start=near, planned_end=near + timedelta(hours=1))
        visits.move(work, here.visit_ids[0], "reschedule", times)
    phones[0].pull()
    assert {kind for kind, _ in phones[0].rows} == WITH_A_VISIT


def test_a_visit_far_away_comes_with_all_that_hangs_on_it_when_somebody_sets_out(
    here: Ground, phones: list[Phone]
) -> None:
    """It is under way, so it is shown whatever its day; when it is done, it goes again."""
    visit = here.visit_ids[0]
    phones[0].does("expense.claim", {"id": new_id(), "visit_id": visit, "title": "Parking"})
    phones[0].push()
    later = now() + timedelta(days=40)
    with here.company.office.work() as work:
        visits.move(work, visit, "reschedule", VisitMoveBody(planned_start=later, planned_end=later + timedelta(hours=1)))  # fmt: skip
        notes.add(work, "visits", visit, "Bring the long ladder")
    phones[0].pull()
    assert phones[0].kinds("visits") == phones[0].kinds("notes") == phones[0].kinds("expenses") == {}
    for move, shown_notes in (("depart", 1), ("arrive", 1), ("finish", 0)):
        phones[0].does("visit.move", {"visit_id": visit, "move": move})
        phones[0].push()
        phones[0].pull()
        assert len(phones[0].kinds("notes")) == len(phones[0].kinds("expenses")) == shown_notes, move
        fresh = Phone(phones[0].http, phones[0].person, id=phones[0].id)
        fresh.load()
        assert fresh.rows == phones[0].rows, move


def test_pages_of_changes_come_to_the_same_end(here: Ground, phones: list[Phone]) -> None:
    for at in range(7):
        add_item(here.company, here.visit_ids[0], f"Step {at}")
    assert len(phones[0].pull(limit=2)) == 7
    fresh = Phone(phones[0].http, phones[0].person, id=phones[0].id)
    fresh.load()
    assert fresh.rows == phones[0].rows
    bad = phones[0].call("GET", f"/pull?device_id={phones[0].id}&cursor=1&limit=501")
    assert bad.status_code == 422


def test_another_crew_is_not_told_and_cannot_ask(here: Ground, phones: list[Phone]) -> None:
    stranger = Phone(phones[0].http, here.company.person(Role.CREW))
    stranger.hello()
    stranger.load()
    with here.company.office.work() as work:
        visits.patch(work, here.visit_ids[0], VisitPatch(instructions="Secret"))
    assert (stranger.rows, stranger.pull()) == ({}, [])
    with stranger.person.work() as work:
        for table in ("changes", "devices", "sync_clients", "sync_mutations", "conflicts", "quarantine", "time_entries", "checklist_items", "materials", "tasks"):  # fmt: skip
            mine = 1 if table in ("devices", "sync_clients") else 0
            assert work.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == mine, table


def test_another_company_is_not_told(here: Ground, phones: list[Phone], other, http) -> None:
    theirs = ground(other)
    phone = Phone(http, theirs.crews[0])
    phone.hello()
    phone.load()
    before = counter(other)
    with here.company.office.work() as work:
        visits.patch(work, here.visit_ids[0], VisitPatch(instructions="Secret"))
    assert phone.pull() == []
    assert counter(other) == before


def test_a_company_without_phones_writes_no_changes(company) -> None:
    alone = ground(company)
    with company.office.work() as work:
        visits.patch(work, alone.visit_ids[0], VisitPatch(instructions="New"))
    with company.work() as work:
        assert work.session.execute(text("SELECT count(*) FROM changes")).scalar_one() == 0
        assert work.session.execute(text("SELECT count(*) FROM tenant_counters")).scalar_one() == 0


def test_the_first_phone_waits_for_those_who_saw_none(company, http) -> None:
    """Whoever looked for phones and found none tells nobody; a phone that came before its commit would miss it for ever."""
    alone = ground(company)
    said = HelloBody.model_validate(
        {"device_id": str(new_id()), "schema": 2, "clock": ClockBody(now=datetime.now(UTC))}
    )
    with company.office.work() as work:
        visits.patch(work, alone.visit_ids[0], VisitPatch(instructions="Late"))
        work.session.flush()
        told = plain_json(outlet.marks(work.session))
        work.session.execute(text("SELECT app.seal('[]', '[]', CAST(:told AS jsonb))"), {"told": told})
        with pytest.raises(DBAPIError), alone.crews[0].work() as first:
            first.session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            devices.hello(first, said)
    phone = Phone(http, alone.crews[0])
    phone.hello()
    phone.load()
    assert [one["instructions"] for one in phone.kinds("visits").values()] == ["Late"]


def test_a_snapshot_is_of_one_moment(here: Ground, phones: list[Phone]) -> None:
    with begin(phones[0].person.session, steady=True) as reading:
        reading.session.execute(text("SELECT 1"))
        with here.company.office.work() as work:
            visits.patch(work, here.visit_ids[0], VisitPatch(instructions="Later"))
            jobs.patch(work, here.job_id, JobPatch(title="Later"))
        card = pull.snapshot(reading, phones[0].id)
    assert "Later" not in str(card)
    assert card.n < counter(here.company)
    phones[0].pull()
    assert "Later" in str(phones[0].rows)


# when to start again


def reset(phone: Phone, cursor: str) -> bool:
    answer = phone.call("GET", f"/pull?device_id={phone.id}&cursor={cursor}")
    assert answer.status_code == 200
    return bool(answer.json()["reset"])


def test_a_cursor_that_is_none_or_of_another_scope_resets(here: Ground, phones: list[Phone]) -> None:
    good = phones[0].cursor
    number, _, scope = good.partition(".")
    assert not reset(phones[0], good)
    for cursor in ("", "0", "x", number, f"-1.{scope}", f"99999999.{scope}", phones[1].cursor):
        assert reset(phones[0], cursor), cursor


def test_other_rights_are_another_scope(here: Ground, phones: list[Phone]) -> None:
    with here.company.work() as work:
        work.session.execute(text("INSERT INTO role_rights (tenant_id, id, version, created_at, updated_at, role, permission, granted) VALUES (app.tenant_id(), uuidv7(), 1, now(), now(), 'crew', 'notes:write', false)"))  # fmt: skip
    assert reset(phones[0], phones[0].cursor)


def test_another_day_is_another_scope(
    here: Ground, phones: list[Phone], monkeypatch: pytest.MonkeyPatch
) -> None:
    today = shown.today
    monkeypatch.setattr(shown, "today", lambda work: today(work) + timedelta(days=1))
    assert reset(phones[0], phones[0].cursor)


def test_changes_that_are_forgotten_reset(here: Ground, phones: list[Phone]) -> None:
    add_item(here.company, here.visit_ids[0])
    phones[1].pull()
    with here.company.work() as work:
        assert pull.forget(work, keep=timedelta(0)) == counter(here.company)
    assert reset(phones[0], phones[0].cursor)
    assert phones[0].pull() == [] and phones[0].kinds("checklist_items") != {}
    assert not reset(phones[0], phones[0].cursor)


def test_a_member_who_does_no_visits_is_refused(here: Ground, phones: list[Phone]) -> None:
    with here.company.work() as work:
        work.session.execute(text("INSERT INTO role_rights (tenant_id, id, version, created_at, updated_at, role, permission, granted) VALUES (app.tenant_id(), uuidv7(), 1, now(), now(), 'crew', 'visits:perform', false)"))  # fmt: skip
    for path in (f"/pull?device_id={phones[0].id}&cursor=0", f"/snapshot?device_id={phones[0].id}"):
        assert phones[0].call("GET", path).status_code == 403


def test_nobody_without_a_session_or_our_header(here: Ground, phones: list[Phone], http) -> None:
    body = {"device_id": str(phones[0].id), "schema": 2, "mutations": []}
    assert http.request("POST", "/api/sync/v1/push", json=body).status_code == 401
    cookie = {"Cookie": f"ontrack_session={phones[0].person.cookie}"}
    assert http.request("POST", "/api/sync/v1/push", json=body, headers=cookie).status_code in (401, 403)


def test_no_price_cost_or_margin_is_in_any_answer(company, http) -> None:
    """Amounts are planted wherever there are any; the phone's answers are searched for their digits."""
    client = company.client()
    line = spine.line(company, amount=f"{FLAT / 100:.2f}", quantity="1")
    estimate = spine.moved(
        company, spine.draft(company, client, lines=[line]).id, "send", "approve", "convert"
    )
    spine.item(company)
    crew = company.person(Role.CREW)
    with company.office.work() as work:
        visit = add_visit(work, estimate.job_id, crew.member_id)
    with company.work() as work:
        work.get(Member, crew.member_id).hourly_cost_cents = FLAT
    phone = Phone(http, crew)
    phone.hello()
    said = []
    claim = {"id": new_id(), "visit_id": visit, "title": "Parking", "amount": {"amount_cents": FLAT, "currency": "USD"}}  # fmt: skip
    entry = new_id()
    phone.does("expense.claim", claim)
    phone.does("time.start", {"id": entry, "visit_id": visit, "kind": "work"})
    phone.does("time.stop", {"id": entry})
    said.append(phone.push_raw(phone.outbox).text)
    with company.office.work() as work:
        for row_id in work.session.execute(text("SELECT id FROM time_entries")).scalars().all():
            work.session.execute(text("UPDATE time_entries SET cost_rate_cents = :flat WHERE id = :id"), {"flat": FLAT, "id": row_id})  # fmt: skip
        jobs.move(work, estimate.job_id, "hold", MoveBody(reason="Rain"))
    with company.work() as work:
        assert work.session.execute(text("SELECT claimed_cents FROM expenses")).scalar_one() == FLAT
    snapshot = phone.call("GET", f"/snapshot?device_id={phone.id}")
    said.append(snapshot.text)
    said.append(phone.call("GET", f"/pull?device_id={phone.id}&cursor=0.{snapshot.json()['next'].partition('.')[2]}").text)  # fmt: skip
    assert '"expenses"' in said[1] and '"time_entries"' in said[1] and len(said) == 3
    for words in said:
        for digits in (str(FLAT), f"{FLAT / 100:.2f}", f"{FLAT / 100:,.2f}"):
            assert digits not in words
    shown_columns = {column for kind in shown.KINDS.values() for column in kind.columns}
    assert [name for name in shown_columns if any(word in name for word in ("cent", "price", "cost", "amount", "rate"))] == []  # fmt: skip


def test_what_became_of_a_claim_is_told_to_whose_it_is(here: Ground, phones: list[Phone]) -> None:
    claim = new_id()
    phones[0].does("expense.claim", {"id": claim, "visit_id": here.visit_ids[0], "title": "Parking", "amount": {"amount_cents": 1250, "currency": "USD"}})  # fmt: skip
    phones[0].push()
    told = []
    for name, reason in (("reject", "Not on this job"), ("approve", "12.00 of it")):
        with here.company.admin.work() as work:
            amount = MoneyBody(amount_cents=1200, currency="USD") if name == "approve" else None
            expenses.move(work, claim, name, ExpenseMoveBody(reason=reason, amount=amount))
        phones[0].pull()
        row = phones[0].kinds("expenses")[str(claim)]
        told.append((row["stage"], row["decision"], row["approved"]))
    assert told == [("rejected", "Not on this job", False), ("approved", "", True)]
    assert phones[1].pull() == []


def test_who_else_goes_is_named_and_who_is_called(here: Ground, phones: list[Phone]) -> None:
    mine, other = here.crews
    assert [one["id"] for one in phones[0].kinds("visits")[str(here.visit_ids[0])]["crew"]] == [
        str(mine.member_id)
    ]
    with here.company.office.work() as work:
        visits.patch(work, here.visit_ids[0], VisitPatch(assignee_ids=[mine.member_id, other.member_id]))
    for phone in phones:
        phone.pull()
        crew = phone.kinds("visits")[str(here.visit_ids[0])]["crew"]
        assert {one["id"] for one in crew} == {str(mine.member_id), str(other.member_id)}
        assert all(set(one) == {"id", "name"} and one["name"] for one in crew)
    with here.company.work() as work:
        work.lock(Member, other.member_id).name = "Bea Renamed"
    phones[0].pull()
    assert "Bea Renamed" in str(phones[0].kinds("visits")[str(here.visit_ids[0])]["crew"])
    assert [set(one) for one in phones[0].kinds("contacts").values()] == [
        {"client_id", "name", "job_title", "phone", "is_primary"}
    ]


def test_materials_to_choose_from_come_without_their_prices(here: Ground, phones: list[Phone]) -> None:
    office = here.company.office
    with office.work() as work:
        usd = UnitPriceBody(amount_cents=FLAT, currency="USD")
        given = {"unit_price": usd, "unit_cost": usd, "unit": "ft", "code": "RV-1"}
        vent = price_items.create(work, PriceItemBody(name="Ridge vent", kind="material", **given)).id
        price_items.create(work, PriceItemBody(name="Hour of work", kind="labour", **given))
    phones[0].pull()
    assert phones[0].kinds("stock") == {str(vent): {"name": "Ridge vent", "unit": "ft", "code": "RV-1"}}
    with office.work() as work:
        price_items.patch(
            work, vent, PriceItemPatch(unit_price=UnitPriceBody(amount_cents=1, currency="USD"))
        )
    assert phones[0].pull() == [], "no crew is told of a price"
    with here.crews[0].work() as work:
        assert work.session.execute(text("SELECT count(*) FROM price_items")).scalar_one() == 0
    with here.company.admin.work() as work:
        price_items.archive(work, vent)
    assert [one["op"] for one in phones[0].pull()] == ["drop"]
