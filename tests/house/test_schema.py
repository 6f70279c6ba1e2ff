"""The models and the migrations say the same, and every migration can be taken back."""

import re
import subprocess

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, pool, text

from models.tables import metadata
from ontrack_app.embedded.postgres import Cluster
from ontrack_app.embedded.roles import prepare
from ontrack_app.settings import PROJECT_ROOT


@pytest.fixture(scope="module")
def dumps(cluster: Cluster) -> dict[str, str]:
    found = {}
    for name in ("by_models", "by_migrations"):
        prepare(cluster, name)
        engine = create_engine(cluster.url("ontrack_owner", name), poolclass=pool.NullPool)
        with engine.connect() as connection:
            if name == "by_models":
                metadata.create_all(connection)
            else:
                _migrate(connection, "up")
            connection.commit()
        found[name] = dump(engine)
        engine.dispose()
    return found


def test_create_all_and_upgrade_head_make_the_same_tables(dumps: dict[str, str]) -> None:
    assert dumps["by_models"] == dumps["by_migrations"]


def test_up_down_up(cluster: Cluster) -> None:
    prepare(cluster, "up_down_up")
    engine = create_engine(cluster.url("ontrack_owner", "up_down_up"), poolclass=pool.NullPool)
    with engine.connect() as connection:
        _migrate(connection, "up")
        connection.commit()
    first = dump(engine)
    with engine.connect() as connection:
        _migrate(connection, "down")
        connection.commit()
    assert dump(engine) == ""
    with engine.connect() as connection:
        _migrate(connection, "up")
        connection.commit()
    assert dump(engine) == first
    engine.dispose()


COLUMNS = """
  SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = 'public'::regnamespace
  AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND c.relname <> 'alembic_version'"""
CONSTRAINTS = """
  SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 AND conrelid::regclass::text <> 'alembic_version'"""
INDEXES = """
  SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version' AND indexname !~ '^ix_.*_search$'"""


def dump(engine) -> str:
    """Columns, constraints and indexes as sorted text; search indexes and policies are made by `rls.py` alone."""
    lines: list[str] = []
    with engine.connect() as connection:
        for query in (COLUMNS, CONSTRAINTS, INDEXES):
            lines += [re.sub(r"\s+", " ", row) for row in connection.execute(text(query)).scalars()]
    return "\n".join(sorted(lines))


def _migrate(connection, way: str) -> None:
    config = Config(PROJECT_ROOT / "alembic.ini")
    config.set_main_option("script_location", str(PROJECT_ROOT / "alembic"))
    config.attributes["connection"] = connection
    if way == "up":
        command.upgrade(config, "head")
    else:
        command.downgrade(config, "base")


def test_git_has_no_stray_migration_package() -> None:
    """A package named alembic would shadow the library."""
    listed = subprocess.run(
        ["git", "ls-files", "alembic"], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    assert "alembic/__init__.py" not in listed.stdout.splitlines()
