"""Runs migrations as the owner of the tables, in one transaction each, over the connection or the URL it is given."""

from alembic import context
from sqlalchemy import create_engine, pool

from models.tables import metadata
from ontrack_app.settings import database_urls


def run() -> None:
    """Migrates over `connection` where the caller brings one, else as the owner role of the configured database."""
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    engine = create_engine(database_urls().owner, poolclass=pool.NullPool)
    with engine.connect() as connection:
        _migrate(connection)
        connection.commit()
    engine.dispose()


def _migrate(connection: object) -> None:
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=True)  # type: ignore[arg-type]
    with context.begin_transaction():
        context.run_migrations()


run()
