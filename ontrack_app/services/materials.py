"""Materials: what was used on a visit, by name and quantity."""

from decimal import Decimal
from uuid import UUID

from models.access import Permission
from models.materials import Material
from models.visits import Visit
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.common import Page
from ontrack_app.schemas.crew_work import MaterialBody
from ontrack_app.schemas.materials import MaterialCard
from ontrack_app.services import listing
from ontrack_app.services.listing import Query
from ontrack_app.work import Work


def use(work: Work, body: MaterialBody) -> Material:
    """Keeps that something was used.

    Raises:
        NotFound: the visit is not one that the actor may know. Forbidden: the role performs no visits.
    """
    work.actor.require(Permission.VISITS_PERFORM)
    visit = work.get(Visit, body.visit_id)
    row = Material(
        tenant_id=visit.tenant_id,
        job_id=visit.job_id,
        member_id=work.actor.member_id,
        **body.model_dump(),
    )
    work.add(row)
    work.record("materials.created", visit, after={"material_id": row.id, "name": row.name})
    return row


def adjust(work: Work, material_id: UUID, by: Decimal) -> Material:
    """Adds to a quantity or takes from it: two who correct it at once are both right.

    Raises:
        NotFound: there is none here. Invalid: less than nothing would be left.
    """
    work.actor.require(Permission.VISITS_PERFORM)
    row = work.lock(Material, material_id)
    if row.quantity + by < 0:
        words = f"Only {row.quantity.normalize():f} of it are down as used."
        raise Invalid(words, errors=[FieldError("by", words)])
    before, row.quantity = row.quantity, row.quantity + by
    work.changed(row)
    work.record("materials.changed", row, before={"quantity": before}, after={"quantity": row.quantity})
    return row


def get(work: Work, material_id: UUID) -> MaterialCard:
    """One thing that was used.

    Raises:
        NotFound: there is none here, or none that may be known.
    """
    work.actor.require(Permission.MATERIALS_READ)
    return card(work, work.get(Material, material_id))


def list_page(work: Work, query: Query) -> Page[MaterialCard]:
    """A page of what was used, as `listing.Query` asks; a crew member gets that of its visits."""
    work.actor.require(Permission.MATERIALS_READ)
    found = listing.page(work, Material, query)
    return Page(items=[card(work, row) for row in found.rows], next_cursor=found.next_cursor)


def card(work: Work, row: Material) -> MaterialCard:
    """What was used as the API shows it."""
    del work
    return MaterialCard.model_construct(**row.model_dump(include=set(MaterialCard.model_fields)))
