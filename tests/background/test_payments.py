"""Paying through the TEST gateway: whatever order the events come in, and however often, the money is counted once."""

from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy import text

from models.access import Role
from models.invoices import Invoice
from ontrack_app.background.queue import run
from ontrack_app.db import SessionCredential, begin
from ontrack_app.errors import Conflict, Forbidden, NotFound
from ontrack_app.integrations.payments import NotGenuine, Wanted
from ontrack_app.integrations.payments_sandbox import (
    CANCELLED_WORDS,
    FAILED,
    OPENED,
    REFUSED_WORDS,
    SUCCEEDED,
)
from ontrack_app.schemas.common import MoneyBody, MoveBody
from ontrack_app.schemas.invoices import PaymentBody
from ontrack_app.services import checkouts, clients, document_links, invoices, payments
from ontrack_app.sessions import hash_secret, new_secret
from tests.background.paying import Owed, an_owed_invoice, changed, deliver, gateway
from tests.background.support import QUICK, claim, drain, messages
from tests.factories.companies import Company

CENTS = 160_97


@pytest.fixture
def owed(company: Company) -> Owed:
    return an_owed_invoice(company, CENTS)


def test_a_customer_pays_and_sees_it(owed: Owed) -> None:
    wanted = owed.wanted(owed.start())
    assert (wanted.amount.cents, wanted.back_to) == (CENTS, f"/portal/invoices/{owed.invoice_id}")
    assert [payment.stage for payment in owed.payments()] == ["pending"]
    assert owed.invoice().payment_status == "unpaid"
    assert deliver(gateway().event(wanted, SUCCEEDED)) == [True]
    drain()
    (payment,) = owed.payments()
    assert (payment.stage, payment.method, payment.gateway, payment.failure) == (
        "succeeded",
        "card",
        "sandbox",
        "",
    )
    assert (owed.invoice().payment_status, owed.invoice().balance.amount_cents) == ("paid", 0)


def test_pressing_pay_again_finds_the_same_checkout(owed: Owed) -> None:
    first, second = owed.wanted(owed.start()), owed.wanted(owed.start())
    assert first == second
    assert len(owed.payments()) == 1


def test_another_amount_owed_is_another_checkout(owed: Owed) -> None:
    first = owed.wanted(owed.start())
    part = PaymentBody.model_validate(
        {
            "method": "cash",
            "amount": {"amount_cents": 60_97, "currency": "USD"},
            "allocations": [
                {"invoice_id": str(owed.invoice_id), "amount": {"amount_cents": 60_97, "currency": "USD"}}
            ],
        }
    )
    with owed.company.office.work() as work:
        payments.create(work, part)
    second = owed.wanted(owed.start())
    assert (second.amount.cents, second.payment_id != first.payment_id) == (100_00, True)
    deliver(gateway().event(first, SUCCEEDED), gateway().event(second, SUCCEEDED))
    drain(rounds=2)
    assert owed.invoice().balance.amount_cents == 0
    with owed.company.work() as work:
        ledger = (
            "SELECT sum(amount_cents) FROM ledger_entries WHERE client_id = :client AND account = 'credit'"
        )
        credit = work.session.execute(text(ledger), {"client": owed.client_id}).scalar_one()
    assert credit == -160_97, "paid twice by the customer: what is not owed is the customer's credit"


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_any_order_any_number_of_times(owed: Owed, order: tuple[int, ...]) -> None:
    wanted = owed.wanted(owed.start())
    opened, paid = gateway().event(wanted, OPENED), gateway().event(wanted, SUCCEEDED)
    sent = [opened, paid, opened, paid]
    assert sorted(deliver(*(sent[place] for place in order))) == [False, False, True, True]
    drain(rounds=2)
    assert owed.invoice().payment_status == "paid"
    assert len(owed.promised("payments.mail_received")) == 1


def test_handled_twice_it_counts_once(owed: Owed) -> None:
    deliver(gateway().event(owed.wanted(owed.start()), SUCCEEDED))
    (event,) = owed.promised("payments.handle_event")
    with owed.company.work() as work:
        for _ in range(3):
            work.later("payments.handle_event", **event.arguments)
    drain()
    assert {row.state for row in owed.promised("payments.handle_event")} == {"done"}
    assert (owed.invoice().paid.amount_cents, owed.invoice().payment_status) == (CENTS, "paid")
    with owed.company.work() as work:
        (count,) = work.session.execute(
            text("SELECT count(*) FROM allocations WHERE invoice_id = :id"), {"id": owed.invoice_id}
        ).one()
    assert count == 1


@pytest.mark.parametrize("words", [REFUSED_WORDS, CANCELLED_WORDS])
def test_a_refused_card_says_why_and_can_be_tried_again(owed: Owed, words: str) -> None:
    first = owed.wanted(owed.start())
    deliver(gateway().event(first, FAILED, words))
    drain()
    (payment,) = owed.payments()
    assert (payment.stage, payment.failure) == ("failed", words)
    second = owed.wanted(owed.start())
    assert second.payment_id != first.payment_id
    deliver(gateway().event(second, SUCCEEDED))
    drain()
    assert owed.invoice().payment_status == "paid"


def test_one_checkout_has_one_outcome(owed: Owed) -> None:
    wanted = owed.wanted(owed.start())
    assert deliver(gateway().event(wanted, FAILED, REFUSED_WORDS), gateway().event(wanted, SUCCEEDED)) == [
        True,
        False,
    ]


def test_money_that_comes_after_a_failure_was_reported_counts(owed: Owed) -> None:
    wanted = owed.wanted(owed.start())
    with owed.company.work() as work:
        payments.fail(work, wanted.payment_id, "The bank did not answer.")
    deliver(gateway().event(wanted, SUCCEEDED))
    drain()
    assert (owed.invoice().payment_status, owed.payments()[0].failure) == ("paid", "")


def test_a_late_failure_takes_nothing_back(owed: Owed) -> None:
    wanted = owed.wanted(owed.start())
    with owed.company.work() as work:
        payments.succeed(work, wanted.payment_id)
    deliver(gateway().event(wanted, FAILED, REFUSED_WORDS))
    drain()
    assert owed.invoice().payment_status == "paid"


def test_an_event_about_another_amount_moves_nothing(owed: Owed) -> None:
    wanted = owed.wanted(owed.start())
    with owed.company.work() as work:
        work.session.execute(
            text("UPDATE payments SET amount_cents = 1 WHERE id = :id"), {"id": wanted.payment_id}
        )
    deliver(gateway().event(wanted, SUCCEEDED))
    drain()
    (event,) = owed.promised("payments.handle_event")
    assert (event.state, event.error) == ("waiting", "The event is about another amount than was asked for.")
    assert owed.payments()[0].stage == "pending"


def test_an_event_reaches_no_other_company(owed: Owed, other: Company) -> None:
    wanted = owed.wanted(owed.start())
    foreign = Wanted(other.id, wanted.payment_id, wanted.amount, wanted.payee, wanted.purpose, wanted.back_to)
    deliver(gateway().event(foreign, SUCCEEDED))
    drain()
    assert owed.payments()[0].stage == "pending"
    assert [row.error for row in messages(other)] == ["There is no payment with this id."]


def test_what_is_not_signed_is_not_kept(owed: Owed) -> None:
    event = gateway().event(owed.wanted(owed.start()), SUCCEEDED)
    with pytest.raises(NotGenuine):
        deliver(changed(event, cents=1))
    assert owed.promised("payments.handle_event") == []


def test_only_a_customer_pays_and_only_what_is_owed(owed: Owed, other: Company) -> None:
    with pytest.raises(Forbidden), owed.company.office.work() as work:
        checkouts.start(work, owed.invoice_id)
    stranger = owed.company.person(Role.CLIENT, client_id=owed.company.client().id)
    for person in (stranger, other.once(Role.CLIENT)):
        with pytest.raises(NotFound), person.work() as work:
            checkouts.start(work, owed.invoice_id)
    with owed.company.admin.work() as work:
        invoices.move(work, owed.invoice_id, "void", MoveBody(reason="Wrong house"))
    with pytest.raises(Conflict, match="Nothing is owed"):
        owed.start()


def test_who_came_by_the_mailed_link_pays_that_invoice_and_no_other(owed: Owed) -> None:
    with owed.company.work() as work:
        invoice = work.get(Invoice, owed.invoice_id)
        contact = clients.primary_contact(work, owed.client_id)
        assert contact is not None
        link = document_links.add(work, invoice, contact, work.at + timedelta(days=1))
    session = hash_secret(new_secret())
    with begin(None) as doorway:
        secret = hash_secret(link.rpartition("/")[2])
        doorway.rows(
            "SELECT * FROM auth.open_document(:secret, :session, '', '')", secret=secret, session=session
        )
    with begin(SessionCredential(session)) as work:
        wanted = owed.wanted(checkouts.start(work, owed.invoice_id))
    with begin(SessionCredential(session)) as work:
        assert owed.wanted(checkouts.start(work, owed.invoice_id)) == wanted
    stranger = an_owed_invoice(owed.company)
    with pytest.raises(NotFound), begin(SessionCredential(session)) as work:
        checkouts.start(work, stranger.invoice_id)
    deliver(gateway().event(wanted, SUCCEEDED))
    drain()
    assert owed.invoice().payment_status == "paid"


def test_a_person_cannot_move_a_card_payment(owed: Owed) -> None:
    wanted = owed.wanted(owed.start())
    for person in (owed.customer, owed.company.admin):
        with pytest.raises(Forbidden), person.work() as work:
            payments.succeed(work, wanted.payment_id)


def test_pay_is_offered_to_the_customer_while_something_is_owed(owed: Owed) -> None:
    def offered() -> bool:
        with owed.customer.work() as work:
            return checkouts.is_offered(work, work.get(Invoice, owed.invoice_id))

    assert offered()
    deliver(gateway().event(owed.wanted(owed.start()), SUCCEEDED))
    drain()
    assert not offered()


def test_a_page_that_was_left_is_given_up_after_two_days(owed: Owed) -> None:
    wanted = owed.wanted(owed.start())
    with owed.company.work() as work:
        assert checkouts.give_up(work) == 0
        old = text("UPDATE payments SET created_at = now() - interval '3 days' WHERE id = :id")
        work.session.execute(old, {"id": wanted.payment_id})
        assert checkouts.give_up(work) == 1
    assert owed.payments()[0].failure == "The payment page was left and has closed."


def test_a_receipt_is_mailed_and_a_hand_that_comes_late_sends_no_second(owed: Owed) -> None:
    deliver(gateway().event(owed.wanted(owed.start()), SUCCEEDED))
    drain()
    receipts = claim()
    for handed in receipts * 2:
        run(handed, QUICK)
    (done,) = owed.promised("payments.mail_received")
    assert done.state == "done"
    with owed.company.work() as work:
        subjects = [
            entry.after
            for entry in work.session.execute(
                text("SELECT after FROM audit_entries WHERE word = 'payments.mailed'")
            )
        ]
    assert len(subjects) == 1


def test_amounts_are_in_the_companys_money(owed: Owed) -> None:
    assert owed.invoice().total == MoneyBody.of(CENTS, "USD")
