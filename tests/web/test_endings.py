"""Hearing that sessions end: told at once of one that is ended, asked for those that end by the clock, and nothing missed
while the connection was away.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg
import pytest

from models.access import Role
from ontrack_app.db import begin
from ontrack_app.embedded.postgres import Cluster
from ontrack_app.services import document_links
from ontrack_app.sessions import hash_secret, new_secret
from ontrack_app.settings import DatabaseUrls
from ontrack_app.web import endings, listening
from tests.factories.companies import Company
from tests.web.test_document_links import link_to, sent_estimate

WITHIN_S = 10.0
Owner = Callable[..., None]


@pytest.fixture
def owner(database: DatabaseUrls) -> Owner:
    """Changes a row as no page can."""

    def run(query: str, *values: object) -> None:
        with psycopg.connect(database.owner.replace("postgresql+psycopg://", "postgresql://")) as connection:
            connection.execute("SET ROLE ontrack_finder")
            assert connection.execute(query, values).rowcount == 1

    return run


@dataclass
class Ear:
    """A process that has sockets of some sessions open, and what it is told."""

    open_now: list[str]
    told: list[str] = field(default_factory=list)

    def hears(self, change: Callable[[], None], wanted: str) -> None:
        """Listens, makes the change, and waits until the session is told of."""
        asyncio.run(self._hears(change, wanted))

    async def _hears(self, change: Callable[[], None], wanted: str) -> None:
        ready, heard = asyncio.Event(), asyncio.Event()

        def asked() -> list[str]:
            ready.set()
            return self.open_now

        def tell(session_hash: str) -> None:
            self.told.append(session_hash)
            if session_hash == wanted:
                heard.set()

        listening = asyncio.create_task(endings.listen(asked, tell))
        try:
            async with asyncio.timeout(WITHIN_S):
                await ready.wait()
                await asyncio.to_thread(change)
                await heard.wait()
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)


def end(session_hash: str) -> None:
    with begin(None) as doorway:
        doorway.value("SELECT auth.end_session(:hash)", hash=session_hash)


def test_the_end_of_a_session_is_heard_and_others_are_left_alone(company: Company) -> None:
    ear = Ear([company.office.session.hash, company.admin.session.hash])
    ear.hears(lambda: end(company.office.session.hash), company.office.session.hash)
    assert company.admin.session.hash not in ear.told


@pytest.mark.parametrize(
    "clock", ["seen_at = now() - idle - interval '1 second'", "ends_at = now() - interval '1 second'"]
)
def test_a_session_that_ends_by_the_clock_is_heard_at_the_next_asking(
    company: Company, owner: Owner, monkeypatch: pytest.MonkeyPatch, clock: str
) -> None:
    monkeypatch.setattr(listening, "ASK_EVERY_S", 0.1)
    tired, awake = company.office.session.hash, company.admin.session.hash
    ear = Ear([tired, awake])
    ear.hears(lambda: owner(f"UPDATE auth.sessions SET {clock} WHERE hash = %s", tired), tired)
    assert awake not in ear.told


def test_it_is_asked_every_half_minute() -> None:
    assert listening.ASK_EVERY_S <= 30


def test_a_member_who_is_put_out_is_heard(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "ASK_EVERY_S", 0.1)
    person = company.once(Role.CREW)

    def put_out() -> None:
        with company.work() as work:
            work.session.connection().exec_driver_sql(
                "UPDATE members SET active = false WHERE id = %s", (person.member_id,)
            )

    Ear([person.session.hash]).hears(put_out, person.session.hash)


def test_a_closed_link_ends_the_sessions_that_came_by_it_for_good(company: Company) -> None:
    estimate, contact = sent_estimate(company)
    link, session = link_to(company, estimate, contact), hash_secret(new_secret())
    with begin(None) as doorway:
        given = {"link": hash_secret(link.rpartition("/")[2]), "session": session}
        doorway.value("SELECT auth.open_document(:link, :session, '', '')", **given)

    def close() -> None:
        with company.work() as work:
            document_links.revoke(work, estimate)

    Ear([session]).hears(close, session)
    link_to(company, estimate, contact)
    with begin(None) as doorway:
        assert doorway.value("SELECT auth.dead_sessions(ARRAY[:hash])", hash=session) == session


def test_what_was_missed_while_the_connection_was_away_is_heard_afterwards(
    company: Company, cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    session = company.office.session.hash

    def lose_the_line() -> None:
        with psycopg.connect(cluster.conninfo("postgres"), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ontrack_app' AND pid <> pg_backend_pid()"
                " AND (query LIKE 'LISTEN %' OR query LIKE 'SELECT auth.dead_sessions%')"
            )
        end(session)

    with caplog.at_level(logging.WARNING):
        Ear([session]).hears(lose_the_line, session)
    assert "not heard for a moment" in caplog.text
