"""Asks Postgres whether the tenant rule holds on every table: forced policies, keys with the tenant, a powerless role."""

import psycopg
import pytest

from models.tables import TABLES
from ontrack_app import rls
from ontrack_app.settings import DatabaseUrls

WITHOUT_TENANT = {"alembic_version"}  # the migration tool's own row
ONE_COLUMN_KEYS = {"fk_%_tenant_id"}
GLOBAL_UNIQUES = {
    "pk_tenants",
    "uq_tenants_slug",
}  # the tenant registry itself: a slug is an address for everybody
DEFINERS_OUTSIDE_AUTH = {
    "seal", "note_changes", "hold_counter", "hold_devices", "forget_changes", "stock", "crews", "sees_visit", "sees_job", "sees_client", "sees_property", "my_estimates", "my_invoices", "my_file_bytes",
    *(f"search_{table}" for table in rls.SEARCHABLE),
}  # fmt: skip


@pytest.fixture(scope="module")
def catalog(database: DatabaseUrls):
    with psycopg.connect(database.owner.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def test_every_table_of_ours_forces_row_level_security(catalog: psycopg.Connection) -> None:
    rows = catalog.execute(
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
        "WHERE nspname = 'public' AND relkind IN ('r', 'p')"
    ).fetchall()
    open_tables = {name for name, enabled, forced in rows if not (enabled and forced)} - WITHOUT_TENANT
    assert open_tables == set()
    assert {name for name, *_ in rows} - WITHOUT_TENANT == {table.name for table in TABLES}


def test_every_table_has_the_one_tenant_policy_for_reading_and_writing(catalog: psycopg.Connection) -> None:
    rows = catalog.execute(
        "SELECT tablename, qual, with_check FROM pg_policies WHERE policyname = 'tenant'"
    ).fetchall()
    assert {name for name, *_ in rows} == {table.name for table in TABLES}
    for name, seen, written in rows:
        assert seen == written, name
        assert "app.tenant_id()" in seen, name


def test_every_table_has_a_scope_that_narrows(catalog: psycopg.Connection) -> None:
    rows = catalog.execute(
        "SELECT tablename, policyname, permissive FROM pg_policies WHERE policyname LIKE 'scope_%'"
    )
    by_table: dict[str, set[str]] = {}
    for name, policy, permissive in rows:
        assert permissive == "RESTRICTIVE", (name, policy)
        by_table.setdefault(name, set()).add(policy)
    wanted = {"scope_seen", "scope_add", "scope_change", "scope_drop"}
    assert {name for name, found in by_table.items() if found == wanted} == {table.name for table in TABLES}


def test_the_policies_are_those_that_rls_says(catalog: psycopg.Connection) -> None:
    asked = "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2"
    made = catalog.execute(asked).fetchall()
    with catalog.transaction(force_rollback=True):
        for table, policy, *_ in made:
            catalog.execute(f"DROP POLICY {policy} ON public.{table}")
        for table in TABLES:
            for statement in rls.policies(table.name):
                catalog.execute(statement)
        said = catalog.execute(asked).fetchall()
    assert made == said


def test_keys_carry_the_tenant(catalog: psycopg.Connection) -> None:
    rows = catalog.execute(
        "SELECT conname, contype, conrelid::regclass::text, (SELECT array_agg(attname) FROM pg_attribute a "
        "WHERE a.attrelid = conrelid AND a.attnum = ANY (conkey)) FROM pg_constraint c "
        "JOIN pg_namespace n ON n.oid = connamespace WHERE nspname = 'public' AND contype IN ('p', 'u', 'f')"
    ).fetchall()
    wrong = [
        name for name, _, table, columns in rows
        if "tenant_id" not in columns and name not in GLOBAL_UNIQUES and table not in WITHOUT_TENANT
    ]  # fmt: skip
    assert wrong == []
    lonely = [name for name, kind, _, columns in rows if kind == "f" and columns == ["tenant_id"]]
    assert all(name.endswith("_tenant_id") for name in lonely), (
        "a foreign key to another row carries its id too"
    )


def test_every_foreign_key_has_an_index(catalog: psycopg.Connection) -> None:
    rows = catalog.execute("""
      SELECT c.conname FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
      WHERE n.nspname = 'public' AND c.contype = 'f' AND array_length(c.conkey, 1) > 1 AND NOT EXISTS (
        SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid
        AND (string_to_array(i.indkey::text, ' ')::smallint[])[1:array_length(c.conkey, 1)] @> c.conkey)
      ORDER BY 1""").fetchall()
    assert [name for (name,) in rows] == []


@pytest.mark.parametrize("role", ["ontrack_app", "ontrack_worker", "ontrack_finder"])
def test_no_working_role_stands_above_the_policies(catalog: psycopg.Connection, role: str) -> None:
    above = catalog.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [role]
    ).fetchone()
    owns = catalog.execute(
        "SELECT relname FROM pg_class WHERE relowner = %s::regrole AND relnamespace IN ('public'::regnamespace, 'auth'::regnamespace)",
        [role],
    ).fetchall()
    assert above == (False,)
    assert owns == []


def test_the_application_reaches_schema_auth_by_functions_alone(catalog: psycopg.Connection) -> None:
    rows = catalog.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'auth'::regnamespace AND relkind IN ('r', 'v', 'm') AND "
        "has_table_privilege('ontrack_app', oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')"
    ).fetchall()
    assert rows == []


@pytest.mark.parametrize("table", sorted(rls.APPEND_ONLY | rls.READ_ONLY))
def test_facts_are_never_edited(catalog: psycopg.Connection, table: str) -> None:
    row = catalog.execute(
        "SELECT has_table_privilege('ontrack_app', %s, 'DELETE, TRUNCATE'), has_table_privilege('ontrack_app', %s, 'UPDATE')",
        [f"public.{table}"] * 2,
    ).fetchone()
    assert row == (False, False)


def test_nothing_can_be_truncated_or_created(catalog: psycopg.Connection) -> None:
    rows = catalog.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' "
        "AND has_table_privilege('ontrack_app', oid, 'TRUNCATE')"
    ).fetchall()
    may_create = catalog.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname IN ('public', 'app', 'auth') AND has_schema_privilege('ontrack_app', oid, 'CREATE')"
    ).fetchall()
    assert rows == may_create == []


def test_security_definers_are_the_listed_ones_with_a_pinned_search_path(catalog: psycopg.Connection) -> None:
    rows = catalog.execute(
        "SELECT nspname, proname, array_to_string(proconfig, ',') FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace "
        "WHERE prosecdef AND nspname NOT IN ('pg_catalog', 'information_schema')"
    ).fetchall()
    assert {name for schema, name, _ in rows if schema != "auth"} == DEFINERS_OUTSIDE_AUTH
    assert [name for _, name, config in rows if "search_path=" not in (config or "")] == []


def test_what_a_policy_asks_about_every_row_keeps_its_plan(catalog: psycopg.Connection) -> None:
    rows = catalog.execute(
        "SELECT proname, array_to_string(proconfig, ',') FROM pg_proc "
        "WHERE pronamespace = 'app'::regnamespace AND proname LIKE 'sees\\_%'"
    ).fetchall()
    assert [name for name, config in rows if "plan_cache_mode=force_generic_plan" not in (config or "")] == []
    assert len(rows) >= 4


def test_without_a_tenant_there_are_no_rows_and_no_writes(
    database: DatabaseUrls, catalog: psycopg.Connection
) -> None:
    with psycopg.connect(database.app.replace("+psycopg", ""), autocommit=True) as connection:
        for table in TABLES:
            assert connection.execute(f"SELECT count(*) FROM {table.name}").fetchone() == (0,), table.name
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO notes (tenant_id, id, version, created_at, updated_at, noun, row_id, text, author_name) "
                               "VALUES (uuidv7(), uuidv7(), 1, now(), now(), 'leads', uuidv7(), 'x', '')")  # fmt: skip
