"""Members: who may change whom, what ends with it, and that a company always keeps an admin."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlmodel import col

from models.access import PEOPLE_ROLES, Permission, Role
from models.audit_entries import AuditEntry
from models.ids import now
from models.members import Member
from ontrack_app.db import KeyCredential, SessionCredential, begin
from ontrack_app.errors import Conflict, Forbidden, Invalid, NotFound, NotFresh, Refusal, SignedOut
from ontrack_app.schemas.jobs import JobBody, VisitBody
from ontrack_app.schemas.members import MemberPatch
from ontrack_app.services import jobs, members, visits
from ontrack_app.services.listing import Query
from ontrack_app.sessions import hash_secret
from tests.factories.companies import Company, Person

OFFICE, CREW, ADMIN = MemberPatch(role="office"), MemberPatch(role="crew"), MemberPatch(role="admin")
OUT, IN = MemberPatch(active=False), MemberPatch(active=True)


def is_live(credential: SessionCredential | KeyCredential) -> bool:
    try:
        with begin(credential):
            return True
    except SignedOut:
        return False


def key_of(person: Person) -> KeyCredential:
    return KeyCredential(hash_secret(person.key))


def role_of(company: Company, person: Person) -> str:
    with company.work() as work:
        return work.get(Member, person.member_id).role


def admins_of(company: Company) -> int:
    query = "SELECT count(*) FROM members WHERE role = 'admin' AND active AND archived_at IS NULL"
    with company.work() as work:
        return int(work.session.execute(text(query)).scalar_one())


def words_of(company: Company, person: Person) -> list[str]:
    with company.work() as work:
        trail = work.all(
            AuditEntry.__table__.select()
            .with_only_columns(AuditEntry.word)
            .where(col(AuditEntry.row_id) == person.member_id)
            .order_by(col(AuditEntry.n))
        )
    return [str(word) for word in trail]


def test_another_role_ends_the_sessions_here_and_keys_follow_at_once(
    company: Company, other: Company
) -> None:
    person = company.person(Role.OFFICE)
    with begin(company.admin.session) as work:
        card = members.patch(work, person.member_id, CREW)
    assert card.role == "crew"
    assert not is_live(person.session)
    with begin(key_of(person)) as work:
        assert work.actor.role is Role.CREW
        assert not work.actor.granted(Permission.LEADS_READ)
    assert words_of(company, person) == ["members.added", "members.role_changed"]


def test_who_is_deactivated_is_out_here_and_only_here(company: Company, other: Company) -> None:
    person = company.person(Role.OFFICE)
    with other.work() as work:
        elsewhere = members.add(work, person.email, "Same person", Role.CREW)
    with begin(None) as doorway:
        doorway.value(
            "SELECT auth.open_session(:email, :slug, :hash, '', '')", email=person.email, slug=other.slug, hash="elsewhere" * 4
        )  # fmt: skip
    with begin(company.admin.session) as work:
        members.patch(work, person.member_id, OUT)
    assert not is_live(person.session)
    assert not is_live(key_of(person))
    with begin(SessionCredential("elsewhere" * 4)) as work:
        assert (work.actor.member_id, work.actor.role) == (elsewhere.id, Role.CREW)
    with begin(company.admin.session) as work:
        members.patch(work, person.member_id, IN)
    assert not is_live(key_of(person)), "a key that was revoked stays so"
    assert words_of(company, person) == ["members.added", "members.deactivated", "members.reactivated"]


def test_visits_of_who_leaves_are_counted_and_kept(company: Company) -> None:
    crew = company.person(Role.CREW)
    client = company.client()
    with company.office.work() as work:
        job = jobs.create(work, JobBody(client_id=client.id, title="Roof"))
        work.session.flush()
        for day in (1, 2):
            start = now() + timedelta(days=day)
            body = VisitBody(
                job_id=job.id,
                planned_start=start,
                planned_end=start + timedelta(hours=2),
                assignee_ids=[crew.member_id],
            )
            visits.create(work, body)
    with begin(company.admin.session) as work:
        assert members.patch(work, crew.member_id, OUT).visits_ahead == 2
    with company.office.work() as work:
        assert len(members.visits_ahead(work, crew.member_id)) == 2


def test_nobody_changes_their_own_role_or_lets_themselves_out(company: Company) -> None:
    company.person(Role.ADMIN)
    for body in (OFFICE, OUT):
        with pytest.raises(Forbidden, match="Another admin can"), begin(company.admin.session) as work:
            members.patch(work, company.admin.member_id, body)
    with begin(company.admin.session) as work:
        assert members.patch(work, company.admin.member_id, MemberPatch(name="Renamed")).name == "Renamed"
    assert role_of(company, company.admin) == "admin"


@pytest.mark.parametrize("body", [OFFICE, OUT], ids=["demoted", "deactivated"])
def test_the_last_admin_stays(company: Company, body: MemberPatch) -> None:
    with pytest.raises(Conflict, match="last admin"), company.work() as work:
        members.patch(work, company.admin.member_id, body)
    second = company.person(Role.ADMIN)
    with company.work() as work:
        members.patch(work, company.admin.member_id, body)
    with pytest.raises(Conflict, match="last admin"), company.work() as work:
        members.patch(work, second.member_id, body)
    assert admins_of(company) == 1


def at_once(
    company: Company, tries: list[tuple[SessionCredential, Person, MemberPatch]]
) -> list[Refusal | None]:
    """Makes all changes in parallel, each in a transaction that was entered before any began to change anything."""
    ready = Barrier(len(tries))

    def change(one: tuple[SessionCredential, Person, MemberPatch]) -> Refusal | None:
        credential, person, body = one
        try:
            with begin(credential) as work:
                ready.wait(timeout=20)
                members.patch(work, person.member_id, body)
        except Refusal as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(tries)) as threads:
        return list(threads.map(change, tries))


@pytest.mark.parametrize("body", [OFFICE, OUT], ids=["demoted", "deactivated"])
def test_two_admins_who_let_each_other_out_at_once_leave_one(company: Company, body: MemberPatch) -> None:
    for _ in range(4):
        one, two = company.person(Role.ADMIN), company.person(Role.ADMIN)
        if company.people.get("admin"):
            with company.work() as work:
                members.patch(work, company.people["admin"].member_id, OUT)
        refused = at_once(company, [(one.session, two, body), (two.session, one, body)])
        assert [refusal is None for refusal in refused].count(True) == 1
        assert admins_of(company) == 1
        company.people["admin"] = one if role_of(company, one) == "admin" and is_live(one.session) else two


def test_four_admins_in_a_ring_never_end_with_none(company: Company) -> None:
    ring = [company.person(Role.ADMIN) for _ in range(4)]
    at_once(company, [(ring[at].session, ring[(at + 1) % 4], OFFICE) for at in range(4)])
    assert admins_of(company) >= 1


@pytest.mark.parametrize("body", [ADMIN, CREW, MemberPatch(role="client")])
def test_a_role_needs_a_fresh_proof(company: Company, body: MemberPatch) -> None:
    person = company.person(Role.OFFICE)
    client = company.client()
    if body.role == "client":
        body = MemberPatch(role="client", client_id=client.id)
    with pytest.raises(NotFresh), begin(company.admin.session) as work:
        work.at += timedelta(minutes=6)
        members.patch(work, person.member_id, body)
    with pytest.raises(NotFresh), company.admin.work() as work:  # an API key
        members.patch(work, person.member_id, body)
    assert role_of(company, person) == "office"


@pytest.mark.parametrize("role", [role for role in PEOPLE_ROLES if role is not Role.ADMIN])
def test_only_admins_manage(company: Company, role: Role) -> None:
    person = company.once(role)
    target = company.person(Role.CREW)
    for body in (ADMIN, OUT, MemberPatch(name="x")):
        with pytest.raises((Forbidden, NotFound)), begin(person.session) as work:
            members.patch(work, target.member_id, body)
    with pytest.raises((Forbidden, NotFound)), begin(person.session) as work:
        members.end_sessions(work, target.member_id)


def test_customers_come_with_their_client(company: Company) -> None:
    person, client = company.person(Role.OFFICE), company.client()
    with pytest.raises(Invalid), begin(company.admin.session) as work:
        members.patch(work, person.member_id, MemberPatch(role="client"))
    with pytest.raises(Invalid), begin(company.admin.session) as work:
        members.patch(work, person.member_id, MemberPatch(role="crew", client_id=client.id))
    with begin(company.admin.session) as work:
        card = members.patch(work, person.member_id, MemberPatch(role="client", client_id=client.id))
    assert (card.role, card.client_id) == ("client", client.id)
    with begin(company.admin.session) as work:
        back = members.patch(work, person.member_id, OFFICE)
    assert (back.role, back.client_id) == ("office", None)


def test_ending_sessions_signs_out_and_nothing_else(company: Company) -> None:
    person = company.person(Role.CREW)
    with begin(company.admin.session) as work:
        assert members.end_sessions(work, person.member_id) == 1
    assert not is_live(person.session)
    assert is_live(key_of(person))


def test_the_other_company_sees_and_changes_nobody(company: Company, other: Company) -> None:
    with pytest.raises(NotFound), begin(other.admin.session) as work:
        members.patch(work, company.office.member_id, OUT)
    with pytest.raises(NotFound), begin(other.admin.session) as work:
        members.end_sessions(work, company.office.member_id)
    with begin(other.admin.session) as work:
        found = members.list_page(work, Query(limit=200)).items
    assert company.office.member_id not in {card.id for card in found}
    assert is_live(company.office.session)


def test_rights_are_those_of_the_present_company(
    company: Company, other: Company, new_company: Callable[..., Company]
) -> None:
    """One person, admin here, crew there: each session has that company's role alone."""
    person = company.person(Role.ADMIN)
    with other.work() as work:
        members.add(work, person.email, "Same person", Role.CREW)
    with begin(None) as doorway:
        role = doorway.value(
            "SELECT auth.switch_tenant(:old, :slug, :new)",
            old=person.session.hash, slug=other.slug, new="there" * 8,
        )  # fmt: skip
    assert role == "crew"
    with begin(SessionCredential("there" * 8)) as work:
        assert (work.actor.tenant_id, work.actor.role, work.actor.scope) == (other.id, Role.CREW, "member")
        with pytest.raises(Forbidden):
            members.list_page(work, Query())
    with begin(key_of(person)) as work:
        assert (work.actor.tenant_id, work.actor.role) == (company.id, Role.ADMIN)
    with begin(None) as doorway:
        assert (
            doorway.value(
                "SELECT auth.switch_tenant(:old, :slug, :new)",
                old="there" * 8,
                slug=new_company().slug,
                new="nowhere" * 8,
            )
            is None
        )
