"""Leads on screen: the list and its views, a lead's moves, the form that loses nothing, and the way to an estimate."""

from uuid import UUID, uuid4

import pytest

from models.access import Role
from models.leads import Lead
from ontrack_app.schemas.common import Address, MoneyBody
from ontrack_app.schemas.leads import LeadBody, LeadMoveBody, LeadPatch
from ontrack_app.services import leads
from state.leads import LeadFormState, LeadsState, LeadState
from tests.factories.companies import Company
from tests.state.support import Screen
from tests.state.tabs import Open


def a_lead(company: Company, name: str = "Ana Gagnon", *moves: str, **given: object) -> UUID:
    body = LeadBody.model_validate({"name": name, "need": "Roof leaks"} | given)
    with company.office.work() as work:
        lead_id = leads.create(work, body).id
    for move in moves:
        with company.office.work() as work:
            leads.move(work, lead_id, move, LeadMoveBody(reason="Too far", stage="contacted"))
    return lead_id


def listed(tab: Open, company: Company, path: str) -> Screen:
    screen = tab(company.office, path)
    screen.send(LeadsState.load)
    return screen


def opened(tab: Open, company: Company, lead_id: UUID) -> Screen:
    screen = tab(company.office, f"/leads/{lead_id}")
    screen.send(LeadState.load)
    return screen


def typed(screen: Screen, **changes: str) -> dict[str, str]:
    return {**screen.state(LeadFormState).values, **changes}


def names(screen: Screen) -> list[str]:
    return [row.name for row in screen.state(LeadsState).rows]


def test_views_count_what_they_show(company: Company, other: Company, tab: Open) -> None:
    a_lead(other, "Not ours")
    a_lead(company, "New", assignee_id=company.office.member_id)
    a_lead(company, "Called", "advance")
    a_lead(company, "Won", "win")
    a_lead(company, "Lost", "lose")
    shown = {
        key: sorted(names(listed(tab, company, f"/leads?tab={key}")))
        for key in ("open", "mine", "new", "won", "lost")
    }
    assert shown == {
        "open": ["Called", "New"],
        "mine": ["New"],
        "new": ["New"],
        "won": ["Won"],
        "lost": ["Lost"],
    }
    foot = listed(tab, company, "/leads").state(LeadsState).foot
    assert [(one.key, one.count) for one in foot.tabs] == [
        ("open", "2"),
        ("mine", "1"),
        ("new", "1"),
        ("won", "1"),
        ("lost", "1"),
    ]
    assert (foot.tab, foot.text) == ("open", "1–2 of 2")


def test_a_row_is_formatted_for_its_reader(company: Company, tab: Open) -> None:
    a_lead(
        company,
        "Noor",
        value=MoneyBody.of(24_800_00, "USD"),
        need="Hail\n  damage",
        address={"street": "1 Elm St", "city": "Elgin"},
    )
    row = listed(tab, company, "/leads").state(LeadsState).rows[0]
    assert (row.value, row.need, row.place, row.owner, row.stage.word, row.touched) == (
        "$24,800.00", "Hail damage", "1 Elm St, Elgin", "Nobody", "New", "Just now",
    )  # fmt: skip


def test_filters_search_and_sort_stand_in_the_address(company: Company, tab: Open) -> None:
    a_lead(company, "Cheap", value=MoneyBody.of(1, "USD"), source="Web", urgency="high")
    a_lead(company, "Dear", value=MoneyBody.of(9, "USD"), source="Web")
    assert names(listed(tab, company, "/leads?sort=-value")) == ["Dear", "Cheap"]
    assert names(listed(tab, company, "/leads?urgency=high&source=Web")) == ["Cheap"]
    assert names(listed(tab, company, "/leads?assignee_id=none&q=dEA")) == ["Dear"]
    screen = listed(tab, company, "/leads?q=nobody-like-that")
    assert screen.state(LeadsState).status == "nothing"
    filters = listed(tab, company, "/leads?source=Web&city=Elgin").state(LeadsState).foot.filters
    assert [(one.name, one.value, bool(one.options)) for one in filters if one.value] == [
        ("source", "Web", True),
        ("city", "Elgin", False),
    ]


def test_pages_are_cut_in_the_database(company: Company, tab: Open) -> None:
    for number in range(27):
        a_lead(company, f"Lead {number}")
    state = listed(tab, company, "/leads?page=2").state(LeadsState)
    assert (len(state.rows), state.foot.text, state.foot.has_prev, state.foot.has_next) == (
        2,
        "26–27 of 27",
        True,
        False,
    )


@pytest.mark.parametrize("query", ["nonsense=1", "sort=phone", "assignee_id=x"])
def test_an_address_that_asks_for_what_is_not_there_says_so(company: Company, tab: Open, query: str) -> None:
    state = listed(tab, company, f"/leads?{query}").state(LeadsState)
    assert state.status == "error"
    assert state.trouble


def test_a_lead_shows_what_may_be_done_next(company: Company, tab: Open) -> None:
    record = opened(tab, company, a_lead(company)).state(LeadState).record
    assert [(move.name, move.primary) for move in record.moves] == [
        ("win_and_estimate", True),
        ("lose", False),
    ]
    assert [stage.value for stage in record.stages] == ["contacted", "qualified"]
    assert [step.state for step in record.track] == ["now", "later", "later", "later", "later", "later"]
    assert record.next_label == ""


def test_winning_goes_on_to_the_estimate_of_the_client_it_made(company: Company, tab: Open) -> None:
    lead_id = a_lead(company, email="noor@x.example", address={"street": "1 Elm St", "city": "Elgin"})
    screen = opened(tab, company, lead_id)
    screen.send(LeadState.move, name="win_and_estimate", reason="")
    with company.work() as work:
        lead = work.get(Lead, lead_id)
    wanted = f"/estimates/new?client_id={lead.client_id}&property_id={lead.property_id}&lead_id={lead_id}"
    assert screen.went_to == [wanted]
    screen.send(LeadState.load)
    record = screen.state(LeadState).record
    assert (record.kind, record.next_label, record.next_href) == ("won", "Write estimate", wanted)
    assert [move.name for move in record.moves] == ["reopen"]


def test_moves_change_the_stage_and_refusals_do_not(company: Company, tab: Open) -> None:
    screen = opened(tab, company, a_lead(company))
    screen.send(LeadState.advance, stage="qualified")
    assert screen.state(LeadState).record.stage.word == "Qualified"
    screen.send(LeadState.advance, stage="won")
    screen.send(LeadState.move, name="lose", reason="  ")
    screen.send(LeadState.move, name="explode", reason="")
    assert len(screen.toasts) == 3
    screen.send(LeadState.load)
    assert screen.state(LeadState).record.stage.word == "Qualified"
    screen.send(LeadState.move, name="lose", reason="Too far away")
    record = screen.state(LeadState).record
    assert (record.stage.word, record.timeline[0].body) == ("Lost", "Too far away")


def test_an_owner_is_set_and_taken_away_in_place(company: Company, other: Company, tab: Open) -> None:
    screen = opened(tab, company, a_lead(company))
    screen.send(LeadState.assign, member=str(company.office.member_id))
    assert screen.state(LeadState).record.owner == str(company.office.member_id)
    screen.send(LeadState.assign, member=str(other.office.member_id))
    assert len(screen.toasts) == 1
    screen.send(LeadState.assign, member="")
    assert screen.state(LeadState).record.owner == ""


def test_a_note_stands_on_top_of_the_timeline(company: Company, tab: Open) -> None:
    screen = opened(tab, company, a_lead(company))
    screen.send(LeadState.add_note, text="Called, wants Tuesday")
    first = screen.state(LeadState).record.timeline[0]
    assert (first.kind, first.body) == ("note", "Called, wants Tuesday")


def test_a_new_lead_comes_from_the_field_list(company: Company, tab: Open) -> None:
    screen = tab(company.office, "/leads/new")
    screen.send(LeadFormState.start)
    specs = {spec.name: spec.kind for spec in screen.state(LeadFormState).specs}
    assert (specs["need"], specs["urgency"], specs["assignee_id"], specs["value"]) == (
        "long",
        "select",
        "select",
        "money",
    )
    assert "stage" not in specs
    screen.send(
        LeadFormState.create,
        data=typed(screen, name="Noor", phone="555-0101", value="1,250.50", city="Elgin"),
    )
    lead_id = UUID(screen.went_to[-1].removeprefix("/leads/"))
    with company.work() as work:
        lead = work.get(Lead, lead_id)
    assert (lead.name, lead.value_cents, lead.city, lead.urgency) == ("Noor", 125050, "Elgin", "normal")


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [("name", " ", "cannot be empty"), ("email", "x", "looks like name@"), ("value", "12 apples", "not a number"), ("value", "-5", "below zero"),
     ("country", "USA", "two letters"), ("name", "x" * 201, "room for 200"), ("urgency", "soonish", "does not fit"), ("assignee_id", "nobody", "does not fit")],
)  # fmt: skip
def test_what_does_not_fit_is_said_at_its_field_and_stays_typed(
    company: Company, tab: Open, field: str, text: str, words: str
) -> None:
    screen = tab(company.office, "/leads/new")
    screen.send(LeadFormState.start)
    screen.send(LeadFormState.create, data=typed(screen, **({"name": "Noor", "phone": "1"} | {field: text})))
    state = screen.state(LeadFormState)
    assert words in state.errors[field]
    assert (state.values[field], state.trouble, screen.went_to, screen.toasts) == (text, "", [], [])


def test_a_name_alone_is_refused_where_a_reason_could_be_typed(company: Company, tab: Open) -> None:
    screen = tab(company.office, "/leads/new")
    screen.send(LeadFormState.start)
    screen.send(LeadFormState.create, data=typed(screen, name="Noor"))
    assert "what is needed" in screen.state(LeadFormState).errors["need"]


def test_a_change_meanwhile_is_said_and_nothing_typed_is_lost(company: Company, tab: Open) -> None:
    lead_id = a_lead(company)
    screen = opened(tab, company, lead_id)
    screen.send(LeadFormState.edit)
    with company.office.work() as work:
        leads.patch(work, lead_id, LeadPatch(address=Address(city="Aurora")))
    screen.send(LeadFormState.save, data=typed(screen, need="Two skylights"))
    state = screen.state(LeadFormState)
    assert "Somebody changed this lead" in state.trouble
    assert (state.values["need"], state.open) == ("Two skylights", True)
    screen.send(LeadFormState.edit)
    screen.send(LeadFormState.save, data=typed(screen, need="Two skylights"))
    assert not screen.state(LeadFormState).open
    record = screen.state(LeadState).record
    assert (record.need, [fact.value for fact in record.facts if fact.label == "Address"]) == (
        "Two skylights",
        ["Aurora"],
    )


def test_fields_nobody_may_edit_stay_as_they_are(company: Company, tab: Open) -> None:
    lead_id = a_lead(company)
    screen = opened(tab, company, lead_id)
    screen.send(LeadFormState.edit)
    screen.send(
        LeadFormState.save,
        data=typed(screen, stage="won", lost_reason="x", tenant_id=str(uuid4()), version="9"),
    )
    with company.work() as work:
        lead = work.get(Lead, lead_id)
    assert (lead.stage, lead.lost_reason) == ("new", "")


@pytest.mark.parametrize("path", ["/leads/x", f"/leads/{uuid4()}"])
def test_an_address_without_a_lead_is_said_to_be_empty(company: Company, tab: Open, path: str) -> None:
    screen = tab(company.office, path)
    screen.send(LeadState.load)
    assert screen.state(LeadState).status == "missing"


def test_another_companys_lead_is_not_there(company: Company, other: Company, tab: Open) -> None:
    lead_id = a_lead(other)
    screen = opened(tab, company, lead_id)
    assert screen.state(LeadState).status == "missing"
    screen.send(LeadState.move, name="lose", reason="Ours now")
    screen.send(LeadState.assign, member="")
    screen.send(LeadState.add_note, text="Hello")
    screen.send(LeadFormState.edit)
    assert len(screen.toasts) == 4
    with other.work() as work:
        assert work.get(Lead, lead_id).version == 1


@pytest.mark.parametrize("role", [Role.CREW, Role.CLIENT, Role.PROPERTY_MANAGER])
def test_others_see_no_leads(company: Company, tab: Open, role: Role) -> None:
    a_lead(company)
    screen = tab(company.once(role), "/leads")
    screen.send(LeadsState.load)
    assert screen.state(LeadsState).rows == []
