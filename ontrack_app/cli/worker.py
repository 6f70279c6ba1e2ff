"""`ontrack worker`."""

import click

from ontrack_app.background.worker import run
from ontrack_app.embedded.database import database


@click.command("worker")
def command() -> None:
    """Run background work until stopped."""
    with database():
        run()
