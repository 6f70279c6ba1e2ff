"""`ontrack migrate`."""

import click
from alembic import command as alembic
from alembic.config import Config

from ontrack_app.embedded import conveniences
from ontrack_app.embedded.database import database
from ontrack_app.settings import PROJECT_ROOT, settings


@click.command("migrate")
def command() -> None:
    """Bring the database's tables up to date, and close what is for development only where this is production."""
    with database(migrated=False) as urls:
        config = Config(PROJECT_ROOT / "alembic.ini")
        config.set_main_option("script_location", str(PROJECT_ROOT / "alembic"))
        alembic.upgrade(config, "head")
        conveniences.settle(urls, production=settings().is_production)
    click.echo("The database is up to date.")
