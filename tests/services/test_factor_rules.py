"""A factor that a company asks of a role: whom it concerns at once, who may ask for it, and that nobody locks themselves out."""

from contextlib import AbstractContextManager

import psycopg
import pytest
from click.testing import CliRunner

from models.access import Role
from models.members import Member
from ontrack_app.cli.members import command
from ontrack_app.db import SessionCredential, begin
from ontrack_app.errors import Conflict, Forbidden, Invalid, NotFresh, SignedOut
from ontrack_app.services import factor_rules, factors, members, sign_in
from ontrack_app.sessions import hash_secret
from ontrack_app.settings import DatabaseUrls, settings
from ontrack_app.work import Work
from tests.factories.companies import Company, Person
from tests.factories.factors import caller, enrol, events, make_stale, signed_in_by_mail, sql, superuser


def by(person: Person) -> AbstractContextManager[Work]:
    """A transaction of the person's browser."""
    return begin(SessionCredential(hash_secret(person.cookie)))


def require(person: Person, role: Role, on: bool = True) -> int:
    with by(person) as work:
        return factor_rules.require_factor(work, role, on)


def pending(secret: str) -> str:
    with begin(None) as doorway:
        return factors.standing(doorway, hash_secret(secret)).pending


def trail(company: Company) -> list[tuple[object, ...]]:
    return sql(
        "SELECT word, actor_name, after FROM audit_entries WHERE tenant_id = %s AND word LIKE '%%factor%%' ORDER BY n",
        company.id,
    )


def test_people_of_the_role_must_set_one_up_at_once_and_nobody_else(company: Company, other: Company) -> None:
    office, crew, theirs = company.office, company.once(Role.CREW), other.office
    has_one = company.person(Role.OFFICE)
    enrol(has_one)
    assert require(company.admin, Role.OFFICE) == 1
    assert pending(office.cookie) == "enrol"
    with pytest.raises(SignedOut), by(office):
        pass
    for one in (crew, theirs, has_one, company.admin):
        assert pending(one.cookie) == ""
    assert pending(signed_in_by_mail(office)) == "enrol"
    assert pending(signed_in_by_mail(theirs)) == ""
    with by(company.admin) as work:
        assert factor_rules.required_roles(work) == {Role.OFFICE}
        assert factor_rules.people_with_factor(work) == {has_one.user_id}
    with by(theirs) as work:
        assert factor_rules.required_roles(work) == factor_rules.people_with_factor(work) == frozenset()


def test_setting_it_up_lets_them_in(company: Company) -> None:
    require(company.admin, Role.OFFICE)
    person = company.office
    person.cookie = signed_in_by_mail(person)
    enrol(person)
    with by(person) as work:
        assert work.actor.user_id == person.user_id
        work.actor.require_fresh(work.at)


def test_an_old_session_that_is_held_sets_nothing_up_without_a_new_proof(company: Company) -> None:
    make_stale(company.office.cookie, minutes=11)
    require(company.admin, Role.OFFICE)
    with pytest.raises(NotFresh), begin(None) as doorway:
        factors.begin(doorway, hash_secret(company.office.cookie))


def test_changing_company_proves_nothing(company: Company, other: Company) -> None:
    """A session of last week that is carried to a company which asks for a factor may not set one up by that alone."""
    person = company.office
    with other.work() as work:
        members.add(work, person.email, "Same Person", Role.CREW)
    require(other.admin, Role.CREW)
    for minutes, may in ((60, False), (1, True)):
        before = signed_in_by_mail(person)
        make_stale(before, minutes)
        with begin(None) as doorway:
            opened = sign_in.switch(doorway, hash_secret(before), other.slug)
        assert opened and pending(opened.secret) == "enrol"
        with begin(None) as doorway:
            assert factors.standing(doorway, hash_secret(opened.secret)).is_fresh is may


def test_whoever_keeps_sockets_open_hears_of_it(company: Company) -> None:
    session = hash_secret(company.office.cookie)
    with psycopg.connect(superuser(), autocommit=True) as listening:
        listening.execute("LISTEN ontrack_sessions")
        require(company.admin, Role.OFFICE)
        heard = [notice.payload for notice in listening.notifies(timeout=5, stop_after=1)]
    assert heard == [session]


def test_nobody_locks_themselves_out(company: Company) -> None:
    with pytest.raises(Conflict, match="yourself first"):
        require(company.admin, Role.ADMIN)
    second = company.person(Role.ADMIN)
    enrol(company.admin)
    assert require(company.admin, Role.ADMIN) == 1
    assert pending(company.admin.cookie) == "" and pending(second.cookie) == "enrol"


def test_it_needs_the_right_and_a_fresh_proof_in_a_browser(company: Company) -> None:
    with pytest.raises(Forbidden), by(company.office) as work:
        factor_rules.require_factor(work, Role.CREW, True)
    with pytest.raises(NotFresh), company.admin.work() as work:
        factor_rules.require_factor(work, Role.CREW, True)
    make_stale(company.admin.cookie)
    with pytest.raises(NotFresh):
        require(company.admin, Role.CREW)
    with pytest.raises(Invalid), company.work() as work:
        factor_rules.require_factor(work, Role.SYSTEM, True)
    for asked in (factor_rules.required_roles, factor_rules.people_with_factor):
        with pytest.raises(Forbidden), by(company.once(Role.CREW)) as work:
            asked(work)
    assert trail(company) == []


def test_turning_it_on_and_off_is_in_the_trail_once_each(company: Company) -> None:
    for on in (True, True, False, False):
        require(company.admin, Role.CREW, on)
    assert [(word, after) for word, _, after in trail(company)] == [
        ("settings.factor_required", {"role": "crew", "factor_required": on}) for on in (True, False)
    ]
    assert pending(signed_in_by_mail(company.once(Role.CREW))) == ""


def test_where_it_is_required_it_stays_on(company: Company) -> None:
    require(company.admin, Role.OFFICE)
    person = company.office
    person.cookie = signed_in_by_mail(person)
    enrol(person)
    with pytest.raises(Conflict, match="asks for two steps"), begin(None) as doorway:
        factors.remove(doorway, caller(person.cookie))
    with begin(None) as doorway:
        given = {"hash": hash_secret(person.cookie), "new": hash_secret("new")}
        assert doorway.value("SELECT auth.remove_factor(:hash, :new, '')", **given) is None
    require(company.admin, Role.OFFICE, False)
    with begin(None) as doorway:
        person.cookie = factors.remove(doorway, caller(person.cookie)).secret
    with by(person) as work:
        assert work.actor.user_id == person.user_id


def test_whoever_runs_the_server_takes_it_off_in_every_company(company: Company, other: Company) -> None:
    person = company.office
    with other.work() as work:
        members.add(work, person.email, "Same Person", Role.CREW)
    enrol(person)
    with company.work() as work:
        names = factor_rules.reset(work, work.get(Member, person.member_id))
    assert set(names) == {company.slug.capitalize(), other.slug.capitalize()}
    with pytest.raises(SignedOut), by(person):
        pass
    assert pending(signed_in_by_mail(person)) == ""
    assert [word for word, *_ in trail(company)] == ["members.factor_reset"]
    assert other.slug not in str(trail(company)), "a company does not learn where else its people work"
    assert "factor.reset" in events(person.email)
    with pytest.raises(Conflict, match="no second factor"), company.work() as work:
        factor_rules.reset(work, work.get(Member, person.member_id))


def test_no_admin_takes_it_off(company: Company) -> None:
    enrol(company.office)
    with pytest.raises(Forbidden), by(company.admin) as work:
        factor_rules.reset(work, work.get(Member, company.office.member_id))


def test_nobody_is_reset_from_another_company(company: Company, other: Company) -> None:
    enrol(other.office)
    with company.work() as work:
        found = work.session.execute(factor_rules.RESET, {"person": other.office.user_id}).scalars().all()
    assert found == []
    assert pending(signed_in_by_mail(other.office)) == "factor"


def test_the_command_says_what_it_has_done(
    company: Company, other: Company, database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    with other.work() as work:
        members.add(work, company.office.email, "Same Person", Role.CREW)
    enrol(company.office)
    monkeypatch.setenv("DATABASE_URL", database.app)
    settings.cache_clear()
    try:
        given = ["reset-factor", company.office.email, "--tenant", company.slug]
        done, again = (CliRunner().invoke(command, given) for _ in range(2))
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert done.exit_code == 0, done.output
    assert company.slug.capitalize() in done.output and other.slug.capitalize() in done.output
    assert "signed out everywhere" in done.output
    assert again.exit_code != 0
