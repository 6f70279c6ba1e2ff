"""`ontrack sign-in-link`."""

import click

from ontrack_app.db import begin
from ontrack_app.embedded.database import database
from ontrack_app.sessions import hash_secret, new_secret
from ontrack_app.settings import settings


@click.command("sign-in-link")
@click.argument("email")
@click.option("--tenant", metavar="SLUG", help="Into which company; where it is left out, the last one used.")
@click.option("--force", is_flag=True, help="In production too. It is written down.")
def command(email: str, tenant: str | None, force: bool) -> None:
    """Print a link that signs a person in once, in any browser, within ten minutes."""
    if settings().is_production and not force:
        raise click.ClickException(
            "Not in production without --force: whoever holds the link is that person."
        )
    secret = new_secret()
    with database(), begin(None) as doorway:
        known = doorway.value(
            "SELECT auth.add_link(:email, :hash, :slug, '/', interval '10 minutes')",
            email=email.strip(),
            hash=hash_secret(secret),
            slug=tenant,
        )
        if not known:
            raise click.ClickException(f"{email} is no active member of {tenant or 'any company'}.")
        doorway.value(
            "SELECT auth.note_security('link.made_at_command_line', :email, NULL, '', :detail)",
            email=email.strip().lower(),
            detail="forced" if force else "",
        )
    click.echo(f"{settings().base_url}/auth/link/{secret}")
