"""Below the page: what crews and customers can read and write, asked of services and of the bare tables."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.access import Role
from models.clients import Client
from ontrack_app.errors import Forbidden, NotFound
from ontrack_app.schemas.documents import LineBody, SignatureBody, UnitPriceBody
from ontrack_app.schemas.estimates import EstimateBody, EstimateMoveBody
from ontrack_app.schemas.jobs import JobBody, VisitBody, VisitMoveBody
from ontrack_app.services import clients, estimates, jobs, notes, visits
from ontrack_app.services.listing import Query
from tests.factories.companies import Company, Person

START = datetime(2027, 1, 4, 15, tzinfo=UTC)
LINE = LineBody(description="Work", unit_price=UnitPriceBody(amount="10", currency="USD"))


def a_visit(company: Company, client: Client, *people: Person) -> tuple[object, object]:
    with company.office.work() as work:
        job = jobs.create(work, JobBody(client_id=client.id, title="Repair"))
        body = VisitBody(
            job_id=job.id,
            planned_start=START,
            planned_end=START + timedelta(hours=2),
            assignee_ids=[p.member_id for p in people],
        )
        return job.id, visits.create(work, body).id


def an_estimate(company: Company, client: Client, *, sent: bool = True):
    with company.office.work() as work:
        draft = estimates.create(
            work, EstimateBody(client_id=client.id, expires_on="2099-01-01", lines=[LINE])
        )
        return estimates.move(work, draft.id, "send", EstimateMoveBody()) if sent else draft


def count(person: Person, table: str) -> int:
    with person.work() as work:
        return work.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def test_a_crew_member_sees_its_own_visits_and_what_they_need(company: Company) -> None:
    mine, theirs = company.person(Role.CREW), company.person(Role.CREW)
    client, stranger = company.client(), company.client("Somebody else")
    job_id, visit_id = a_visit(company, client, mine)
    other_job, other_visit = a_visit(company, stranger, theirs)
    an_estimate(company, client)
    with mine.work() as work:
        assert [card.id for card in visits.list_page(work, Query()).items] == [visit_id]
        assert [card.id for card in jobs.list_page(work, Query()).items] == [job_id]
        assert [card.id for card in clients.list_page(work, Query()).items] == [client.id]
        for attempt in (
            lambda: visits.get(work, other_visit),
            lambda: jobs.get(work, other_job),
            lambda: clients.get(work, stranger.id),
        ):
            with pytest.raises(NotFound):
                attempt()
        with pytest.raises(Forbidden):
            estimates.list_page(work, Query())
        to_call = work.session.execute(text("SELECT client_id FROM contacts")).scalars().all()
        assert to_call == [client.id], "whom to call where it goes, and nobody else"
    hidden = ("estimates", "estimate_lines", "estimate_revisions", "invoices", "invoice_lines", "payments", "ledger_entries",
              "price_items", "leads", "audit_entries", "tax_codes", "imports")  # fmt: skip
    assert {table: count(mine, table) for table in hidden} == dict.fromkeys(hidden, 0)


def test_a_crew_member_moves_only_its_own_visits(company: Company) -> None:
    mine, theirs = company.person(Role.CREW), company.person(Role.CREW)
    _, visit_id = a_visit(company, company.client(), mine)
    with pytest.raises(NotFound), theirs.work() as work:
        visits.move(work, visit_id, "depart", VisitMoveBody())
    with mine.work() as work:
        visits.move(work, visit_id, "depart", VisitMoveBody())
        visits.move(work, visit_id, "arrive", VisitMoveBody())
        notes.add(work, "visits", visit_id, "Gate was open")
    for name in ("correct", "cancel", "schedule"):
        with pytest.raises(Forbidden), mine.work() as work:
            visits.move(
                work,
                visit_id,
                name,
                VisitMoveBody(reason="x", planned_start=START, planned_end=START + timedelta(hours=1)),
            )
    with pytest.raises(NotFound), theirs.work() as work:
        notes.add(work, "visits", visit_id, "I was not there")


def test_a_client_sees_its_own_papers_and_no_drafts(company: Company) -> None:
    client, stranger = company.client(), company.client("Somebody else")
    person = company.person(Role.CLIENT, client_id=client.id)
    mine, draft, theirs = (
        an_estimate(company, client),
        an_estimate(company, client, sent=False),
        an_estimate(company, stranger),
    )
    with person.work() as work:
        assert [card.id for card in estimates.list_page(work, Query()).items] == [mine.id]
        shown = estimates.get(work, mine.id)
        assert all(line.unit_cost is None for line in shown.lines)
        for hidden in (draft, theirs):
            with pytest.raises(NotFound):
                estimates.get(work, hidden.id)
    assert count(person, "estimate_lines") == 1
    assert count(person, "clients") == 1
    assert count(person, "members") == 1
    assert count(person, "audit_entries") == count(person, "notes") == count(person, "leads") == 0


def test_a_client_answers_only_its_own_estimate(company: Company) -> None:
    client, stranger = company.client(), company.client("Somebody else")
    person, thief = (
        company.person(Role.CLIENT, client_id=client.id),
        company.person(Role.CLIENT, client_id=stranger.id),
    )
    estimate = an_estimate(company, client)
    signed = EstimateMoveBody(signature=SignatureBody(kind="typed", name="Me"))
    with pytest.raises(NotFound), thief.work() as work:
        estimates.move(work, estimate.id, "approve", signed)
    with person.work() as work:
        assert estimates.move(work, estimate.id, "approve", signed).stage == "approved"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE jobs SET title = 'mine' WHERE true",
        "UPDATE clients SET name = 'mine' WHERE true",
        "UPDATE invoices SET total_cents = 0 WHERE true",
        "UPDATE members SET role = 'admin' WHERE true",
        "UPDATE visits SET title = 'mine' WHERE true",
        "DELETE FROM estimate_lines WHERE true",
        "DELETE FROM signatures WHERE true",
        "DELETE FROM notes WHERE true",
        "UPDATE tenants SET name = 'mine' WHERE true",
    ],
)
def test_even_bare_statements_of_a_customer_change_nothing(company: Company, statement: str) -> None:
    client = company.client()
    person = company.person(Role.CLIENT, client_id=client.id)
    an_estimate(company, client)
    a_visit(company, client)
    try:
        with person.work() as work:
            assert work.session.execute(text(statement)).rowcount == 0
    except DBAPIError as error:
        assert error.orig.sqlstate == "42501"
