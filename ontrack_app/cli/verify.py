"""`ontrack verify`: whether what is stored adds up, and is what stood there at the last check."""

import hashlib
import sys
from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

import click
from sqlalchemy import text

from ontrack_app.anchors import SECURITY, Anchor, Anchors
from ontrack_app.db import Doorway, SystemCredential, begin, engine
from ontrack_app.embedded.database import database
from ontrack_app.integrations.files import store
from ontrack_app.integrations.files.protocol import FileStore, NotStored, StoreAway
from ontrack_app.services import verify
from ontrack_app.services.verify import KeptFile
from ontrack_app.settings import DatabaseUrls, settings

SAMPLE = 50  # files of each company that are read through


@click.command("verify")
def command() -> None:
    """Check ledger sums, trails, outbox and a sample of files of every company; exit 1 and words where something is wrong."""
    with database() as urls:
        anchors = Anchors(settings())
        companies = every_company(urls)
        found, standing = check(companies, anchors)
        if not found:
            anchors.add(standing)
        looked_at, wrong = files_of(companies)
        found += wrong
    for words in found:
        click.secho(words, fg="red", err=True)
    if found:
        sys.exit(1)
    click.echo(
        f"Checked {len(companies)} companies: ledger, trail and outbox hold, {looked_at} files are as they were stored."
    )


def files_of(companies: list[UUID]) -> tuple[int, list[str]]:
    """How many files were read through, and what is wrong with them, in words."""
    count, found = 0, []
    for tenant_id in companies:
        with begin(SystemCredential(tenant_id, "command line")) as work:
            slug, sample = work.actor.tenant.slug, verify.file_sample(work, SAMPLE)
        count += len(sample)
        found += [f"{slug}: {words}" for words in wrong_files(store(), sample)]
    return count, found


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


def check(companies: list[UUID], anchors: Anchors) -> tuple[list[str], list[Anchor]]:
    """What does not add up, in words, and where every chain stands now."""
    found: list[str] = []
    if anchors.forged():
        found.append(
            f"Anchors: a line of {anchors.path.name} was not written with the present ONTRACK_SECRET_KEY."
        )
    with begin(None) as doorway:
        standing = [_security(doorway, anchors, found)]
    for tenant_id in companies:
        with begin(SystemCredential(tenant_id, "command line")) as work:
            words = verify.problems(work)
            words += moved("Trail: entry", anchors.of(str(tenant_id)), partial(verify.hash_at, work))
            found += [f"{work.actor.tenant.slug}: {line}" for line in words]
            standing.append(Anchor(str(tenant_id), *verify.standing(work)))
    return found, standing


def moved(what: str, anchors: list[Anchor], hash_at: Callable[[int], str]) -> Iterator[str]:
    """Words where a chain is another one than at an earlier check: written anew, or cut off together with its head."""
    good = 0
    for anchor in anchors:
        if hash_at(anchor.n) != anchor.hash:
            yield (
                f"{what} {good + 1} or a later one up to {anchor.n} is not the one that stood there at an earlier check; "
                "the chain was written anew or cut off."
            )
            return
        good = anchor.n


def _security(doorway: Doorway, anchors: Anchors, found: list[str]) -> Anchor:
    if (first := doorway.value("SELECT auth.first_broken_event()")) is not None:
        found.append(f"Security events: the chain does not hold from event {first} on.")

    def hash_at(number: int) -> str:
        return doorway.value("SELECT hash FROM auth.security_place(:n)", n=number) or ""

    found += moved("Security events: event", anchors.of(SECURITY), hash_at)
    head = doorway.row("SELECT n, hash FROM auth.security_place(NULL)")
    return Anchor(SECURITY, head.n, head.hash) if head else Anchor(SECURITY, 0, "")


def every_company(urls: DatabaseUrls) -> list[UUID]:
    """Every company, whatever its stage, as the relay's role may list them."""
    with engine(urls.worker).connect() as connection:
        return list(connection.execute(text("SELECT auth.every_tenant()")).scalars())
