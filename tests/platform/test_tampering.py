"""Whatever somebody who rules the database does to a trail, `ontrack verify` says so and names the first bad row."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ontrack_app.anchors import SECURITY, Anchors
from ontrack_app.cli import verify
from ontrack_app.embedded.postgres import Cluster
from ontrack_app.schemas.leads import LeadBody
from ontrack_app.services import leads
from ontrack_app.services import verify as service
from ontrack_app.settings import DatabaseUrls, Settings
from tests.factories.companies import Company

ENTRIES = 10
A_UUID = "'00000000-0000-7000-8000-000000000000'"
# What is put into each column of a row; every column there is, or the test below says which is missing.
ENTRY_COLUMNS = {
    "n": "n + 1000", "tenant_id": "%(other)s", "at": "at + interval '1 microsecond'", "actor_id": A_UUID, "actor_name": "'Somebody'",
    "actor_role": "'crew'", "word": "'leads.win'", "noun": "'jobs'", "row_id": A_UUID, "before": "'{}'", "after": "after || '{\"need\": \"y\"}'",
    "reason": "'because'", "ip": "'192.0.2.9'", "hash": "repeat('0', 64)",
}  # fmt: skip
EVENT_COLUMNS = {
    "n": "n + 100000", "at": "at + interval '1 microsecond'", "word": "'session.ended'", "email": "'x@y.example'", "tenant_id": "NULL",
    "ip": "'192.0.2.9'", "detail": "'x'", "hash": "repeat('0', 64)",
}  # fmt: skip
CHAIN_ANEW = """
  DO $$ DECLARE e public.audit_entries; v text := ''; BEGIN
    FOR e IN SELECT * FROM public.audit_entries WHERE tenant_id = app.tenant_id() ORDER BY n LOOP
      v := app.entry_hash(v, e);
      UPDATE public.audit_entries SET hash = v WHERE tenant_id = e.tenant_id AND n = e.n;
    END LOOP;
    UPDATE public.audit_heads SET hash = v WHERE tenant_id = app.tenant_id();
  END $$"""


@pytest.fixture
def told(company: Company) -> Company:
    """A company with a trail of ten entries."""
    with company.work() as work:
        missing = ENTRIES - int(work.session.execute(service.HEAD).one().n)
    with company.office.work() as work:
        for at in range(missing - 1):  # the office's own member is an entry too
            leads.create(work, LeadBody(name=f"Lead {at}", need="x"))
    return company


class Ruler:
    """A superuser in one transaction that is taken back: it tampers, and asks the same question as `ontrack verify`."""

    def __init__(self, connection: psycopg.Connection[Any], told: Company, other: Company) -> None:
        self.connection = connection
        self.given = {"us": told.id, "other": other.id}
        self.run("SET LOCAL session_replication_role = replica")  # every trigger is off
        self.run(
            "SELECT set_config('app.tenant_id', %(us)s::text, true), set_config('app.scope', 'all', true)"
        )

    def run(self, statement: str) -> None:
        """Does something that nobody may do."""
        changed = self.connection.execute(statement, self.given)
        assert changed.rowcount != 0, f"nothing was tampered with: {statement}"

    def first_bad(self, function: str = "app.first_broken_entry") -> Any:
        """What the check says."""
        row = self.connection.execute(f"SELECT {function}()").fetchone()
        assert row is not None
        return row[0]

    def last_event(self) -> int:
        """The number of the newest security event."""
        row = self.connection.execute("SELECT max(n) FROM auth.security_events").fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def ruler(database: DatabaseUrls, cluster: Cluster, told: Company, other: Company) -> Iterator[Ruler]:
    with psycopg.connect(cluster.url("postgres").replace("+psycopg", "")) as connection:
        yield Ruler(connection, told, other)
        connection.rollback()


def test_an_untouched_trail_holds(ruler: Ruler) -> None:
    assert ruler.first_bad() is None
    assert ruler.first_bad("auth.first_broken_event") is None


def test_every_column_is_tried(ruler: Ruler) -> None:
    asked = "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"
    for schema, table, tried in (
        ("public", "audit_entries", ENTRY_COLUMNS),
        ("auth", "security_events", EVENT_COLUMNS),
    ):
        rows = ruler.connection.execute(asked, [schema, table]).fetchall()
        assert {name for (name,) in rows} == set(tried)


@pytest.mark.parametrize("column", ENTRY_COLUMNS)
def test_a_changed_value_names_its_row(ruler: Ruler, column: str) -> None:
    where = "WHERE tenant_id = %(us)s AND n = 5"
    ruler.run(f"UPDATE public.audit_entries SET {column} = {ENTRY_COLUMNS[column]} {where}")
    assert ruler.first_bad() == 5


@pytest.mark.parametrize("column", EVENT_COLUMNS)
def test_a_changed_security_event_names_its_row(ruler: Ruler, column: str) -> None:
    bad = ruler.last_event() - 2
    ruler.run(f"UPDATE auth.security_events SET {column} = {EVENT_COLUMNS[column]} WHERE n = {bad}")
    assert ruler.first_bad("auth.first_broken_event") == bad


ADD = "INSERT INTO public.audit_entries SELECT tenant_id, {n}, at, actor_id, actor_name, actor_role, word, noun, row_id, before, after, reason, ip, {hash} FROM public.audit_entries e WHERE tenant_id = %(us)s AND n = {like}"  # fmt: skip
RIGHT = "app.entry_hash((SELECT hash FROM public.audit_entries WHERE tenant_id = %(us)s AND n = 10), ROW(e.tenant_id, 11, e.at, e.actor_id, e.actor_name, e.actor_role, e.word, e.noun, e.row_id, e.before, e.after, e.reason, e.ip, '')::public.audit_entries)"  # fmt: skip
OURS = "WHERE tenant_id = %(us)s"


@pytest.mark.parametrize(
    ("statements", "first"),
    [
        ([f"DELETE FROM public.audit_entries {OURS} AND n = 5"], 5),
        ([f"DELETE FROM public.audit_entries {OURS} AND n = 1"], 1),
        ([f"DELETE FROM public.audit_entries {OURS} AND n BETWEEN 3 AND 6"], 3),
        ([ADD.format(n=11, hash="hash", like=10)], 11),
        ([ADD.format(n=11, hash=RIGHT, like=3)], 11),
        ([ADD.format(n=0, hash="hash", like=1)], 0),
        ([ADD.format(n=400, hash="hash", like=1)], 11),
        ([f"UPDATE public.audit_entries SET n = n + 500 {OURS} AND n IN (4, 7)", f"UPDATE public.audit_entries SET n = 511 - n {OURS} AND n > 500"], 4),
        ([f"DELETE FROM public.audit_entries {OURS} AND n > 7"], 8),
        ([f"DELETE FROM public.audit_entries {OURS}"], 1),
        ([f"UPDATE public.audit_heads SET n = 9 {OURS}"], 10),
        ([f"UPDATE public.audit_heads SET n = 12 {OURS}"], 11),
        ([f"UPDATE public.audit_heads SET hash = repeat('0', 64) {OURS}"], 10),
        ([f"DELETE FROM public.audit_heads {OURS}"], 10),
        ([f"DELETE FROM public.audit_heads {OURS}", f"DELETE FROM public.audit_entries {OURS}"], 0),
    ],
    ids=["deleted", "first deleted", "several deleted", "added at the end", "added with a right hash", "added before the first",
         "added far off", "swapped", "tail cut off", "all deleted", "head set back", "head set on", "head's hash", "no head", "neither head nor rows"],
)  # fmt: skip
def test_rows_and_heads(ruler: Ruler, statements: list[str], first: int) -> None:
    for statement in statements:
        ruler.run(statement)
    assert ruler.first_bad() == first


@pytest.mark.parametrize(
    ("statements", "off"),
    [
        (["DELETE FROM auth.security_events WHERE n = {last} - 2"], -2),
        (["INSERT INTO auth.security_events SELECT {last} + 1, at, word, email, tenant_id, ip, detail, hash FROM auth.security_events WHERE n = {last}"], 1),
        (["UPDATE auth.security_events SET n = n + 1000000 WHERE n IN ({last} - 3, {last} - 1)", "UPDATE auth.security_events SET n = 2 * {last} - 4 + 1000000 - n WHERE n > 1000000"], -3),
        (["DELETE FROM auth.security_events WHERE n > {last} - 3"], -2),
        (["UPDATE auth.security_head SET n = n - 1"], 0),
        (["UPDATE auth.security_head SET n = n + 1"], 1),
        (["UPDATE auth.security_head SET hash = ''"], 0),
        (["DELETE FROM auth.security_head"], 0),
    ],
    ids=["deleted", "added", "swapped", "tail cut off", "head set back", "head set on", "head's hash", "no head"],
)  # fmt: skip
def test_events_and_their_head(ruler: Ruler, statements: list[str], off: int) -> None:
    last = ruler.last_event()
    for statement in statements:
        ruler.run(statement.format(last=last))
    assert ruler.first_bad("auth.first_broken_event") == last + off


@pytest.mark.parametrize("table", ["public.audit_entries", "auth.security_events"])
@pytest.mark.parametrize("way", ["UPDATE {} SET ip = ip", "DELETE FROM {}", "TRUNCATE {}"])
def test_with_its_triggers_on_a_trail_is_not_changed_by_its_owner_either(
    database: DatabaseUrls, company: Company, table: str, way: str
) -> None:
    with psycopg.connect(database.owner.replace("+psycopg", "")) as connection:
        connection.execute("SELECT set_config('app.tenant_id', %s::text, true)", [company.id])
        with pytest.raises(psycopg.errors.RestrictViolation, match="never changed"):
            connection.execute(way.format(table))


def tamper(cluster: Cluster, told: Company, *statements: str) -> None:
    """The same as the ruler does, for good: the company is thrown away afterwards."""
    with psycopg.connect(cluster.url("postgres").replace("+psycopg", "")) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SELECT set_config('app.tenant_id', %s::text, true)", [told.id])
        for statement in statements:
            connection.execute(statement, {"us": told.id} if "%(us)s" in statement else None)


@pytest.fixture
def anchors(tmp_path: Path) -> Anchors:
    return Anchors(Settings(ONTRACK_DATA_DIR=tmp_path))  # type: ignore[call-arg]


def test_the_command_names_the_company_and_the_row(told: Company, cluster: Cluster, anchors: Anchors) -> None:
    assert verify.check([told.id], anchors)[0] == []
    tamper(cluster, told, f"UPDATE public.audit_entries SET actor_name = 'Nobody' {OURS} AND n = 4")
    (words,) = verify.check([told.id], anchors)[0]
    assert words.startswith(f"{told.slug}: Trail: entry 4 was changed")


def test_a_trail_that_was_written_anew_is_not_the_one_of_the_last_check(
    told: Company, cluster: Cluster, anchors: Anchors
) -> None:
    """Every hash is right again; only what was seen there before tells."""
    anchors.add(verify.check([told.id], anchors)[1])
    tamper(
        cluster, told, f"UPDATE public.audit_entries SET actor_name = 'Nobody' {OURS} AND n = 4", CHAIN_ANEW
    )
    (words,) = verify.check([told.id], anchors)[0]
    assert "Trail: entry 1 or a later one up to 10 is not the one that stood there" in words


def test_a_tail_that_was_cut_off_with_its_head_set_back_is_missed(
    told: Company, cluster: Cluster, anchors: Anchors
) -> None:
    anchors.add(verify.check([told.id], anchors)[1])
    with told.office.work() as work:
        leads.create(work, LeadBody(name="Later", need="x"))
    anchors.add(verify.check([told.id], anchors)[1])
    back = "UPDATE public.audit_heads SET n = 10, hash = (SELECT hash FROM public.audit_entries WHERE tenant_id = %(us)s AND n = 10)"
    tamper(cluster, told, f"DELETE FROM public.audit_entries {OURS} AND n > 10", f"{back} {OURS}")
    (words,) = verify.check([told.id], anchors)[0]
    assert "Trail: entry 11 or a later one up to 11 is not the one" in words


def test_a_company_that_was_put_to_sleep_is_checked_too(
    told: Company, cluster: Cluster, database: DatabaseUrls, anchors: Anchors
) -> None:
    tamper(cluster, told, "UPDATE public.tenants SET stage = 'closing' WHERE id = %(us)s")
    assert told.id in verify.every_company(database)
    tamper(cluster, told, f"DELETE FROM public.audit_entries {OURS} AND n = 2")
    assert "Trail: entry 2" in verify.check([told.id], anchors)[0][0]


def test_a_forged_anchor_is_told(told: Company, anchors: Anchors) -> None:
    anchors.add(verify.check([told.id], anchors)[1])
    assert not anchors.forged() and anchors.of(SECURITY)
    text = anchors.path.read_text()
    anchors.path.write_text(text.replace(str(told.id), A_UUID.strip("'")))
    assert anchors.forged()
    assert "Anchors:" in verify.check([told.id], anchors)[0][0]
