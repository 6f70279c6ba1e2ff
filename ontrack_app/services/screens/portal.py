"""What every page of the portal shows: the contractor's face, whose rows these are, places and stages in a client's words."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from models.access import Permission, Role
from models.clients import Client
from models.jobs import Job
from models.properties import Property
from models.visits import Visit
from ontrack_app.schemas.screens.common import Badge
from ontrack_app.schemas.screens.portal import PortalFrame
from ontrack_app.services import brands
from ontrack_app.services.screens import related, words
from ontrack_app.work import Work

VISIT_WORDS = {
    "unscheduled": ("No date yet", "idle"),
    "scheduled": ("Planned", "planned"),
    "en_route": ("On the way", "moving"),
    "on_site": ("At work", "moving"),
    "paused": ("Paused", "waiting"),
    "done": ("Done", "good"),
    "no_access": ("Nobody let us in", "bad"),
    "cancelled": ("Cancelled", "idle"),
}


def frame(work: Work) -> PortalFrame:
    """Under whose name the page stands, and for whom.

    Raises:
        Forbidden: the reader is no customer.
    """
    work.actor.require(Permission.PROFILE_READ)
    actor, face = work.actor, brands.face(work)
    clients = related.by_id(work, Client, actor.client_ids)
    confined = actor.scope == "document"
    return PortalFrame(
        name=face.name,
        line=face.line,
        mark=face.mark,
        phone=face.phone,
        email=face.email,
        tokens=face.tokens,
        client=", ".join(sorted(client.name for client in clients.values())),
        confined=confined,
        manager=actor.role is Role.PROPERTY_MANAGER,
        request_href="" if confined else f"/f/{actor.tenant.slug}",
    )


def place_line(place: Property | None) -> str:
    """Street, unit and city of a property; empty for none."""
    return "" if place is None else ", ".join(part for part in (place.street, place.unit, place.city) if part)


def places(work: Work, property_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """Properties on one short line each, by id."""
    return {
        row_id: place_line(place) for row_id, place in related.by_id(work, Property, property_ids).items()
    }


def visit_places(work: Work, visits: Iterable[Visit]) -> dict[UUID, str]:
    """Where each visit is, by the visit's id."""
    listed = list(visits)
    jobs = related.by_id(work, Job, (visit.job_id for visit in listed))
    found = places(work, (job.property_id for job in jobs.values()))
    property_of = {job_id: job.property_id for job_id, job in jobs.items()}
    return {
        visit.id: found.get(place_id, "") if (place_id := property_of.get(visit.job_id)) else ""
        for visit in listed
    }


def visit_badge(work: Work, visit: Visit) -> Badge:
    """A visit's stage in the words of somebody who waits for it."""
    word, tint = VISIT_WORDS[visit.stage]
    if visit.stage == "scheduled" and visit.planned_end is not None and visit.planned_end < work.at:
        word, tint = "Not done yet", "waiting"
    return Badge(word=word, tint=tint)


def day(work: Work, value: date | None) -> str:
    """A date, without the year while it is the present one."""
    if value is None or value.year != words.local(work, work.at).year:
        return words.day(value)
    return f"{value:%b} {value.day}"
