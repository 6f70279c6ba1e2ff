"""`ontrack tenants`: companies."""

import re
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
import psycopg
from psycopg.errors import UniqueViolation

from models.access import Role
from models.ids import new_id
from ontrack_app.db import SystemCredential, begin
from ontrack_app.embedded.database import database
from ontrack_app.services import members
from ontrack_app.services.tenants import CompanyFacts, set_up
from ontrack_app.settings import DatabaseUrls


@click.group("tenants")
def command() -> None:
    """Companies."""


@command.command("create")
@click.option("--name", required=True, help="The company's name.")
@click.option("--admin-email", required=True, help="Who becomes its first admin.")
@click.option("--slug", help="Its short name in addresses; made from the name where it is left out.")
@click.option("--timezone", default="America/Chicago", show_default=True)
@click.option("--currency", default="USD", show_default=True)
def create(name: str, admin_email: str, slug: str | None, timezone: str, currency: str) -> None:
    """Make a company with its first admin."""
    slug = slug or re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise click.ClickException(
            f"There is no time zone “{timezone}”. Write it like America/Toronto."
        ) from None
    if not re.fullmatch("[A-Z]{3}", currency):
        raise click.ClickException("A currency is three capital letters, such as CAD.")
    with database() as urls:
        tenant_id = add(urls, slug, name)
        credential = SystemCredential(tenant_id, "command line")
        with begin(credential) as work:
            set_up(work, CompanyFacts(timezone=timezone, currency=currency))
            members.add(
                work, admin_email.strip(), admin_email.split("@", maxsplit=1)[0].capitalize(), Role.ADMIN
            )
    click.echo(
        f"{name} is there as “{slug}”. Sign its admin in with: ontrack sign-in-link {admin_email} --tenant {slug}"
    )


def add(urls: DatabaseUrls, slug: str, name: str) -> UUID:
    """Adds the bare company as the owner of the tables; returns its id.

    Raises:
        ClickException: the slug is taken or cannot be one.
    """
    tenant_id = new_id()
    try:
        with psycopg.connect(urls.owner.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
            connection.execute("SELECT app.add_tenant(%s, %s, %s)", [tenant_id, slug, name])
    except UniqueViolation:
        raise click.ClickException(f"There is a company “{slug}” already.") from None
    except psycopg.errors.CheckViolation:
        raise click.ClickException(
            f"“{slug}” cannot stand in an address. Use letters, digits and hyphens."
        ) from None
    return tenant_id
