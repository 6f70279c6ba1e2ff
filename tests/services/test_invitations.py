"""Invitations: who may ask whom, how often, and what a link is worth."""

import re
from datetime import timedelta

import pytest

from models.access import PEOPLE_ROLES, Role
from models.invitations import Invitation
from models.members import Member
from ontrack_app.db import SystemCredential, begin
from ontrack_app.errors import Conflict, Forbidden, Gone, Invalid, NotFound, NotFresh, TooMany
from ontrack_app.schemas.common import MoveBody
from ontrack_app.schemas.members import InvitationBody, InvitationCard, MemberPatch
from ontrack_app.services import invitations, members
from ontrack_app.services.listing import Query
from ontrack_app.services.sign_in import Caller, Opened
from tests.factories.companies import Company

NEW = "new.person@mail.example"


def invite(company: Company, email: str = NEW, role: str = "office", **more: object) -> InvitationCard:
    with begin(company.admin.session) as work:
        return invitations.create(work, InvitationBody.model_validate({"email": email, "role": role, **more}))


def secret_for(email: str = NEW) -> str:
    with begin(None) as doorway:
        rows = doorway.rows("SELECT recipient, body_text FROM auth.read_mails(500)")
    text = next(row.body_text for row in rows if row.recipient == email)
    found = re.search(r"/auth/invitation/([\w-]+)", text)
    assert found
    return found[1]


def accept(company: Company, secret: str) -> Opened:
    with begin(SystemCredential(company.id, "invitation link")) as work:
        return invitations.accept(work, secret, Caller())


def move(company: Company, card: InvitationCard, name: str) -> InvitationCard:
    with begin(company.admin.session) as work:
        return invitations.move(work, card.id, name, MoveBody())


def works(secret: str) -> bool:
    try:
        with begin(None) as doorway:
            invitations.look(doorway, secret)
    except Gone:
        return False
    return True


def test_an_invitation_makes_a_member_once(company: Company) -> None:
    email = f"a{company.slug}@mail.example"
    card = invite(company, email, name="Ana")
    assert (card.stage, card.inviter, card.expired) == ("pending", company.admin.email.split("@")[0].capitalize(), False)  # fmt: skip
    secret = secret_for(email)
    opened = accept(company, secret)
    assert opened.role is Role.OFFICE
    with company.work() as work:
        invitation = work.get(Invitation, card.id)
        assert invitation.stage == "accepted"
        assert invitation.member_id is not None
        assert work.get(Member, invitation.member_id).email == email
    with pytest.raises(Gone):
        accept(company, secret)


def test_only_the_newest_link_works_and_none_after_withdrawing(company: Company) -> None:
    email = f"b{company.slug}@mail.example"
    card = invite(company, email)
    first = secret_for(email)
    again = move(company, card, "resend")
    second = secret_for(email)
    assert (works(first), works(second)) == (False, True)
    assert again.stage == "pending"
    assert move(company, card, "withdraw").stage == "withdrawn"
    assert not works(second)
    with pytest.raises(Gone):
        accept(company, second)
    with pytest.raises(Conflict):
        move(company, card, "resend")
    with pytest.raises(NotFound):
        move(company, card, "accept")


def test_its_days_are_counted_by_the_database(company: Company, database: object) -> None:
    email = f"c{company.slug}@mail.example"
    with begin(company.admin.session) as work:
        work.at -= timedelta(days=8)
        work.actor.__dict__["proven_at"] = work.at
        card = invitations.create(work, InvitationBody(email=email, role="crew"))
    assert not works(secret_for(email))
    with begin(company.admin.session) as work:
        assert invitations.get(work, card.id).expired
    with pytest.raises(Gone):
        accept(company, secret_for(email))
    move(company, card, "resend")
    assert works(secret_for(email))


def test_another_companys_link_is_nothing_here(company: Company, other: Company) -> None:
    email = f"d{company.slug}@mail.example"
    card = invite(company, email)
    secret = secret_for(email)
    with pytest.raises(Gone):
        accept(other, secret)
    for name in ("resend", "withdraw"):
        with pytest.raises(NotFound):
            move(other, card, name)
    with begin(other.admin.session) as work:
        assert invitations.list_page(work, Query()).items == []
    assert works(secret)


def test_inviting_an_admin_needs_a_fresh_proof_others_do_not(company: Company) -> None:
    with begin(company.admin.session) as work:
        work.at += timedelta(minutes=6)
        invitations.create(work, InvitationBody(email=f"e{company.slug}@mail.example", role="crew"))
    with pytest.raises(NotFresh), begin(company.admin.session) as work:
        work.at += timedelta(minutes=6)
        invitations.create(work, InvitationBody(email=f"f{company.slug}@mail.example", role="admin"))
    with pytest.raises(NotFresh), company.admin.work() as work:  # an API key
        invitations.create(work, InvitationBody(email=f"f{company.slug}@mail.example", role="admin"))


@pytest.mark.parametrize("role", [role for role in PEOPLE_ROLES if role is not Role.ADMIN])
def test_only_admins_invite(company: Company, role: Role) -> None:
    person = company.once(role)
    with pytest.raises(Forbidden), begin(person.session) as work:
        invitations.create(work, InvitationBody(email=NEW, role="crew"))


def test_who_is_here_or_asked_already_is_not_asked_again(company: Company) -> None:
    email = f"g{company.slug}@mail.example"
    with pytest.raises(Conflict, match="member already"):
        invite(company, company.office.email)
    with begin(company.admin.session) as work:
        members.patch(work, company.office.member_id, MemberPatch(active=False))
    with pytest.raises(Conflict, match="Reactivate"):
        invite(company, company.office.email)
    invite(company, email)
    with pytest.raises(Conflict, match="invited already"):
        invite(company, email.upper())


def test_a_customer_is_invited_with_their_client(company: Company, other: Company) -> None:
    email = f"h{company.slug}@mail.example"
    with pytest.raises(Invalid):
        invite(company, email, "client")
    with pytest.raises(Invalid):
        invite(company, email, "client", client_id=other.client().id)
    with pytest.raises(Invalid):
        invite(company, email, "crew", client_id=company.client().id)
    client = company.client()
    invite(company, email, "client", client_id=client.id)
    accept(company, secret_for(email))
    with company.work() as work:
        card = members.list_page(work, Query(filters={"email": email})).items[0]
    assert (card.role, card.client_id) == ("client", client.id)


def test_a_company_cannot_send_mails_without_end(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "MOST_A_DAY", 2)
    card = invite(company, f"i{company.slug}@mail.example")
    move(company, card, "resend")
    with pytest.raises(TooMany):
        move(company, card, "resend")
    with pytest.raises(TooMany):
        invite(company, f"j{company.slug}@mail.example")
