"""The portal's first page and its lists of visits and properties: the reader's own rows, what waits first, true sums."""

from datetime import timedelta
from typing import Any

import pytest

from models.access import Role
from models.clients import Client
from models.estimates import Estimate
from models.ids import now
from models.invoices import Invoice
from models.tenants import Tenant
from ontrack_app.schemas.common import MoneyBody
from ontrack_app.schemas.invoices import PaymentBody
from ontrack_app.schemas.jobs import VisitMoveBody
from ontrack_app.services import payments, visits
from state.portal import PortalHomeState, PortalState
from state.portal_properties import PortalPropertiesState
from state.portal_visits import PortalVisitsState
from tests.factories import spine
from tests.factories.companies import Company
from tests.factories.customers import by_link, person_of
from tests.state.support import Screen
from tests.state.tabs import Open


@pytest.fixture
def ana(company: Company) -> Client:
    return company.client()


def home(tab: Open, company: Company, client: Client, role: Role = Role.CLIENT) -> Any:
    screen = tab(person_of(company, client, role), "/portal/")
    screen.send(PortalHomeState.load)
    assert screen.state(PortalHomeState).status == "full"
    return screen.state(PortalHomeState).home


def a_visit(company: Company, client: Client, days: int = 1) -> Any:
    start = now() + timedelta(days=days)
    return spine.visit(
        company, spine.job(company, client), planned_start=start, planned_end=start + timedelta(hours=2)
    )


def test_the_page_stands_under_the_contractors_name(company: Company, ana: Client, tab: Open) -> None:
    with company.work() as work:
        tenant = work.find_tenant(Tenant)
        tenant.name, tenant.phone, tenant.brand = (
            "Rivard Plomberie",
            "514 555-0138",
            {"color": "#35599f", "line": "RBQ 5791"},
        )
    screen = tab(person_of(company, ana), "/portal/")
    screen.send(PortalState.load)
    frame = screen.state(PortalState).frame
    assert (frame.name, frame.mark, frame.line, frame.phone, frame.client) == (
        "Rivard Plomberie",
        "RP",
        "RBQ 5791",
        "514 555-0138",
        "Ana Gagnon",
    )
    assert "--brand-9" in frame.tokens
    assert (frame.confined, frame.manager, frame.request_href) == (False, False, f"/f/{company.slug}")


def test_a_new_client_is_told_that_nothing_waits(company: Company, ana: Client, tab: Open) -> None:
    shown = home(tab, company, ana)
    assert (shown.heading, shown.waiting, shown.work, shown.past, shown.balance) == (
        "Nothing waits for you",
        [],
        [],
        [],
        "$0.00",
    )


def test_what_waits_comes_first_and_one_button_is_filled(company: Company, ana: Client, tab: Open) -> None:
    spine.moved(company, spine.draft(company).id, "send")
    spine.draft(company, ana)
    bill = spine.invoice(company, ana)
    offer = spine.moved(company, spine.draft(company, ana).id, "send")
    shown = home(tab, company, ana)
    assert shown.heading == "1 estimate waits for your answer, 1 invoice to pay"
    assert [(row.id, row.verb, row.first) for row in shown.waiting] == [
        (str(offer.id), "Review", True),
        (str(bill.id), "Pay", False),
    ]
    assert (shown.balance_label, shown.balance) == ("Balance, 1 invoice", "$210.00")
    assert [(row.stage.word, row.quiet) for row in shown.past] == [
        ("Approved", "Estimate " + shown.past[0].quiet.split()[-1])
    ]
    assert not shown.manager and shown.spend == []


def test_an_offer_past_its_day_does_not_wait(company: Company, ana: Client, tab: Open) -> None:
    offer = spine.moved(company, spine.draft(company, ana).id, "send")
    with company.work() as work:
        work.get(Estimate, offer.id).expires_on = (now() - timedelta(days=2)).date()
    assert home(tab, company, ana).waiting == []


def test_money_that_settles_nothing_yet_is_named(company: Company, ana: Client, tab: Open) -> None:
    spine.invoice(company, ana)
    with company.office.work() as work:
        payments.create(
            work, PaymentBody(method="cash", amount=MoneyBody.of(250_00, "USD"), client_id=ana.id)
        )
    shown = home(tab, company, ana)
    assert (shown.balance, shown.balance_note) == ("$0.00", "$40.00 of what you paid is still free to use.")
    assert [row.stage.word for row in shown.past].count("Paid") == 1


def test_overdue_says_by_how_much(company: Company, ana: Client, tab: Open) -> None:
    bill = spine.invoice(company, ana)
    with company.work() as work:
        today = now().astimezone(work.actor.tenant.zone).date()
        work.get(Invoice, bill.id).due_on = today - timedelta(days=4)
    (row,) = home(tab, company, ana).waiting
    assert (row.when.word, row.when.tint) == ("4 days past due", "bad")


def test_a_manager_sees_open_work_and_what_each_property_has_cost(
    company: Company, other: Company, ana: Client, tab: Open
) -> None:
    spine.invoice(other)
    spine.invoice(company)
    spine.invoice(company, ana)
    a_visit(company, ana)
    spine.job(company, ana)
    shown = home(tab, company, ana, Role.PROPERTY_MANAGER)
    assert [row.when == "No date yet" for row in shown.work] == [False, True]
    assert (shown.spend_total, [(row.amount, row.share) for row in shown.spend]) == (
        "$210.00",
        [("210.00", "100%")],
    )
    with company.work() as work:
        bill: Invoice = work.first(work.of(Invoice).where(Invoice.client_id == ana.id))  # type: ignore[arg-type]
        bill.issued_on = bill.issued_on and bill.issued_on.replace(year=bill.issued_on.year - 1)
    assert home(tab, company, ana, Role.PROPERTY_MANAGER).spend == []


def test_visits_and_properties_are_the_readers_own(company: Company, ana: Client, tab: Open) -> None:
    coming, missed = a_visit(company, ana), a_visit(company, ana, days=-1)
    done = a_visit(company, ana)
    a_visit(company, company.client("Bo"))
    for name in ("arrive", "finish"):
        with company.work() as work:
            visits.move(work, done.id, name, VisitMoveBody())
    person = person_of(company, ana, Role.PROPERTY_MANAGER)
    shown = {}
    for key in ("coming", "open", "past"):
        screen = tab(person, f"/portal/visits?tab={key}")
        screen.send(PortalVisitsState.load)
        shown[key] = [(row.id, row.stage.word) for row in screen.state(PortalVisitsState).rows]
    assert shown == {
        "coming": [(str(missed.id), "Not done yet"), (str(coming.id), "Planned")],
        "open": [],
        "past": [(str(done.id), "Done")],
    }
    screen = tab(person, "/portal/properties")
    screen.send(PortalPropertiesState.load)
    rows = screen.state(PortalPropertiesState).rows
    assert [(row.name, row.place, row.open_work, row.spend) for row in rows] == [
        ("12 Elm St", "Elgin", "1 job open", "$0.00")
    ] * 3
    assert sum(bool(row.next_visit) for row in rows) == 2


def test_the_bearer_of_a_link_has_no_other_page(company: Company, ana: Client) -> None:
    a_visit(company, ana)
    spine.invoice(company, ana)
    offer = spine.moved(company, spine.draft(company, ana).id, "send")
    screen = Screen(by_link(company, Estimate, offer.id), path="/portal/")
    for handler in (
        PortalState.load,
        PortalHomeState.load,
        PortalVisitsState.load,
        PortalPropertiesState.load,
    ):
        screen.send(handler)
    shown = screen.state(PortalHomeState).home
    assert [row.id for row in shown.waiting] == [str(offer.id)]
    assert (shown.work, shown.past, shown.balance, shown.balance_note) == ([], [], "$0.00", "")
    assert screen.state(PortalVisitsState).rows == []
    assert screen.state(PortalState).frame.request_href == ""
    screen.close()


def test_the_office_and_crews_have_no_portal(company: Company, tab: Open) -> None:
    screen = tab(company.once(Role.CREW), "/portal/")
    screen.send(PortalHomeState.load)
    assert (screen.state(PortalHomeState).home.heading, screen.state(PortalHomeState).status) == ("", "error")
