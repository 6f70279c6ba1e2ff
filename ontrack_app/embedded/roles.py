"""The only home of preparing a server for OnTrack: its roles, its database, its extensions."""

from pathlib import Path

import psycopg
from psycopg.errors import DuplicateDatabase, UniqueViolation
from psycopg.sql import SQL, Identifier

from ontrack_app.embedded.postgres import Cluster

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
