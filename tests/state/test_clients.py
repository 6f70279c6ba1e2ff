"""Clients and properties on screen: what hangs on them, the forms over them, and what is owed."""

from uuid import UUID, uuid4

import pytest

from models.contacts import Contact
from models.ids import now
from models.invoices import Invoice
from models.properties import Property
from ontrack_app.schemas.clients import ClientPatch
from ontrack_app.services import clients
from state.clients import ClientFormState, ClientsState, ClientState, ContactFormState
from state.properties import PropertiesState, PropertyFormState, PropertyState
from tests.factories import spine
from tests.factories.companies import Company
from tests.state.support import Screen
from tests.state.tabs import Open


def on_client(tab: Open, company: Company, client_id: UUID) -> Screen:
    screen = tab(company.office, f"/clients/{client_id}")
    screen.send(ClientState.load)
    return screen


def test_the_list_shows_who_to_reach_where_and_what_is_owed(
    company: Company, other: Company, tab: Open
) -> None:
    other.client("Not ours")
    client = company.client("Noor Haddad", "noor@x.example")
    spine.invoice(company, client)
    screen = tab(company.office, "/clients")
    screen.send(ClientsState.load)
    (row,) = screen.state(ClientsState).rows
    assert (row.name, row.contact, row.reach, row.place, row.kind, row.owed) == (
        "Noor Haddad", "", "noor@x.example", "12 Elm St, Elgin", "Person", "$210.00",
    )  # fmt: skip
    tabs = {one.key: one.count for one in screen.state(ClientsState).foot.tabs}
    assert tabs == {"all": "1", "people": "1", "companies": "0", "managers": "0"}


def test_a_client_shows_its_money_and_papers(company: Company, tab: Open) -> None:
    client = company.client()
    invoice_id = spine.invoice(company, client).id
    with company.work() as work:
        work.get(Invoice, invoice_id).due_on = now().date().replace(year=2020)
    record = on_client(tab, company, client.id).state(ClientState).record
    assert [(figure.label, figure.value) for figure in record.money] == [
        ("Billed so far", "$210.00"), ("Owed now", "$210.00"), ("Of it past due", "$210.00"),
    ]  # fmt: skip
    assert [(kind.title, len(kind.rows)) for kind in record.papers] == [
        ("Estimates", 1),
        ("Jobs", 1),
        ("Invoices", 1),
    ]
    assert record.papers[2].rows[0].stage.word == "Past due"
    assert record.papers[0].all_href == f"/estimates?tab=all&client_id={client.id}"
    assert record.estimate_href == f"/estimates/new?client_id={client.id}"


def test_a_client_is_made_and_changed_by_its_form(company: Company, tab: Open) -> None:
    screen = tab(company.office, "/clients/new")
    screen.send(ClientFormState.start)
    given = screen.state(ClientFormState).values
    screen.send(
        ClientFormState.create,
        data={**given, "name": "Fox Valley", "kind": "company", "payment_terms_days": "ten"},
    )
    assert screen.state(ClientFormState).errors == {"payment_terms_days": "Type a whole number, such as 30."}
    screen.send(
        ClientFormState.create,
        data={
            **given,
            "name": "Fox Valley",
            "kind": "company",
            "payment_terms_days": "10",
            "tax_exempt": "true",
        },
    )
    client_id = UUID(screen.went_to[-1].removeprefix("/clients/"))
    screen = on_client(tab, company, client_id)
    assert [badge.word for badge in screen.state(ClientState).record.badges] == ["Company", "Tax exempt"]
    screen.send(ClientFormState.edit)
    values = screen.state(ClientFormState).values
    assert (values["payment_terms_days"], values["tax_exempt"]) == ("10", "true")
    screen.send(
        ClientFormState.save,
        data={name: text for name, text in values.items() if name != "tax_exempt"}
        | {"payment_terms_days": ""},
    )
    record = screen.state(ClientState).record
    assert [badge.word for badge in record.badges] == ["Company"]
    assert [fact.value for fact in record.facts if fact.label == "Days to pay"] == [""]


def test_a_change_meanwhile_is_said(company: Company, tab: Open) -> None:
    client = company.client()
    screen = on_client(tab, company, client.id)
    screen.send(ClientFormState.edit)
    with company.office.work() as work:
        clients.patch(work, client.id, ClientPatch(source="Referral"))
    screen.send(ClientFormState.save, data={**screen.state(ClientFormState).values, "name": "Mine"})
    assert "Somebody changed this client" in screen.state(ClientFormState).trouble
    assert screen.state(ClientFormState).values["name"] == "Mine"


def test_contacts_are_added_and_changed_over_the_page(company: Company, other: Company, tab: Open) -> None:
    client = company.client()
    screen = on_client(tab, company, client.id)
    screen.send(ContactFormState.start)
    given = screen.state(ContactFormState).values
    screen.send(ContactFormState.save, data={**given, "name": "Priya", "email": "nope"})
    assert "name@example.com" in screen.state(ContactFormState).errors["email"]
    screen.send(ContactFormState.save, data={**given, "name": "Priya", "email": "Priya@x.example"})
    people = screen.state(ClientState).record.people
    assert [(person.name, person.first) for person in people] == [
        ("Ana Gagnon", "First to contact"),
        ("Priya", ""),
    ]
    screen.send(ContactFormState.edit, contact=people[1].id)
    screen.send(ContactFormState.save, data={**screen.state(ContactFormState).values, "phone": "555-0102"})
    with company.work() as work:
        assert work.get(Contact, UUID(people[1].id)).phone == "555-0102"
    with other.work() as work:
        theirs = other.client()
        stranger = clients.primary_contact(work, theirs.id)
    assert stranger is not None
    screen.send(ContactFormState.edit, contact=str(stranger.id))
    assert len(screen.toasts) == 1


def test_a_property_is_added_to_its_client(company: Company, other: Company, tab: Open) -> None:
    screen = on_client(tab, company, company.client().id)
    screen.send(PropertyFormState.start)
    given = screen.state(PropertyFormState).values
    screen.send(PropertyFormState.create, data={**given, "city": "Elgin"})
    assert screen.state(PropertyFormState).errors == {"street": "This cannot be empty."}
    screen.send(
        PropertyFormState.create,
        data={**given, "street": "9 Oak Ave", "city": "Elgin", "access_notes": "Gate 4471#"},
    )
    property_id = UUID(screen.went_to[-1].removeprefix("/properties/"))
    with company.work() as work:
        assert work.get(Property, property_id).access_notes == "Gate 4471#"
    stranger = tab(company.office, f"/clients/{other.client().id}")
    stranger.send(PropertyFormState.start)
    stranger.send(PropertyFormState.create, data={**given, "street": "9 Oak Ave"})
    assert stranger.went_to == []


def test_a_property_shows_access_first_and_is_edited_in_place(company: Company, tab: Open) -> None:
    client = company.client("Noor Haddad")
    estimate = spine.draft(company, client)
    screen = tab(company.office, f"/properties/{estimate.property_id}")
    screen.send(PropertyState.load)
    record = screen.state(PropertyState).record
    assert (record.title, record.facts[0].value, record.access) == ("12 Elm St", "Noor Haddad", "")
    assert record.estimate_href == f"/estimates/new?client_id={client.id}&property_id={estimate.property_id}"
    assert [len(kind.rows) for kind in record.papers] == [1, 0, 0]
    screen.send(PropertyFormState.edit)
    screen.send(
        PropertyFormState.save,
        data={**screen.state(PropertyFormState).values, "access_notes": "Two dogs", "unit": "4"},
    )
    record = screen.state(PropertyState).record
    assert (record.title, record.access) == ("12 Elm St, 4", "Two dogs")


def test_properties_are_listed_with_their_clients(company: Company, tab: Open) -> None:
    client = company.client("Noor Haddad")
    spine.draft(company, client)
    spine.draft(company)
    screen = tab(company.office, f"/properties?client_id={client.id}")
    screen.send(PropertiesState.load)
    state = screen.state(PropertiesState)
    assert [(row.address, row.client) for row in state.rows] == [("12 Elm St", "Noor Haddad")]
    assert [one.shown for one in state.foot.filters] == ["Noor Haddad"]


@pytest.mark.parametrize("state", [ClientState, PropertyState])
def test_what_is_not_ours_is_not_there(
    company: Company, other: Company, tab: Open, state: type[ClientState]
) -> None:
    for row_id in (uuid4(), other.client().id):
        screen = tab(company.office, f"/any/{row_id}")
        screen.send(state.load)
        assert screen.state(state).status == "missing"


def test_notes_stand_on_clients_and_properties(company: Company, tab: Open) -> None:
    estimate = spine.draft(company)
    screen = on_client(tab, company, estimate.client_id)
    screen.send(ClientState.add_note, text="Pays by cheque")
    assert screen.state(ClientState).record.timeline[0].body == "Pays by cheque"
    screen = tab(company.office, f"/properties/{estimate.property_id}")
    screen.send(PropertyState.add_note, text="Steep drive")
    assert screen.state(PropertyState).record.timeline[0].body == "Steep drive"
