"""`ontrack migrate`."""

import click
from alembic import command as alembic
from alembic.config import Config

from ontrack_app.embedded.database import database
from ontrack_app.settings import PROJECT_ROOT


@click.command("migrate")
def command() -> None:
    """Bring the database's tables up to date."""
    with database(migrated=False):
        config = Config(PROJECT_ROOT / "alembic.ini")
        config.set_main_option("script_location", str(PROJECT_ROOT / "alembic"))
        alembic.upgrade(config, "head")
    click.echo("The database is up to date.")
