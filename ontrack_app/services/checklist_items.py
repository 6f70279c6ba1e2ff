"""Checklist items: the steps of a visit, put there by the office and answered by the crew."""

from decimal import Decimal, InvalidOperation
from uuid import UUID

from sqlalchemy import bindparam, func
from sqlmodel import col

from models.access import Permission
from models.checklist_items import CHECKLIST_MACHINE, ChecklistItem, ChecklistResult
from models.checklist_templates import ChecklistTemplate
from models.ids import new_id
from models.visits import Visit
from ontrack_app.errors import Conflict, FieldError, Invalid, NotFound
from ontrack_app.schemas.checklist_items import ItemCard, ItemMoveBody, ItemPatch
from ontrack_app.schemas.common import Page
from ontrack_app.schemas.crew_work import AnswerBody, AskBody, ItemBody
from ontrack_app.services import listing, rows, tasks
from ontrack_app.services.clocks import Clock, ours
from ontrack_app.services.listing import Query
from ontrack_app.work import Work, standing

MOVES = {"done": "check", "not_applicable": "skip", "failed": "fail"}
ANSWERED = "It has been answered. Reopen it first."
STILL_OPEN = (
    standing(ChecklistItem)
    .with_only_columns(col(ChecklistItem.label))
    .where(col(ChecklistItem.visit_id) == bindparam("visit_id"), col(ChecklistItem.required))
    .where(col(ChecklistItem.stage) == "open", col(ChecklistItem.archived_at).is_(None))
    .order_by(col(ChecklistItem.position), col(ChecklistItem.id))
)


def create(work: Work, body: ItemBody) -> ItemCard:
    """Puts a step on a visit, after those that are there unless a place is named.

    Raises:
        Invalid: there is no such visit. Conflict: the visit is over. Forbidden: the actor gives no steps.
    """
    work.actor.require(Permission.CHECKLIST_ITEMS_WRITE)
    visit = work.need(Visit, body.visit_id, "visit_id")
    _check_visit(visit)
    item = _add(work, visit, body, body.position or 1 + _last_place(work, visit.id))
    work.record("checklist_items.created", visit, after={"item_id": item.id, "label": item.label})
    return card(work, item)


def use_template(work: Work, visit_id: UUID, template_id: UUID) -> list[ItemCard]:
    """Copies the steps of a checklist onto a visit, after those that are there.

    Raises:
        NotFound: there is no such visit. Invalid: no such checklist. Conflict: the visit is over. Forbidden: no steps to give.
    """
    work.actor.require(Permission.CHECKLIST_ITEMS_WRITE)
    work.actor.require(Permission.CHECKLIST_TEMPLATES_READ)
    visit = work.get(Visit, visit_id)
    template = work.need(ChecklistTemplate, template_id, "checklist_template_id")
    _check_visit(visit)
    place = 1 + _last_place(work, visit.id)
    bodies = [ItemBody.model_validate({"visit_id": visit.id, **step}) for step in template.steps]
    items = [_add(work, visit, body, place + at) for at, body in enumerate(bodies)]
    after = {"name": template.name, "item_ids": [item.id for item in items]}
    work.record("checklist_items.copied", visit, after=after)
    return [card(work, item) for item in items]


def patch(work: Work, item_id: UUID, body: ItemPatch, *, version: int | None = None) -> ItemCard:
    """Changes a step that nobody has answered yet, or moves it to another place among the visit's steps.

    Raises:
        NotFound, Forbidden, Stale: as their words say. Conflict: it has been answered.
    """
    work.actor.require(Permission.CHECKLIST_ITEMS_READ)
    item = work.lock(ChecklistItem, item_id, version=version)
    work.actor.require(Permission.CHECKLIST_ITEMS_WRITE)
    given = rows.given(body, without=["position"])
    if given and item.stage != "open":
        raise Conflict(ANSWERED)
    rows.change(work, item, given, word="checklist_items.changed")
    if body.position is not None:
        _place(work, item, body.position)
    return card(work, item)


def archive(work: Work, item_id: UUID, *, version: int | None = None) -> None:
    """Takes a step off its visit, as long as nobody has answered it.

    Raises:
        NotFound, Forbidden, Stale: as their words say. Conflict: it has been answered.
    """
    work.actor.require(Permission.CHECKLIST_ITEMS_READ)
    item = work.lock(ChecklistItem, item_id, version=version)
    work.actor.require(Permission.CHECKLIST_ITEMS_WRITE)
    if item.stage != "open":
        raise Conflict(ANSWERED)
    rows.archive(work, ChecklistItem, item_id, Permission.CHECKLIST_ITEMS_WRITE)


def get(work: Work, item_id: UUID) -> ItemCard:
    """One step.

    Raises:
        NotFound: there is none here, or none that may be known.
    """
    work.actor.require(Permission.CHECKLIST_ITEMS_READ)
    return card(work, work.get(ChecklistItem, item_id))


def list_page(work: Work, query: Query) -> Page[ItemCard]:
    """A page of steps, as `listing.Query` asks; a crew member gets those of its visits."""
    work.actor.require(Permission.CHECKLIST_ITEMS_READ)
    found = listing.page(work, ChecklistItem, query)
    return Page(items=[card(work, row) for row in found.rows], next_cursor=found.next_cursor)


def move(work: Work, item_id: UUID, name: str, body: ItemMoveBody, *, version: int | None = None) -> ItemCard:
    """Answers a step (`check`, `fail`, `skip` with a reason), or opens it again with a reason.

    Raises:
        NotFound, Conflict, Forbidden, Invalid, Stale: as their words say; a refused move changes nothing.
    """
    work.actor.require(Permission.CHECKLIST_ITEMS_READ)
    item = work.lock(ChecklistItem, item_id, version=version)
    outcome = next((outcome for outcome, move in MOVES.items() if move == name), None)
    if outcome is None:
        work.advance(item, CHECKLIST_MACHINE, name, reason=body.reason)
        item.value, item.answered_at = "", None
    else:
        given = {"id": new_id(), "visit_id": item.visit_id, "item_id": item.id, "outcome": outcome}
        answer(work, AnswerBody(**given, value=body.value, reason=body.reason or ""))
    return card(work, item)


def answer(work: Work, body: AnswerBody, clock: Clock | None = None) -> ChecklistItem:
    """Keeps an answer to a step; the item stands as the last one that came says.

    Raises:
        NotFound: the step is not on a visit that the actor may know, or was taken off it. Invalid: a number that is none, a
        step left out without a reason.
    """
    work.actor.require(Permission.VISITS_PERFORM)
    item = work.lock(ChecklistItem, body.item_id)
    if item.visit_id != body.visit_id or item.archived_at is not None:
        raise NotFound("There is no such step on this visit.")
    _check(item, body)
    clock = clock or ours(work)
    result = ChecklistResult(
        tenant_id=item.tenant_id,
        item_id=item.id,
        member_id=work.actor.member_id,
        clock=clock.evidence(work),
        **body.model_dump(exclude={"item_id"}),
    )
    work.add(result)
    item.value = body.value[:500]
    item.answered_at = clock.happened(work)
    work.advance(item, CHECKLIST_MACHINE, MOVES[body.outcome], reason=body.reason)
    if body.outcome == "failed":
        words = f"“{item.label}” failed. {body.reason}".strip()
        tasks.ask(work, "failed_check", AskBody(id=new_id(), visit_id=item.visit_id, text=words))
    return item


def still_open(work: Work, visit_id: UUID) -> list[str]:
    """The required steps of a visit that nobody has answered, by their labels."""
    found: list[str] = work.all(STILL_OPEN, visit_id=visit_id)
    return found


def card(work: Work, item: ChecklistItem) -> ItemCard:
    """The step as the API shows it."""
    del work
    return ItemCard.model_construct(**item.model_dump(include=set(ItemCard.model_fields)))


def of_visit(work: Work, visit_id: UUID) -> list[ChecklistItem]:
    """The steps of a visit in their order."""
    query = work.of(ChecklistItem).where(
        col(ChecklistItem.visit_id) == visit_id, col(ChecklistItem.archived_at).is_(None)
    )
    found: list[ChecklistItem] = work.all(query.order_by(col(ChecklistItem.position), col(ChecklistItem.id)))
    return found


def _add(work: Work, visit: Visit, body: ItemBody, place: int) -> ChecklistItem:
    given = body.model_dump(exclude={"position"})
    item = ChecklistItem(tenant_id=visit.tenant_id, id=new_id(), position=place, **given)
    return work.add(item)


def _last_place(work: Work, visit_id: UUID) -> int:
    places = work.of(ChecklistItem).where(col(ChecklistItem.visit_id) == visit_id)
    return int(work.first(places.with_only_columns(func.max(col(ChecklistItem.position)))) or 0)


def _place(work: Work, item: ChecklistItem, place: int) -> None:
    """Puts a step into its new place; the others close up."""
    others = [one for one in of_visit(work, item.visit_id) if one.id != item.id]
    others.insert(place - 1, item)
    for at, one in enumerate(others, 1):
        if one.position != at:
            rows.change(work, one, {"position": at}, word="checklist_items.placed")


def _check_visit(visit: Visit) -> None:
    if visit.stage in ("done", "cancelled"):
        raise Conflict("This visit is over. Steps are for visits that are still to come.")


def _check(item: ChecklistItem, body: AnswerBody) -> None:
    words = ""
    if body.outcome == "done" and item.kind != "check" and not body.value.strip():
        words = f"“{item.label}” needs its {item.kind}."
    elif body.outcome == "done" and item.kind == "number":
        try:
            good = Decimal(body.value).is_finite()
        except InvalidOperation:
            good = False
        words = "" if good else f"“{item.label}” needs a number."
    if words:
        raise Invalid(words, errors=[FieldError("value", words)])
