"""`ontrack api-key`."""

import re
from datetime import timedelta

import click

from models.access import Permission
from ontrack_app.cli.people import credential, member_of
from ontrack_app.db import begin
from ontrack_app.embedded.database import database
from ontrack_app.services import keys
from ontrack_app.sessions import new_secret

LONGEST = timedelta(days=366)
UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "m": timedelta(minutes=1)}


@click.command("api-key")
@click.argument("email")
@click.option("--tenant", required=True, metavar="SLUG")
@click.option(
    "--scopes", default="", help="Rights by their words, such as leads:read,leads:write; empty means all."
)
@click.option("--expires", default="30d", show_default=True, help="For how long: 30d, 12h, 45m.")
def command(email: str, tenant: str, scopes: str, expires: str) -> None:
    """Print a bearer key, once. It acts with that member's rights, narrowed by the scopes."""
    wanted = [scope.strip() for scope in scopes.replace(" ", ",").split(",") if scope.strip()]
    known = {right.value for right in Permission}
    if unknown := [scope for scope in wanted if scope not in known]:
        raise click.ClickException(
            f"There is no right {', '.join(unknown)}. Rights are {', '.join(sorted(known))}."
        )
    lasts = duration(expires)
    secret = f"otk_{new_secret()}"
    with database(), begin(credential(tenant)) as work:
        member = member_of(work, email)
        ends = work.at + lasts
        keys.add(work, member, secret, wanted or None, ends)
    click.echo(secret)


def duration(words: str) -> timedelta:
    """A time span such as 30d, 12h or 45m.

    Raises:
        ClickException: it cannot be read, or is more than a year.
    """
    match = re.fullmatch(r"(\d{1,4})([dhm])", words.strip())
    if match is None or int(match[1]) == 0:
        raise click.ClickException("Write the time as 30d, 12h or 45m.")
    span = int(match[1]) * UNITS[match[2]]
    if span > LONGEST:
        raise click.ClickException("A key lasts a year at most.")
    return span
