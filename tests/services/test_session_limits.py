"""How long sessions last: idle and absolute limits by role, a new secret at every change of standing, and what is forgotten."""

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from models.access import Role
from ontrack_app.db import KeyCredential, SessionCredential, begin
from ontrack_app.errors import SignedOut
from ontrack_app.services import members, sign_in
from ontrack_app.services.sign_in import Caller
from ontrack_app.sessions import hash_secret
from ontrack_app.settings import DatabaseUrls
from tests.factories.companies import Company, Person

Owner = Callable[..., list[tuple[object, ...]]]
LIMITS = {
    Role.ADMIN: (timedelta(hours=12), timedelta(days=7)),
    Role.OFFICE: (timedelta(hours=12), timedelta(days=7)),
    Role.CREW: (timedelta(hours=72), timedelta(days=30)),
    Role.CLIENT: (timedelta(hours=12), timedelta(days=30)),
    Role.PROPERTY_MANAGER: (timedelta(hours=12), timedelta(days=30)),
}
MOMENT = timedelta(minutes=5)


@pytest.fixture
def owner(database: DatabaseUrls) -> Owner:
    """Asks or changes as no page can."""

    def run(query: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(database.owner.replace("postgresql+psycopg://", "postgresql://")) as connection:
            connection.execute("SET ROLE ontrack_finder")
            cursor = connection.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    return run


def is_live(session_hash: str) -> bool:
    try:
        with begin(SessionCredential(session_hash)):
            return True
    except SignedOut:
        return False


def older(owner: Owner, person: Person, *, seen: timedelta, made: timedelta) -> None:
    """Makes a session one that was begun and last used so long ago."""
    owner(
        "UPDATE auth.sessions SET seen_at = now() - %s, created_at = now() - %s, ends_at = ends_at - %s WHERE hash = %s",
        seen, made, made, person.session.hash,
    )  # fmt: skip


@pytest.mark.parametrize("role", list(LIMITS))
def test_a_session_that_is_not_used_ends(company: Company, owner: Owner, role: Role) -> None:
    person, (idle, _) = company.once(role), LIMITS[role]
    older(owner, person, seen=idle - MOMENT, made=idle)
    assert is_live(person.session.hash)
    older(owner, person, seen=idle + MOMENT, made=timedelta())
    assert not is_live(person.session.hash)


@pytest.mark.parametrize("role", list(LIMITS))
def test_a_session_ends_however_much_it_is_used(company: Company, owner: Owner, role: Role) -> None:
    person, (_, lasts) = company.once(role), LIMITS[role]
    older(owner, person, seen=timedelta(), made=lasts - MOMENT)
    assert is_live(person.session.hash)
    older(owner, person, seen=timedelta(), made=2 * MOMENT)
    assert not is_live(person.session.hash)


def test_use_keeps_a_session_alive(company: Company, owner: Owner) -> None:
    person = company.office
    older(owner, person, seen=timedelta(hours=11), made=timedelta(hours=11))
    assert is_live(person.session.hash)
    ((rested,),) = owner("SELECT now() - seen_at FROM auth.sessions WHERE hash = %s", person.session.hash)
    assert rested < timedelta(minutes=1)


def test_another_company_is_another_session_that_lasts_no_longer(
    company: Company, other: Company, owner: Owner
) -> None:
    person = company.office
    with other.work() as work:
        members.add(work, person.email, "Same Person", Role.CREW)
    older(owner, person, seen=timedelta(), made=timedelta(days=6))
    ((ends,),) = owner("SELECT ends_at FROM auth.sessions WHERE hash = %s", person.session.hash)
    with begin(None) as doorway:
        opened = sign_in.switch(doorway, person.session.hash, other.slug)
    assert opened is not None
    assert not is_live(person.session.hash)
    assert is_live(hash_secret(opened.secret))
    assert owner("SELECT ends_at FROM auth.sessions WHERE hash = %s", hash_secret(opened.secret)) == [(ends,)]


def test_signing_in_anew_ends_the_session_that_the_browser_had(company: Company) -> None:
    person = company.office
    with begin(None) as doorway:
        caller = Caller(session_hash=person.session.hash)
        opened = sign_in.open_session(doorway, person.email, company.slug, caller)
    assert opened is not None
    assert not is_live(person.session.hash)
    assert opened.secret != person.cookie


def test_another_role_or_none_ends_every_session_in_that_company_only(
    company: Company, other: Company
) -> None:
    person = company.office
    with other.work() as work:
        members.add(work, person.email, "Same Person", Role.CREW)
    with begin(None) as doorway:
        there = sign_in.open_session(doorway, person.email, other.slug, Caller())
    with company.work() as work:
        ended = work.session.execute(
            text("SELECT auth.end_member_sessions(CAST(:person AS uuid))"), {"person": person.user_id}
        ).scalar_one()
    assert ended == 1
    assert there is not None
    assert not is_live(person.session.hash)
    assert is_live(hash_secret(there.secret))


def test_old_sessions_and_links_are_forgotten_and_live_ones_kept(company: Company, owner: Owner) -> None:
    ended, lasting, lately = company.office, company.admin, company.once(Role.CREW)
    with begin(None) as doorway:
        doorway.value("SELECT auth.end_session(:hash)", hash=ended.session.hash)
        doorway.value("SELECT auth.end_session(:hash)", hash=lately.session.hash)
        for name, lasts in (("old", "-25 hours"), ("new", "-1 hour")):
            given = {
                "email": f"{name}@{company.slug}.example",
                "hash": f"{name} {company.slug}",
                "lasts": lasts,
            }
            doorway.value("SELECT auth.add_link(:email, :hash, NULL, '', CAST(:lasts AS interval))", **given)
    owner(
        "UPDATE auth.sessions SET revoked_at = now() - interval '91 days' WHERE hash = %s", ended.session.hash
    )
    owner(
        "UPDATE auth.sessions SET revoked_at = now() - interval '89 days' WHERE hash = %s",
        lately.session.hash,
    )
    owner("SELECT auth.forget_old()")
    kept = owner(
        "SELECT hash FROM auth.sessions WHERE hash = ANY(%s)",
        [ended.session.hash, lasting.session.hash, lately.session.hash],
    )
    assert {row[0] for row in kept} == {lasting.session.hash, lately.session.hash}
    links = owner("SELECT hash FROM auth.links WHERE hash LIKE %s", f"% {company.slug}")
    assert links == [(f"new {company.slug}",)]


@pytest.mark.parametrize("ended", ["revoked_at = now()", "expires_at = now() - interval '1 second'"])
def test_a_revoked_or_expired_key_enters_nothing(company: Company, owner: Owner, ended: str) -> None:
    key = hash_secret(company.office.key)
    with begin(KeyCredential(key)) as work:
        assert work.actor.email == company.office.email
    owner(f"UPDATE auth.api_keys SET {ended} WHERE hash = %s", key)
    with pytest.raises(SignedOut), begin(KeyCredential(key)):
        raise AssertionError("the key still works")
