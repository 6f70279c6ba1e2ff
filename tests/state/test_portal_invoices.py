"""An invoice in the portal: what is to pay, the way to the pay page, and what the page says until the gateway has spoken."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from models.access import Role
from models.clients import Client
from models.invoices import Invoice
from models.payments import Payment
from ontrack_app.schemas.common import MoneyBody
from ontrack_app.schemas.invoices import PaymentBody
from ontrack_app.services import payments
from state import portal_invoices
from state.portal_invoices import PortalInvoicesState, PortalInvoiceState
from tests.factories import spine
from tests.factories.companies import Company
from tests.factories.customers import by_link, person_of, told
from tests.state.support import Screen
from tests.state.tabs import Open

STATE = PortalInvoiceState


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page looks again without a pause."""
    monkeypatch.setattr(portal_invoices, "LOOKS", (0.0,) * 3)
    monkeypatch.setattr(portal_invoices, "LATE_LOOKS", (0.0,))


@pytest.fixture
def ana(company: Company) -> Client:
    return company.client()


@pytest.fixture
def owed(company: Company, ana: Client) -> UUID:
    return spine.invoice(company, ana).id


def opened(tab: Open, company: Company, client: Client, invoice_id: UUID) -> Screen:
    screen = tab(person_of(company, client), f"/portal/invoices/{invoice_id}")
    screen.send(STATE.load)
    return screen


def record(screen: Screen) -> Any:
    return screen.state(STATE).record


def begun(company: Company, screen: Screen) -> UUID:
    """The payment that pressing Pay has begun."""
    screen.send(STATE.pay)
    with company.work() as work:
        payment: Payment = work.first(work.of(Payment).order_by(col(Payment.created_at).desc()))
    return payment.id


def cheque(company: Company, client: Client, cents: int) -> None:
    amount = MoneyBody.of(cents, company.currency)
    with company.office.work() as work:
        payments.create(work, PaymentBody(method="cheque", amount=amount, client_id=client.id))


def test_the_sum_comes_first(company: Company, ana: Client, owed: UUID, tab: Open) -> None:
    shown = record(opened(tab, company, ana, owed))
    assert (shown.kind, shown.owed_label, shown.owed, shown.can_pay, shown.is_test) == (
        "due",
        "To pay, USD",
        "$210.00",
        True,
        True,
    )
    assert (shown.summary, shown.payments, shown.pending, shown.trouble) == ([], [], "", "")
    assert shown.facts[0].word.startswith("Due ")


def test_what_was_paid_is_told_also_to_the_bearer_of_a_link(
    company: Company, ana: Client, owed: UUID, tab: Open
) -> None:
    cheque(company, ana, 60_00)
    client = opened(tab, company, ana, owed)
    bearer = Screen(by_link(company, Invoice, owed), path=f"/portal/invoices/{owed}")
    bearer.send(STATE.load)
    for screen, label in ((client, "Cheque"), (bearer, "Payment")):
        assert [(row.label, row.amount) for row in record(screen).summary] == [
            ("Total", "210.00"),
            ("Paid so far", "−60.00"),
        ]
        assert [(row.label, row.amount) for row in record(screen).payments] == [(label, "−60.00")]
        assert record(screen).owed == "$150.00"
    bearer.close()


def test_pay_leads_to_the_gateway_and_back_to_a_paid_invoice(
    company: Company, ana: Client, owed: UUID, tab: Open
) -> None:
    screen = opened(tab, company, ana, owed)
    payment_id = begun(company, screen)
    assert "/sandbox/pay/" in screen.went_to[-1] and screen.state(STATE).leaving
    screen.send(STATE.load)
    assert "is not finished" in record(screen).pending, (
        "nobody has paid: the button comes back after a few looks"
    )
    assert (screen.state(STATE).checking, screen.state(STATE).leaving) == (False, False)
    assert begun(company, screen) == payment_id, "the same checkout goes on"
    with company.work() as work:
        payments.succeed(work, payment_id)
    screen.send(STATE.load)
    assert (record(screen).kind, record(screen).pending, record(screen).owed) == ("paid", "", "$0.00")
    screen.send(STATE.pay)
    assert told(screen) == "Nothing is owed on this invoice."


def test_the_page_follows_when_the_gateway_speaks_late(
    company: Company, ana: Client, owed: UUID, tab: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = opened(tab, company, ana, owed)
    payment_id = begun(company, screen)
    looks: list[float] = []

    async def speak_at_the_third_look(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            with company.work() as work:
                payments.succeed(work, payment_id)

    monkeypatch.setattr(portal_invoices.asyncio, "sleep", speak_at_the_third_look)
    screen.send(STATE.load)
    assert len(looks) == 3, "it looked no further than it had to"
    assert (record(screen).kind, screen.state(STATE).checking) == ("paid", False)


def test_a_refused_card_is_told_and_can_be_tried_again(
    company: Company, ana: Client, owed: UUID, tab: Open
) -> None:
    screen = opened(tab, company, ana, owed)
    with company.work() as work:
        payments.fail(work, begun(company, screen), "The card was refused: not enough funds.")
    screen.send(STATE.load)
    assert (record(screen).trouble, record(screen).can_pay) == (
        "The card was refused: not enough funds.",
        True,
    )
    assert [(row.stage.word, row.amount) for row in record(screen).payments] == [("Failed", "210.00")]


def test_others_find_nothing_and_pay_nothing(
    company: Company, other: Company, ana: Client, owed: UUID, tab: Open
) -> None:
    draft = spine.invoice(company, ana, issued=False).id
    strangers = [
        (person_of(company, company.client("Bo")), owed),
        (person_of(other, other.client()), owed),
        (person_of(company, ana), draft),
    ]
    for person, row_id in strangers:
        screen = tab(person, f"/portal/invoices/{row_id}")
        screen.send(STATE.load)
        screen.send(STATE.pay)
        assert (screen.state(STATE).status, record(screen).title, screen.went_to) == ("missing", "", [])
    with company.work() as work:
        assert work.all(work.of(Payment)) == []


def test_the_list_says_what_is_to_pay(company: Company, ana: Client, owed: UUID, tab: Open) -> None:
    spine.invoice(company)
    paid = spine.invoice(company, ana).id
    cheque(company, ana, 210_00)
    for tab_key, count in (("all", 2), ("due", 1), ("paid", 1)):
        screen = tab(person_of(company, ana, Role.PROPERTY_MANAGER), f"/portal/invoices?tab={tab_key}")
        screen.send(PortalInvoicesState.load)
        assert len(screen.state(PortalInvoicesState).rows) == count
    assert {row.id for row in screen.state(PortalInvoicesState).rows} < {str(owed), str(paid)}
