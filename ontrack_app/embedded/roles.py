"""The only home of preparing a server for OnTrack: its roles, its database, its extensions."""

from pathlib import Path

import psycopg
from psycopg.errors import DuplicateDatabase, UniqueViolation
from psycopg.sql import SQL, Identifier

from ontrack_app.embedded.errors import CannotStart
from ontrack_app.embedded.postgres import Cluster
from ontrack_app.settings import DatabaseUrls

HERE = Path(__file__).parent


def prepare(server: Cluster, database: str = "ontrack") -> None:
    """Makes roles, database and extensions where they are missing; a second call changes nothing."""
    with psycopg.connect(server.conninfo("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(_sql("roles.sql"))
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if known is None:
            _create(connection, database)
    with psycopg.connect(server.conninfo("postgres", database), autocommit=True) as connection:
        connection.execute(_sql("database.sql"))


def _create(connection: psycopg.Connection, database: str) -> None:
    statement = SQL("CREATE DATABASE {} OWNER ontrack_owner TEMPLATE template0 ENCODING 'UTF8'")
    try:
        connection.execute(statement.format(Identifier(database)))
    except (DuplicateDatabase, UniqueViolation):
        return  # another process was faster


def _sql(name: str) -> bytes:
    return (HERE / name).read_bytes()


ASKED = """
  SELECT rolsuper, rolbypassrls, rolcreaterole, EXISTS (
    SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE pg_has_role(current_user, c.relowner, 'USAGE') AND n.nspname IN ('public', 'auth') AND c.relkind = 'r'),
    has_schema_privilege('public', 'CREATE') OR has_database_privilege(current_database(), 'CREATE')
  FROM pg_roles WHERE rolname = current_user"""
WRONG = (
    "is a superuser", "stands above row-level security (BYPASSRLS)", "may make roles", "owns tables of OnTrack", "may create tables",
)  # fmt: skip


def role_problems(urls: DatabaseUrls) -> list[str]:
    """Why the roles that serve people are too powerful, in words; empty where they are not.

    Raises:
        CannotStart: the database cannot be reached.
    """
    found = []
    for name, url in (("DATABASE_URL", urls.app), ("DATABASE_WORKER_URL", urls.worker)):
        try:
            with psycopg.connect(url.replace("+psycopg", ""), connect_timeout=5) as connection:
                row = connection.execute(ASKED).fetchone() or ()
        except psycopg.OperationalError:
            raise CannotStart(f"The database of {name} cannot be reached.") from None
        found += [f"The role of {name} {words}." for words, wrong in zip(WRONG, row, strict=False) if wrong]
    return found
