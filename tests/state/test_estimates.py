"""Estimates on screen: the grid, refusals that stay where they were typed, sending, answers, and who may do what."""

from datetime import timedelta

import pytest

from models.access import Role
from models.ids import now
from state.estimates import EstimatesState, EstimateState, NewEstimateState
from tests.factories import spine
from tests.factories.companies import Company, Person
from tests.state.support import Screen
from tests.state.tabs import Open


def on_estimate(tab: Open, company: Company, estimate_id: object, person: Person | None = None) -> Screen:
    screen = tab(person or company.office, f"/estimates/{estimate_id}")
    screen.send(EstimateState.load)
    return screen


def test_the_list_shows_views_with_counts(company: Company, tab: Open) -> None:
    spine.draft(company)
    spine.moved(company, spine.draft(company).id, "send")
    screen = tab(company.office, "/estimates")
    screen.send(EstimatesState.load)
    state = screen.state(EstimatesState)
    assert [row.stage.word for row in state.rows] == ["Sent"]
    assert [(one.key, one.count) for one in state.foot.tabs][:2] == [("waiting", "1"), ("drafts", "1")]


def test_a_client_is_found_by_name(company: Company, tab: Open) -> None:
    spine.draft(company, company.client("Noor Haddad"))
    spine.draft(company, company.client("Somebody Else"))
    screen = tab(company.office, "/estimates?tab=drafts&q=haddad")
    screen.send(EstimatesState.load)
    assert [row.client for row in screen.state(EstimatesState).rows] == ["Noor Haddad"]


def test_a_list_narrowed_to_a_client_says_so(company: Company, tab: Open) -> None:
    client = company.client("Noor Haddad")
    spine.draft(company, client)
    spine.draft(company)
    screen = tab(company.office, f"/estimates?tab=all&client_id={client.id}")
    screen.send(EstimatesState.load)
    state = screen.state(EstimatesState)
    assert [row.client for row in state.rows] == ["Noor Haddad"]
    assert [(one.label, one.shown) for one in state.foot.filters] == [("Client", "Noor Haddad")]


def test_a_cell_that_is_left_works_the_totals_out(company: Company, tab: Open) -> None:
    screen = on_estimate(tab, company, spine.draft(company).id)
    line = screen.state(EstimateState).paper.lines[0]
    screen.send(EstimateState.commit, line_id=line.id, cell="quantity", text="2.5")
    paper = screen.state(EstimateState).paper
    assert "$262.50" in paper.moves[0].confirm_title
    assert (paper.lines[0].quantity, paper.lines[0].amount, paper.total) == ("2.5", "250.00", "$262.50")
    assert [(row.label, row.note, row.amount) for row in paper.rows][1] == ("GST 5%", "on 250.00", "12.50")


@pytest.mark.parametrize(
    ("cell", "text", "words"),
    [("quantity", "-1", "cannot be negative"), ("price", "a lot", "not a number"), ("price", "1.23456", "four decimals"),
     ("discount", "999", "discount"), ("taxes", "VAT", "no tax code"), ("description", " ", "what it is for")],
)  # fmt: skip
def test_what_cannot_stand_in_a_cell_is_said_at_its_line(
    company: Company, tab: Open, cell: str, text: str, words: str
) -> None:
    screen = on_estimate(tab, company, spine.draft(company).id)
    line = screen.state(EstimateState).paper.lines[0]
    screen.send(EstimateState.commit, line_id=line.id, cell=cell, text=text)
    state = screen.state(EstimateState)
    assert words in state.paper.lines[0].error.lower()
    assert (state.paper.total, screen.toasts) == ("$210.00", [])
    screen.send(EstimateState.commit, line_id=line.id, cell="unit", text="each")
    assert screen.state(EstimateState).paper.lines[0].error
    mended = {"quantity": "2", "price": "100", "discount": "", "taxes": "gst", "description": "Tear-off"}[
        cell
    ]
    screen.send(EstimateState.commit, line_id=line.id, cell=cell, text=mended)
    assert screen.state(EstimateState).paper.lines[0].error == ""


def test_lines_come_from_the_price_book_or_are_written(company: Company, tab: Open) -> None:
    spine.item(company)
    screen = on_estimate(tab, company, spine.draft(company).id)
    screen.send(EstimateState.find, text="ridge")
    found = screen.state(EstimateState).found
    assert [(one.name, one.price) for one in found] == [("Ridge vent", "11.75")]
    screen.send(EstimateState.pick, item_id=found[0].id)
    state = screen.state(EstimateState)
    assert (state.query, state.found, state.paper.lines[1].taxes) == ("", [], "GST")
    assert (state.paper.margin.percent, state.paper.margin.known) == ("47.2%", "1 of 2 lines")
    screen.send(EstimateState.write, text="Decking")
    assert screen.state(EstimateState).paper.lines[2].price == "0.00"
    screen.send(EstimateState.remove, line_id=screen.state(EstimateState).paper.lines[2].id)
    assert len(screen.state(EstimateState).paper.lines) == 2


def test_facts_are_kept_and_refused_at_their_field(company: Company, tab: Open) -> None:
    screen = on_estimate(tab, company, spine.draft(company).id)
    screen.send(EstimateState.set_fact, name="title", text="Roof and gutters")
    assert screen.state(EstimateState).record.title == "Roof and gutters"
    screen.send(EstimateState.set_fact, name="expires_on", text="soon")
    assert "date" in screen.state(EstimateState).errors["expires_on"]
    screen.send(EstimateState.set_fact, name="stage", text="approved")
    assert screen.toasts[-1].tint == "bad"


def test_a_change_on_an_old_version_is_refused(company: Company, tab: Open) -> None:
    card = spine.draft(company)
    first, second = on_estimate(tab, company, card.id), on_estimate(tab, company, card.id)
    first.send(EstimateState.set_fact, name="title", text="Mine")
    second.send(EstimateState.set_fact, name="title", text="Theirs")
    assert "in the meantime" in second.toasts[-1].text
    second.send(EstimateState.move, name="send", reason="")
    assert second.state(EstimateState).record.stage_key == "draft"


def test_sending_names_the_person_and_freezes(company: Company, tab: Open) -> None:
    screen = on_estimate(tab, company, spine.draft(company, company.client("Ana Gagnon")).id)
    send = screen.state(EstimateState).paper.moves[0]
    assert (send.label, send.primary) == ("Send to Ana", True)
    assert "Ana Gagnon" in send.confirm_title and "frozen" in send.confirm_text
    screen.send(EstimateState.move, name="send", reason="")
    record = screen.state(EstimateState).record
    assert (record.stage_key, record.editable, len(record.revisions)) == ("sent", False, 1)
    assert record.waiting.startswith("Waiting for Ana Gagnon")
    screen.send(EstimateState.write, text="One more")
    assert "Revise" in screen.toasts[-1].text


def test_an_approval_on_behalf_needs_who_and_how(company: Company, tab: Open) -> None:
    card = spine.moved(company, spine.draft(company).id, "send")
    screen = on_estimate(tab, company, card.id)
    screen.send(EstimateState.move, name="approve", reason="")
    assert screen.state(EstimateState).asking == "approve"
    screen.send(EstimateState.answer, data={"name": "Ana Gagnon", "evidence": " "})
    state = screen.state(EstimateState)
    assert (state.typed["name"], "evidence" in state.errors, state.asking) == ("Ana Gagnon", True, "approve")
    screen.send(EstimateState.answer, data={"name": "Ana Gagnon", "evidence": "Said yes on the phone"})
    record = screen.state(EstimateState).record
    assert (record.stage_key, record.signed.name, record.signed.evidence) == (
        "approved",
        "Ana Gagnon",
        "Said yes on the phone",
    )
    screen.send(EstimateState.move, name="convert", reason="")
    assert screen.went_to[-1].startswith("/jobs/")


def test_words_of_a_change_stand_on_the_page_and_on_the_next_draft(company: Company, tab: Open) -> None:
    card = spine.moved(company, spine.draft(company).id, "send", "request_changes")
    screen = on_estimate(tab, company, card.id)
    record = screen.state(EstimateState).record
    assert record.changes_asked == "Brown gutters"
    assert [move.name for move in screen.state(EstimateState).paper.moves if move.primary] == ["revise"]
    screen.send(EstimateState.move, name="revise", reason="")
    record = screen.state(EstimateState).record
    assert (record.stage_key, record.changes_asked, record.badges[0].word) == (
        "draft",
        "Brown gutters",
        "Revision 2",
    )


def test_an_estimate_starts_from_a_chosen_client(company: Company, tab: Open) -> None:
    client = company.client("Noor Haddad")
    screen = tab(company.office, "/estimates/new")
    screen.send(NewEstimateState.load)
    screen.send(NewEstimateState.find, text="noor")
    assert [one.name for one in screen.state(NewEstimateState).form.found] == ["Noor Haddad"]
    screen.send(NewEstimateState.choose, client_id=str(client.id))
    screen.send(NewEstimateState.start, data={"title": "Skylight", "property_id": ""})
    made = screen.went_to[-1].removeprefix("/estimates/")
    assert (
        on_estimate(tab, company, made).state(EstimateState).record.expires_on
        > f"{now() + timedelta(days=28):%Y-%m-%d}"
    )


@pytest.mark.parametrize("role", [Role.CREW, Role.CLIENT, Role.PROPERTY_MANAGER])
def test_others_cannot_work_on_an_estimate(company: Company, tab: Open, role: Role) -> None:
    card = spine.draft(company)
    screen = on_estimate(tab, company, card.id, company.once(role))
    assert screen.state(EstimateState).record.id == ""
    screen.send(EstimateState.write, text="Free work")
    screen.send(EstimateState.move, name="send", reason="")
    screen.send(EstimateState.set_fact, name="title", text="Mine")
    shown = on_estimate(tab, company, card.id).state(EstimateState)
    assert (shown.record.title, len(shown.paper.lines), shown.record.stage_key) == ("New roof", 1, "draft")


def test_another_company_sees_nothing(company: Company, other: Company, tab: Open) -> None:
    card = spine.draft(company)
    screen = on_estimate(tab, other, card.id)
    assert (screen.state(EstimateState).status, screen.state(EstimateState).record.id) == ("missing", "")
    screen.send(EstimateState.set_fact, name="title", text="Theirs")
    screen.send(EstimateState.write, text="Theirs")
    lists = tab(other.office, "/estimates?tab=all")
    lists.send(EstimatesState.load)
    assert lists.state(EstimatesState).rows == []
    assert on_estimate(tab, company, card.id).state(EstimateState).record.title == "New roof"
