"""Home and search: every count is the number of rows that it opens, and nothing of another company is in either."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from models.access import Role
from models.estimates import Estimate
from models.ids import now
from models.invoices import Invoice
from ontrack_app.schemas.common import MoveBody
from ontrack_app.schemas.jobs import VisitMoveBody
from ontrack_app.schemas.leads import LeadBody
from ontrack_app.services import jobs, leads, visits
from ontrack_app.services.screens import estimates as estimate_screens
from ontrack_app.services.screens import expenses as expense_screens
from ontrack_app.services.screens import home as home_screen
from ontrack_app.services.screens import inbox as inbox_screens
from ontrack_app.services.screens import invoices as invoice_screens
from ontrack_app.services.screens import jobs as job_screens
from ontrack_app.services.screens import leads as lead_screens
from ontrack_app.services.screens import tasks as task_screens
from ontrack_app.services.screens import time_entries as time_screens
from ontrack_app.services.screens import visits as visit_screens
from state.home import HomeState, SearchState
from state.lists import read
from tests.factories import phones, spine
from tests.factories.companies import Company
from tests.factories.crew import crew
from tests.state.tabs import Open

LISTS = {
    "leads": lead_screens, "estimates": estimate_screens, "jobs": job_screens, "visits": visit_screens, "invoices": invoice_screens,
    "conflicts": inbox_screens,
    "time-entries": time_screens, "expenses": expense_screens, "tasks": task_screens,
}  # fmt: skip


def busy(company: Company) -> None:
    """Something of everything that can wait, each once."""
    with company.office.work() as work:
        leads.create(work, LeadBody(name="Noor Haddad", need="Roof leaks"))
    phones.undecided(company)
    spine.draft(company)
    spine.moved(company, spine.draft(company).id, "send", "request_changes")
    spine.moved(company, spine.draft(company).id, "send", "approve")
    soon = spine.moved(company, spine.draft(company).id, "send")
    spine.visit(company, spine.job(company))
    gone = spine.visit(
        company, spine.job(company), planned_start=now(), planned_end=now() + timedelta(hours=2)
    )
    done = spine.job(company)
    late = spine.invoice(company).id
    with company.office.work() as work:
        visits.move(work, gone.id, "no_access", VisitMoveBody(reason="Gate locked"))
        jobs.move(work, done, "complete", MoveBody())
    with company.work() as work:
        work.get(Estimate, soon.id).expires_on = (now() + timedelta(days=2)).date()
        work.get(Invoice, late).due_on = (now() - timedelta(days=9)).date()
    here = crew(company)
    here.running(), here.hours(), here.hours("travel"), here.expense(), here.asks()


def test_every_count_opens_exactly_what_it_counted(company: Company, other: Company, tab: Open) -> None:
    busy(company)
    busy(other)
    screen = tab(company.office, "/")
    screen.send(HomeState.load)
    home = screen.state(HomeState).home
    rows = [row for group in home.groups for row in group.rows]
    assert len(rows) >= 11
    for row in rows:
        address = urlsplit(row.href)
        asked = read(dict(parse_qsl(address.query)))
        with company.office.work() as work:
            _, foot = LISTS[address.path.strip("/")].listing(work, asked)
        assert (f"{foot.total:,}", foot.tab) == (row.count, asked.tab), row.title
    assert home.sub == f"{sum(int(row.count) for row in rows)} things to do"


def test_sums_ages_and_what_is_late(company: Company, tab: Open) -> None:
    busy(company)
    screen = tab(company.office, "/")
    screen.send(HomeState.load)
    found = {row.title: row for group in screen.state(HomeState).home.groups for row in group.rows}
    assert (found["Invoice past due"].sum, found["Invoice past due"].hot) == ("$210.00", True)
    assert found["Invoice past due"].age in ("9 days", "8 days")
    assert found["Visits that ended without access"].hot
    assert not found["New lead nobody has called"].hot
    assert found["Client asked for changes to an estimate"].sum == "$210.00"
    assert (found["Time entries to approve"].count, found["Expense to look at"].sum) == ("2", "$42.00")


def test_todays_visits_and_what_just_happened(company: Company, tab: Open) -> None:
    visit = spine.visit(
        company, spine.job(company), planned_start=now(), planned_end=now() + timedelta(hours=2)
    )
    screen = tab(company.office, "/")
    screen.send(HomeState.load)
    home = screen.state(HomeState).home
    assert [(one.id, one.place) for one in home.visits] == [(str(visit.id), "12 Elm St, Elgin")]
    assert [one.who[:4] for one in home.latest][-1] == "EST-"
    assert any(one.text.startswith("was approved by") for one in home.latest)


def test_an_empty_company_has_nothing_to_do(company: Company, tab: Open) -> None:
    screen = tab(company.office, "/")
    screen.send(HomeState.load)
    state = screen.state(HomeState)
    assert (state.status, state.home.sub, state.home.groups) == ("empty", "Nothing waits", [])


def test_home_asks_as_often_for_much_as_for_little(company: Company, new_company: object) -> None:
    asked: list[str] = []

    def count() -> int:
        asked.clear()
        with company.office.work() as work:
            home_screen.home(work)
        return len(asked)

    event.listen(Engine, "before_cursor_execute", listener := lambda *args: asked.append(str(args[2])))
    try:
        busy(company)
        once = count()
        busy(company)
        assert count() == once
        assert once < 25
    finally:
        event.remove(Engine, "before_cursor_execute", listener)


@pytest.mark.parametrize("words", ["noor", "NOOR hadd", "elm st", "EST-"])
def test_search_finds_across_nouns(company: Company, other: Company, tab: Open, words: str) -> None:
    for one in (company, other):
        spine.draft(one, one.client("Noor Haddad"))
        with one.office.work() as work:
            leads.create(work, LeadBody(name="Noor Haddad", need="Roof leaks"))
    screen = tab(company.office, f"/search?q={words}")
    screen.send(SearchState.load)
    found = {group.title: [hit.title for hit in group.rows] for group in screen.state(SearchState).groups}
    expected = {
        "elm st": {"Properties": ["12 Elm St, Elgin"]},
        "EST-": {"Estimates": [next(iter(found.get("Estimates", [])), "")]},
    }.get(words, {"Clients": ["Noor Haddad"], "Contacts": ["Noor Haddad"], "Leads": ["Noor Haddad"]})
    assert found == expected


def test_search_says_what_it_can_not_do(company: Company, tab: Open) -> None:
    for words, status in (("", "empty"), ("x", "empty"), ("zzzz", "nothing"), ("%%", "nothing")):
        screen = tab(company.office, f"/search?q={words.replace('%', '%25')}")
        screen.send(SearchState.load)
        assert screen.state(SearchState).status == status
        screen.send(SearchState.search, text="roof")
        assert screen.went_to == ["/search?q=roof"]


@pytest.mark.parametrize("role", [Role.CREW, Role.CLIENT, Role.PROPERTY_MANAGER])
def test_home_and_search_are_for_the_office(company: Company, tab: Open, role: Role) -> None:
    busy(company)
    screen = tab(company.once(role), "/search?q=elm")
    screen.send(HomeState.load)
    screen.send(SearchState.load)
    assert screen.state(HomeState).home.groups == []
    assert screen.state(SearchState).groups == []
