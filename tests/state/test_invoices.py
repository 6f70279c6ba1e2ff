"""Invoices on screen: the draft's grid, issuing, the ledger, and who may do what."""

import pytest

from models.access import Role
from state.invoices import InvoicesState, InvoiceState
from state.payments import RecordPaymentState
from tests.factories import spine
from tests.factories.companies import Company, Person
from tests.state.support import Screen
from tests.state.tabs import Open


def on_invoice(tab: Open, company: Company, invoice_id: object, person: Person | None = None) -> Screen:
    screen = tab(person or company.office, f"/invoices/{invoice_id}")
    screen.send(InvoiceState.load)
    return screen


def test_a_draft_is_changed_line_by_line(company: Company, tab: Open) -> None:
    spine.item(company)
    screen = on_invoice(tab, company, spine.invoice(company, issued=False).id)
    [line] = screen.state(InvoiceState).paper.lines
    screen.send(InvoiceState.commit, line_id=line.id, cell="price", text="90.50")
    state = screen.state(InvoiceState)
    assert (state.paper.lines[0].id, state.paper.total) == (line.id, "$190.05")
    screen.send(InvoiceState.find, text="ridge")
    screen.send(InvoiceState.pick, item_id=screen.state(InvoiceState).found[0].id)
    screen.send(InvoiceState.commit, line_id=line.id, cell="discount", text="500")
    assert "discount" in screen.state(InvoiceState).paper.lines[0].error.lower()
    screen.send(InvoiceState.remove, line_id=line.id)
    assert [one.description for one in screen.state(InvoiceState).paper.lines] == ["Ridge vent"]
    screen.send(InvoiceState.set_fact, name="due_on", text="2031-02-30")
    assert "date" in screen.state(InvoiceState).errors["due_on"]


def test_issuing_gives_the_number_and_freezes(company: Company, tab: Open) -> None:
    screen = on_invoice(tab, company, spine.invoice(company, issued=False).id)
    issue = screen.state(InvoiceState).paper.moves[0]
    assert (issue.name, issue.primary, issue.confirm_title) == (
        "issue",
        True,
        "Issue this invoice over $210.00",
    )
    screen.send(InvoiceState.move, name="issue", reason="")
    state = screen.state(InvoiceState)
    assert (state.record.stage_key, state.record.editable, state.paper.label) == ("issued", False, "Due, USD")
    assert [(step.label, step.amount) for step in state.record.ledger] == [
        ("Issued", "$210.00"),
        ("Balance due", "$210.00"),
    ]
    assert screen.toasts[-1].text.startswith(state.record.number)
    assert state.record.timeline[0].text == "issued the invoice"
    screen.send(InvoiceState.write, text="One more")
    assert "never edited" in screen.toasts[-1].text


def test_a_payment_moves_the_ledger_and_the_facts(company: Company, tab: Open) -> None:
    screen = on_invoice(tab, company, spine.invoice(company).id)
    assert [move.name for move in screen.state(InvoiceState).paper.moves if move.primary] == ["pay"]
    screen.send(InvoiceState.move, name="pay", reason="")
    form = screen.state(RecordPaymentState).form
    assert (form.amount, form.method) == ("210.00", "cheque")
    screen.send(
        RecordPaymentState.keep,
        data={"amount": "60.00", "reference": "1188", "method": "cheque", "day": form.day, "note": ""},
    )
    screen.send(InvoiceState.load)
    record = screen.state(InvoiceState).record
    assert [badge.word for badge in record.badges] == ["Partly paid"]
    assert [(s.label, s.amount, s.leaves) for s in record.ledger][1:] == [
        ("Cheque 1188", "−$60.00", "leaves $150.00"),
        ("Balance due", "$150.00", "sum of 2 entries"),
    ]
    assert [(one.label, one.amount) for one in record.payments] == [("Cheque 1188", "$60.00")]
    assert screen.state(InvoiceState).paper.total == "$150.00"


def test_the_list_counts_what_is_owed(company: Company, tab: Open) -> None:
    spine.invoice(company)
    spine.invoice(company, issued=False)
    screen = tab(company.office, "/invoices")
    screen.send(InvoicesState.load)
    state = screen.state(InvoicesState)
    assert [(row.balance, [fact.word for fact in row.facts]) for row in state.rows] == [
        ("$210.00", ["Unpaid"])
    ]
    assert {one.key: one.count for one in state.foot.tabs} == {
        "open": "1", "past_due": "0", "drafts": "1", "paid": "0", "all": "2",
    }  # fmt: skip
    assert (state.owed, state.past_due) == ("$210.00", "$0.00")


def test_only_an_admin_voids(company: Company, tab: Open) -> None:
    card = spine.invoice(company)
    screen = on_invoice(tab, company, card.id)
    assert "void" not in [move.name for move in screen.state(InvoiceState).paper.moves]
    screen.send(InvoiceState.move, name="void", reason="Wrong client")
    assert screen.toasts[-1].tint == "bad"
    screen = on_invoice(tab, company, card.id, company.admin)
    screen.send(InvoiceState.move, name="void", reason="Wrong client")
    assert screen.state(InvoiceState).record.stage_key == "void"


@pytest.mark.parametrize("role", [Role.CREW, Role.CLIENT])
def test_others_change_nothing(company: Company, tab: Open, role: Role) -> None:
    card = spine.invoice(company, issued=False)
    screen = on_invoice(tab, company, card.id, company.once(role))
    assert screen.state(InvoiceState).record.id == ""
    screen.send(InvoiceState.write, text="Free work")
    screen.send(InvoiceState.move, name="issue", reason="")
    shown = on_invoice(tab, company, card.id).state(InvoiceState)
    assert (shown.record.stage_key, len(shown.paper.lines)) == ("draft", 1)


def test_another_company_sees_nothing(company: Company, other: Company, tab: Open) -> None:
    card = spine.invoice(company)
    screen = on_invoice(tab, other, card.id)
    assert (screen.state(InvoiceState).status, screen.state(InvoiceState).paper.total) == ("missing", "")
    screen.send(RecordPaymentState.start, invoice_id=str(card.id), client_id="")
    assert not screen.state(RecordPaymentState).open
    lists = tab(other.office, "/invoices?tab=all")
    lists.send(InvoicesState.load)
    assert (lists.state(InvoicesState).rows, lists.state(InvoicesState).owed) == ([], "$0.00")
