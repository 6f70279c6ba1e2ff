"""Payments on screen: recording money that came in, what it settles, and who may do what."""

from datetime import timedelta

import pytest

from models.access import Role
from models.ids import now
from state.payments import PaymentsState, PaymentState, RecordPaymentState
from tests.factories import spine
from tests.factories.companies import Company
from tests.state.tabs import Open

TYPED = {"method": "cash", "amount": "250", "reference": "", "note": "At the door"}


def today(*, ahead: int = 0) -> str:
    return f"{now() + timedelta(days=ahead):%Y-%m-%d}"


def test_a_clients_payment_settles_what_is_due_first(company: Company, tab: Open) -> None:
    client = company.client("Noor Haddad")
    spine.invoice(company, client)
    screen = tab(company.office, "/payments")
    screen.send(RecordPaymentState.start, invoice_id="", client_id="")
    screen.send(RecordPaymentState.find, text="noor")
    found = screen.state(RecordPaymentState).form.found
    screen.send(RecordPaymentState.start, invoice_id="", client_id=found[0].id)
    form = screen.state(RecordPaymentState).form
    assert (form.amount, "$210.00 is due in all" in form.owes) == ("210.00", True)
    screen.send(RecordPaymentState.keep, data=TYPED | {"day": form.day})
    assert not screen.state(RecordPaymentState).open
    screen.send(PaymentsState.load)
    [row] = screen.state(PaymentsState).rows
    assert (row.client, row.amount, row.fact.word) == ("Noor Haddad", "$250.00", "$40.00 credit")
    assert row.invoices.startswith("INV-")
    page = tab(company.office, f"/payments/{row.id}")
    page.send(PaymentState.load)
    record = page.state(PaymentState).record
    assert ([part.amount for part in record.parts], record.credit, record.note) == (
        ["$210.00"],
        "$40.00",
        "At the door",
    )


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [({"amount": "0"}, "amount", "more than zero"), ({"amount": "much"}, "amount", "not a number"),
     ({"amount": "1.005"}, "amount", "2 decimals"), ({"amount": "5 CAD"}, "amount", "USD"),
     ({"day": today(ahead=3)}, "day", "up to today"), ({"day": ""}, "day", "Give a date")],
)  # fmt: skip
def test_what_is_refused_stays_typed(
    company: Company, tab: Open, typed: dict[str, str], field: str, words: str
) -> None:
    client = company.client()
    screen = tab(company.office, "/payments")
    screen.send(RecordPaymentState.start, invoice_id="", client_id=str(client.id))
    given = TYPED | {"day": screen.state(RecordPaymentState).form.day} | typed
    screen.send(RecordPaymentState.keep, data=given)
    state = screen.state(RecordPaymentState)
    assert words in state.errors[field]
    assert (state.open, state.form.amount, state.form.note) == (True, given["amount"], "At the door")


@pytest.mark.parametrize("role", [Role.CREW, Role.CLIENT])
def test_others_record_nothing(company: Company, tab: Open, role: Role) -> None:
    client = company.client()
    screen = tab(company.once(role), "/payments")
    screen.send(RecordPaymentState.start, invoice_id="", client_id=str(client.id))
    screen.send(RecordPaymentState.keep, data=TYPED | {"day": today()})
    office = tab(company.office, "/payments?tab=all")
    office.send(PaymentsState.load)
    assert (office.state(PaymentsState).rows, screen.state(RecordPaymentState).open) == ([], False)


def test_another_company_sees_nothing(company: Company, other: Company, tab: Open) -> None:
    card = spine.invoice(company)
    screen = tab(company.office, "/payments")
    screen.send(RecordPaymentState.start, invoice_id=str(card.id), client_id="")
    day = screen.state(RecordPaymentState).form.day
    screen.send(RecordPaymentState.keep, data=TYPED | {"day": day, "amount": "10"})
    screen.send(PaymentsState.load)
    [row] = screen.state(PaymentsState).rows
    theirs = tab(other.office, f"/payments/{row.id}")
    theirs.send(PaymentState.load)
    assert (theirs.state(PaymentState).status, theirs.state(PaymentState).record.id) == ("missing", "")
    theirs.send(PaymentsState.load)
    assert theirs.state(PaymentsState).rows == []
