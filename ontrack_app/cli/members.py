"""`ontrack members`: who belongs to a company."""

from uuid import UUID

import click

from models.access import PEOPLE_ROLES, Role
from ontrack_app.cli.people import credential, member_of
from ontrack_app.db import begin
from ontrack_app.embedded.database import database
from ontrack_app.services import factor_rules, members


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


@command.command("reset-factor")
@click.argument("email")
@click.option("--tenant", required=True, metavar="SLUG", help="A company that the person belongs to.")
def reset_factor(email: str, tenant: str) -> None:
    """Take the second factor off somebody who lost phone and recovery codes.

    The factor is the person's, not the company's: it goes in every company they belong to, all their sign-ins end, and the
    next one is by mail alone (or leads to setting up a new factor, where their role needs one). Make sure first that it is
    really them who ask. It is written down in the company's trail and among the security events.
    """
    with database(), begin(credential(tenant)) as work:
        companies = factor_rules.reset(work, member_of(work, email))
    click.echo(f"{email} has no second factor any more, and is signed out everywhere.")
    click.echo(f"That holds in every company they belong to: {', '.join(companies)}.")
