"""`ontrack members`: who belongs to a company."""

from uuid import UUID

import click

from models.access import PEOPLE_ROLES, Role
from ontrack_app.cli.people import credential
from ontrack_app.db import begin
from ontrack_app.embedded.database import database
from ontrack_app.services import members


@click.group("members")
def command() -> None:
    """Who belongs to a company."""


@command.command("add")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in PEOPLE_ROLES]))
@click.option("--tenant", required=True, metavar="SLUG")
@click.option(
    "--client", "client_id", type=click.UUID, help="For clients and property managers: whose they are."
)
@click.option("--name", default="", help="The person's name.")
def add(email: str, role: str, tenant: str, client_id: UUID | None, name: str) -> None:
    """Make a person a member of a company."""
    with database(), begin(credential(tenant)) as work:
        card = members.add(work, email.strip(), name, Role(role), client_id=client_id)
    click.echo(f"{card.email} is {Role(role).label.lower()} at {tenant}. Member id: {card.id}")
