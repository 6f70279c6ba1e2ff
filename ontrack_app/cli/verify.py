"""`ontrack verify`: whether what is stored adds up."""

import hashlib
import sys
from collections.abc import Iterator
from uuid import UUID

import click
from sqlalchemy import text

from ontrack_app.db import SystemCredential, begin, engine
from ontrack_app.embedded.database import database
from ontrack_app.integrations.files import store
from ontrack_app.integrations.files.protocol import FileStore, NotStored, StoreAway
from ontrack_app.services import verify
from ontrack_app.services.verify import KeptFile
from ontrack_app.settings import DatabaseUrls

SAMPLE = 50  # files of each company that are read through


@click.command("verify")
def command() -> None:
    """Check ledger sums, trails, outbox and a sample of files of every company; exit 1 and words where something is wrong."""
    with database() as urls:
        companies = tenants(urls)
        found: list[str] = []
        looked_at = 0
        with begin(None) as doorway:
            if (first := doorway.value("SELECT auth.first_broken_event()")) is not None:
                found.append(f"Security events: the chain does not hold from event {first} on.")
        for tenant_id in companies:
            with begin(SystemCredential(tenant_id, "command line")) as work:
                found += [f"{work.actor.tenant.slug}: {words}" for words in verify.problems(work)]
                sample = verify.file_sample(work, SAMPLE)
            looked_at += len(sample)
            found += [f"{work.actor.tenant.slug}: {words}" for words in wrong_files(store(), sample)]
    for words in found:
        click.secho(words, fg="red", err=True)
    if found:
        sys.exit(1)
    click.echo(
        f"Checked {len(companies)} companies: ledger, trail and outbox hold, {looked_at} files are as they were stored."
    )


def wrong_files(kept: FileStore, sample: list[KeptFile]) -> Iterator[str]:
    """What the file store does not have as its rows say, by size and hash."""
    for row in sample:
        digest, size = hashlib.sha256(), 0
        try:
            for piece in kept.read(row.key):
                digest.update(piece)
                size += len(piece)
        except NotStored:
            yield f"Files: “{row.name}” is not in the store ({row.key})."
        except StoreAway as away:
            yield f"Files: the store does not answer: {away}."
            return
        else:
            if (size, digest.hexdigest()) != (row.size, row.sha256):
                yield f"Files: “{row.name}” is not what was stored ({row.key})."


def tenants(urls: DatabaseUrls) -> list[UUID]:
    """Every company, as the relay's role may list them."""
    with engine(urls.worker).connect() as connection:
        return list(connection.execute(text("SELECT auth.tenant_ids()")).scalars())
