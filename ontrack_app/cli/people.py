"""The only home of finding a tenant and a person from the command line."""

from uuid import UUID

import click
from sqlmodel import col

from models.members import Member
from ontrack_app.db import SystemCredential, begin
from ontrack_app.work import Work


def tenant_of(slug: str) -> UUID:
    """The id of the company.

    Raises:
        ClickException: there is none of this slug.
    """
    with begin(None) as doorway:
        found: UUID | None = doorway.value("SELECT auth.tenant_of(:slug)", slug=slug)
    if found is None:
        raise click.ClickException(f"There is no company “{slug}”.")
    return found


def credential(slug: str) -> SystemCredential:
    """OnTrack itself, at the command line, in that company."""
    return SystemCredential(tenant_of(slug), "command line")


def member_of(work: Work, email: str) -> Member:
    """The active member with this e-mail.

    Raises:
        ClickException: there is none.
    """
    query = work.of(Member).where(col(Member.email) == email.strip().lower(), col(Member.active).is_(True))
    found: Member | None = work.first(query)
    if found is None:
        raise click.ClickException(f"{email} is no member of {work.actor.tenant.name}.")
    return found
