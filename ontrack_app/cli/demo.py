"""`ontrack demo`, and the demo people that `ontrack up` prints."""

import importlib

import click

from ontrack_app.embedded.database import database

SOURCE = "ontrack_app.demo"  # loaded when it is wanted: `ontrack up` reads this module and stays small
TENANTS = ("summit-roofing", "rivard-plomberie")
PEOPLE = ("admin", "office", "crew", "crew2", "manager", "client")


def load() -> None:
    """Loads the demo tenants where they are missing; the database must be up and migrated."""
    importlib.import_module(SOURCE).load()


@click.command("demo")
def command() -> None:
    """Load the demo companies, once."""
    with database():
        load()
    click.echo("The demo companies are there.")
