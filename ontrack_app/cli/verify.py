"""`ontrack verify`: whether what is stored adds up."""

import sys
from uuid import UUID

import click
from sqlalchemy import text

from ontrack_app.db import SystemCredential, begin, engine
from ontrack_app.embedded.database import database
from ontrack_app.services import verify
from ontrack_app.settings import DatabaseUrls


@click.command("verify")
def command() -> None:
    """Check ledger sums, trails and outbox of every company; exit 1 and words where something is wrong."""
    with database() as urls:
        companies = tenants(urls)
        found: list[str] = []
        with begin(None) as doorway:
            if (first := doorway.value("SELECT auth.first_broken_event()")) is not None:
                found.append(f"Security events: the chain does not hold from event {first} on.")
        for tenant_id in companies:
            with begin(SystemCredential(tenant_id, "command line")) as work:
                found += [f"{work.actor.tenant.slug}: {words}" for words in verify.problems(work)]
    for words in found:
        click.secho(words, fg="red", err=True)
    if found:
        sys.exit(1)
    click.echo(f"Checked {len(companies)} companies: ledger, trail and outbox hold.")


def tenants(urls: DatabaseUrls) -> list[UUID]:
    """Every company, as the relay's role may list them."""
    with engine(urls.worker).connect() as connection:
        return list(connection.execute(text("SELECT auth.tenant_ids()")).scalars())
