"""The settings' screens of people: the list, invitations, a member's page, roles and rights, and the question why."""

import pytest

from models.access import Role
from ontrack_app.db import begin
from ontrack_app.errors import SignedOut
from ontrack_app.schemas.screens.rights import RightCellView
from ontrack_app.services import members
from ontrack_app.services.listing import Query
from state.members import MembersState, MemberState, PlaceState
from state.roles import RolesState, WhyState
from state.settings import SettingsState
from tests.factories.companies import Company, Person
from tests.state.support import Screen
from tests.state.tabs import Open

LIST = "/settings/members"


def is_live(person: Person) -> bool:
    try:
        with begin(person.session):
            return True
    except SignedOut:
        return False


def test_the_list_shows_people_by_name_and_filters_them(company: Company, tab: Open) -> None:
    office, crew = company.office, company.once(Role.CREW)
    screen = tab(company.admin, LIST)
    screen.send(MembersState.load)
    state = screen.state(MembersState)
    assert {row.email for row in state.rows} == {company.admin.email, office.email, crew.email}
    assert state.foot.text == "1–3 of 3"
    screen = tab(company.admin, f"{LIST}?role=crew")
    screen.send(MembersState.load)
    assert [row.email for row in screen.state(MembersState).rows] == [crew.email]
    screen = tab(company.admin, f"{LIST}?active=false")
    screen.send(MembersState.load)
    assert screen.state(MembersState).status == "nothing"


def test_inviting_from_the_screen_sending_again_and_withdrawing(company: Company, tab: Open) -> None:
    screen = tab(company.admin, LIST)
    screen.send(PlaceState.invite)
    email = f"screen.{company.slug}@mail.example"
    screen.send(PlaceState.keep, data={"email": email, "name": "Ana", "role": "crew"})
    assert not screen.state(PlaceState).open
    screen.send(MembersState.load)
    (row,) = screen.state(MembersState).invited
    assert (row.email, row.role, row.stage.word) == (email, "Crew", "Invited")
    screen.send(MembersState.resend, invitation_id=row.id)
    assert screen.toasts[-1].text == f"Sent again to {email}. The link before no longer works."
    screen.send(MembersState.withdraw, invitation_id=row.id)
    assert screen.state(MembersState).invited == []


@pytest.mark.parametrize(
    "typed, field",
    [
        ({"email": "nonsense", "role": "crew"}, "email"),
        ({"email": "", "role": "crew"}, "email"),
        ({"email": "a@b.example", "role": "boss"}, "role"),
        ({"email": "a@b.example", "role": "client"}, "client_id"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_stays_typed(
    company: Company, tab: Open, typed: dict[str, str], field: str
) -> None:
    screen = tab(company.admin, LIST)
    screen.send(PlaceState.invite)
    screen.send(PlaceState.keep, data=typed)
    state = screen.state(PlaceState)
    assert state.open
    assert field in state.errors
    assert state.form.email == typed["email"]


def test_who_is_a_member_already_stands_at_the_address(company: Company, tab: Open) -> None:
    screen = tab(company.admin, LIST)
    screen.send(PlaceState.invite)
    screen.send(PlaceState.keep, data={"email": company.office.email, "role": "crew"})
    assert "member already" in screen.state(PlaceState).errors["email"]


def test_a_customers_place_asks_whose_person_it_is(company: Company, tab: Open) -> None:
    client = company.client("Ana Gagnon")
    screen = tab(company.admin, LIST)
    screen.send(PlaceState.invite)
    screen.send(PlaceState.set_part, name="email", text=f"her.{company.slug}@mail.example")
    screen.send(PlaceState.set_role, role="client")
    state = screen.state(PlaceState)
    assert state.form.is_customer
    assert [found.id for found in state.form.found] == [str(client.id)]
    screen.send(PlaceState.choose, client_id=str(client.id))
    screen.send(PlaceState.keep, data={"role": "client"})
    screen.send(MembersState.load)
    assert screen.state(MembersState).invited[0].client == "Ana Gagnon"


def test_a_members_page_says_what_is_known_and_changes_the_role(company: Company, tab: Open) -> None:
    person = company.person(Role.OFFICE)
    screen = tab(company.admin, f"{LIST}/{person.member_id}")
    screen.send(MemberState.load)
    record = screen.state(MemberState).record
    facts = {fact.label: fact.value for fact in record.facts}
    assert facts["Role"] == "Office"
    assert facts["Signed in"].startswith("1 session")
    assert facts["API keys"] == "1 key"
    assert [move.name for move in record.moves] == ["sign_out", "deactivate"]
    screen.send(PlaceState.other_role)
    screen.send(PlaceState.keep, data={"role": "crew"})
    assert not is_live(person)
    record = screen.state(MemberState).record
    assert record.role == "crew"
    assert "made them crew" in [entry.text for entry in record.timeline]


def test_deactivating_and_letting_in_again(company: Company, tab: Open) -> None:
    person = company.person(Role.CREW)
    screen = tab(company.admin, f"{LIST}/{person.member_id}")
    screen.send(MemberState.move, name="deactivate", reason="")
    assert "is deactivated and signed out." in screen.toasts[-1].text
    assert not is_live(person)
    assert screen.state(MemberState).record.stage.word == "Deactivated"
    screen.send(MemberState.move, name="reactivate", reason="")
    assert screen.state(MemberState).record.stage.word == "Active"
    screen.send(MemberState.move, name="promote", reason="")
    assert screen.toasts[-1].text == "There is no such move here."


def test_ones_own_page_offers_nothing_that_would_be_refused(company: Company, tab: Open) -> None:
    screen = tab(company.admin, f"{LIST}/{company.admin.member_id}")
    screen.send(MemberState.load)
    record = screen.state(MemberState).record
    assert (record.is_self, record.moves) == (True, [])
    screen.send(PlaceState.other_role)
    screen.send(PlaceState.keep, data={"role": "crew"})
    assert "cannot change your own role" in screen.toasts[-1].text
    screen.send(MemberState.move, name="deactivate", reason="")
    assert "cannot deactivate yourself" in screen.toasts[-1].text
    assert is_live(company.admin)


def test_renaming(company: Company, tab: Open) -> None:
    person = company.person(Role.CREW)
    screen = tab(company.admin, f"{LIST}/{person.member_id}")
    screen.send(MemberState.rename, name="  New   Name ")
    assert screen.state(MemberState).record.name == "New Name"
    screen.send(MemberState.rename, name=" ")
    assert "1 to 200" in screen.toasts[-1].text


def test_the_office_sees_people_but_not_what_is_the_admins(company: Company, tab: Open) -> None:
    person = company.person(Role.CREW)
    screen = tab(company.office, LIST)
    screen.send(MembersState.load)
    assert screen.state(MembersState).invited == []
    screen = tab(company.office, f"{LIST}/{person.member_id}")
    screen.send(MemberState.load)
    record = screen.state(MemberState).record
    assert (record.may_manage, record.moves, record.timeline) == (False, [], [])
    assert {fact.label for fact in record.facts} == {"E-mail", "Role"}


def test_another_companys_member_is_not_there(company: Company, other: Company, tab: Open) -> None:
    screen = tab(other.admin, f"{LIST}/{company.office.member_id}")
    screen.send(MemberState.load)
    assert screen.state(MemberState).status == "missing"
    screen.send(MemberState.move, name="deactivate", reason="")
    assert is_live(company.office)


def cell(screen: Screen, role: str, permission: str) -> RightCellView:
    view = screen.state(RolesState).view
    cells = [cell for group in view.groups for row in group.rows for cell in row.cells]
    return next(cell for cell in cells if (cell.role, cell.permission) == (role, permission))


def test_a_right_is_taken_given_and_put_back(company: Company, tab: Open) -> None:
    screen = tab(company.admin, "/settings/roles")
    screen.send(RolesState.load)
    assert cell(screen, "admin", "members:manage").locked
    assert cell(screen, "crew", "leads:read").locked
    screen.send(RolesState.change, role="office", permission="leads:write", granted=False)
    taken = cell(screen, "office", "leads:write")
    assert (taken.granted, taken.changed) == (False, True)
    assert taken.hint.startswith("Taken by ")
    office = next(role for role in screen.state(RolesState).view.roles if role.role == "office")
    assert (office.differs, office.restore_text) == ("1 changed", "Office may change leads again.")
    screen.send(RolesState.restore, role="office")
    assert cell(screen, "office", "leads:write").granted


@pytest.mark.parametrize(
    "role, permission", [("admin", "members:manage"), ("crew", "invoices:read"), ("boss", "leads:read"), ("crew", "x:y"), ("system", "leads:read")]
)  # fmt: skip
def test_a_cell_that_does_not_change_says_so(company: Company, tab: Open, role: str, permission: str) -> None:
    screen = tab(company.admin, "/settings/roles")
    screen.send(RolesState.load)
    screen.send(RolesState.change, role=role, permission=permission, granted=permission != "members:manage")
    assert screen.toasts[-1].tint == "bad"
    assert all(role.differs == "" for role in screen.state(RolesState).view.roles)


def test_the_second_step_is_asked_of_a_role(company: Company, tab: Open) -> None:
    screen = tab(company.admin, "/settings/roles")
    screen.send(RolesState.require_factor, role="office", needed=True)
    assert {role.role: role.factor for role in screen.state(RolesState).view.roles}["office"]
    screen.send(RolesState.require_factor, role="admin", needed=True)
    assert "for yourself first" in screen.toasts[-1].text


def test_why_is_answered_on_the_screen(company: Company, tab: Open) -> None:
    screen = tab(company.admin, "/settings/roles")
    screen.send(WhyState.load)
    screen.send(WhyState.put, data={"member_id": str(company.office.member_id), "permission": "leads:delete"})
    form = screen.state(WhyState).form
    assert form.answer.startswith("No. ")
    assert form.reasons
    screen.send(WhyState.put, data={"member_id": "", "permission": ""})
    assert set(screen.state(WhyState).errors) == {"member_id", "permission"}
    screen.send(
        WhyState.put,
        data={"member_id": str(company.office.member_id), "permission": "leads:read", "address": "x"},
    )
    assert "address" in screen.state(WhyState).errors


def test_the_bare_address_leads_to_what_one_may_open(company: Company, tab: Open) -> None:
    screen = tab(company.office, "/settings")
    screen.send(SettingsState.first)
    assert screen.went_to == ["/settings/members"]
    screen = tab(company.once(Role.CREW), "/settings")
    screen.send(SettingsState.first)
    assert screen.went_to == ["/"]


def test_nobody_is_changed_by_who_only_reads(company: Company, tab: Open) -> None:
    person = company.person(Role.CREW)
    screen = tab(company.office, f"{LIST}/{person.member_id}")
    for handler, given in (
        (MemberState.move, {"name": "deactivate", "reason": ""}),
        (MemberState.rename, {"name": "x"}),
        (PlaceState.invite, {}),
        (RolesState.load, {}),
        (RolesState.change, {"role": "office", "permission": "leads:delete", "granted": True}),
    ):
        screen.send(handler, **given)
        assert screen.toasts[-1].text.startswith("The role office may not manage members")
    assert is_live(person)
    with begin(company.system) as work:
        assert all(card.active for card in members.list_page(work, Query(limit=200)).items)
