"""`ontrack api-key`."""

import re
from datetime import timedelta

import click

from models.access import Permission
from ontrack_app.cli.people import credential, member_of
from ontrack_app.db import begin
from ontrack_app.embedded.database import database
from ontrack_app.services import keys
from ontrack_app.services.listing import MOST, Query

LONGEST = timedelta(days=366)
UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "m": timedelta(minutes=1)}


@click.command("api-key")
@click.argument("email")
@click.option("--tenant", required=True, metavar="SLUG")
@click.option(
    "--scopes", default="", help="Rights by their words, such as leads:read,leads:write; empty means all."
)
@click.option("--expires", default="30d", show_default=True, help="For how long: 30d, 12h, 45m.")
@click.option("--name", default="", help="What uses the key, as the list of keys shows it.")
@click.option(
    "--revoke",
    is_flag=True,
    help="End every live key of the member instead (with --name: those of that name).",
)
def command(email: str, tenant: str, scopes: str, expires: str, name: str, revoke: bool) -> None:
    """Print a bearer key, once. It acts with that member's rights, narrowed by the scopes."""
    if revoke:
        end_keys(email, tenant, name)
        return
    wanted = [scope.strip() for scope in scopes.replace(" ", ",").split(",") if scope.strip()]
    known = {right.value for right in Permission}
    if unknown := [scope for scope in wanted if scope not in known]:
        raise click.ClickException(
            f"There is no right {', '.join(unknown)}. Rights are {', '.join(sorted(known))}."
        )
    lasts = duration(expires)
    secret = keys.fresh_secret()
    with database(), begin(credential(tenant)) as work:
        member = member_of(work, email)
        ends = work.at + lasts
        keys.add(work, member, keys.NewKey(secret, wanted or None, ends, name))
    click.echo(secret)


def end_keys(email: str, tenant: str, name: str) -> None:
    """Revokes the live keys of a member, those of one name where a name is given.

    Raises:
        ClickException: there is none.
    """
    with database(), begin(credential(tenant)) as work:
        member = member_of(work, email)
        found = keys.list_page(work, Query(limit=MOST)).items
        theirs = [key for key in found if key.member_id == member.id and key.live and name in ("", key.name)]
        if not theirs:
            raise click.ClickException(f"{email} has no live API key{f' named “{name}”' if name else ''}.")
        for key in theirs:
            keys.revoke(work, key.id)
    click.echo(f"Revoked {len(theirs)} of {email}.")


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
