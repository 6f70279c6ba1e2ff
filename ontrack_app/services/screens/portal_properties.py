"""Properties for those who own or manage them: open work, the next visit, what was spent this year."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from models.access import Permission
from models.invoices import Invoice
from models.jobs import Job
from models.properties import Property
from models.visits import OVER, Visit
from ontrack_app.schemas.screens.common import ListPage, ListQuery
from ontrack_app.schemas.screens.portal import SpendRow
from ontrack_app.schemas.screens.portal_properties import PortalPropertyRow
from ontrack_app.services.screens import lists, papers, portal, words
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

OPEN = ("open", "on_hold")
VIEWS = (View("all", "All"),)


def listing(work: Work, asked: ListQuery) -> tuple[list[PortalPropertyRow], ListPage]:
    """The reader's properties that the address asks for, each with what goes on there.

    Raises:
        Invalid: as `lists.page` says.
    """
    work.actor.require(Permission.PROPERTIES_READ)
    found, foot = lists.page(work, Property, VIEWS, asked, sort="street")
    ids = [row.id for row in found]
    jobs, visits, spent = open_work(work, ids), _next_visits(work, ids), spend(work, ids)
    return [
        PortalPropertyRow(
            id=str(row.id),
            name=", ".join(part for part in (row.street, row.unit) if part),
            place=row.city,
            open_work=words.some(jobs[row.id], "job") + " open" if row.id in jobs else "Nothing open",
            next_visit=visits.get(row.id, ""),
            spend=words.money(work, spent.get(row.id, 0)),
        )
        for row in found
    ], foot


def first_of_year(work: Work) -> date:
    """The first of January of the present year in the tenant's zone."""
    return words.local(work, work.at).date().replace(month=1, day=1)


def open_work(work: Work, property_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many jobs are open at each property; those without any are left out."""
    query = (
        select(col(Job.property_id), func.count())
        .where(col(Job.tenant_id) == work.actor.tenant_id, col(Job.archived_at).is_(None))
        .where(col(Job.stage).in_(OPEN), col(Job.property_id).in_(property_ids))
        .group_by(col(Job.property_id))
    )
    return {place_id: int(count) for place_id, count in work.session.execute(query)}


def spend(work: Work, property_ids: Sequence[UUID] | None = None) -> dict[UUID | None, int]:
    """What was invoiced this year for each property, in minor units; None stands for work at no property."""
    query = (
        select(col(Invoice.property_id), func.sum(col(Invoice.total_cents)))
        .where(col(Invoice.tenant_id) == work.actor.tenant_id, col(Invoice.archived_at).is_(None))
        .where(col(Invoice.stage) == "issued", col(Invoice.issued_on) >= first_of_year(work))
        .group_by(col(Invoice.property_id))
    )
    if property_ids is not None:
        query = query.where(col(Invoice.property_id).in_(property_ids))
    return {place_id: int(cents) for place_id, cents in work.session.execute(query)}


def spend_rows(work: Work, spent: dict[UUID | None, int], most: int) -> list[SpendRow]:
    """The properties on which most was spent, the largest first."""
    ranked = sorted(spent.items(), key=lambda pair: -pair[1])[:most]
    ids = [place_id for place_id, _ in ranked if place_id is not None]
    places, jobs = portal.places(work, ids), open_work(work, ids)
    top = max((cents for _, cents in ranked), default=0) or 1
    return [
        SpendRow(
            place=places.get(place_id, "No address") if place_id else "No address",
            quiet=f"{words.some(jobs[place_id], 'job')} open" if place_id in jobs else "Nothing open",
            amount=papers.figure(work, cents),
            share=f"{max(cents, 0) * 100 // top}%",
        )
        for place_id, cents in ranked
    ]


def _next_visits(work: Work, property_ids: Sequence[UUID]) -> dict[UUID, str]:
    query = (
        select(col(Job.property_id), func.min(col(Visit.planned_start)))
        .join(Visit, (col(Visit.tenant_id) == col(Job.tenant_id)) & (col(Visit.job_id) == col(Job.id)))
        .where(col(Job.tenant_id) == work.actor.tenant_id, col(Job.property_id).in_(property_ids))
        .where(col(Visit.stage).not_in(OVER), col(Visit.archived_at).is_(None))
        .where(col(Visit.planned_start).is_not(None))
        .group_by(col(Job.property_id))
    )
    found = {}
    for place_id, start in work.session.execute(query):
        here = words.local(work, start)
        found[place_id] = f"{here:%a, %b} {here.day}, {words.clock(here)}"
    return found
