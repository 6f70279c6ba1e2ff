"""Checklist items: the steps of a visit, put there by the office and answered by the crew."""

from decimal import Decimal, InvalidOperation
from uuid import UUID

from sqlalchemy import bindparam, func
from sqlmodel import col

from models.access import Permission
from models.checklist_items import CHECKLIST_MACHINE, ChecklistItem, ChecklistResult
from models.ids import new_id
from models.visits import Visit
from ontrack_app.errors import FieldError, Invalid, NotFound
from ontrack_app.schemas.crew_work import AnswerBody, AskBody, ItemBody
from ontrack_app.services import tasks
from ontrack_app.services.clocks import Clock, ours
from ontrack_app.work import Work, standing

MOVES = {"done": "check", "not_applicable": "skip", "failed": "fail"}
STILL_OPEN = (
    standing(ChecklistItem)
    .with_only_columns(col(ChecklistItem.label))
    .where(col(ChecklistItem.visit_id) == bindparam("visit_id"), col(ChecklistItem.required))
    .where(col(ChecklistItem.stage) == "open", col(ChecklistItem.archived_at).is_(None))
    .order_by(col(ChecklistItem.position), col(ChecklistItem.id))
)


def create(work: Work, body: ItemBody) -> ChecklistItem:
    """Puts a step on a visit.

    Raises:
        Invalid: there is no such visit. Forbidden: the actor plans no visits.
    """
    work.actor.require(Permission.VISITS_WRITE)
    visit = work.need(Visit, body.visit_id, "visit_id")
    item = ChecklistItem(tenant_id=visit.tenant_id, id=new_id(), **body.model_dump())
    if not body.position:
        count = work.of(ChecklistItem).where(col(ChecklistItem.visit_id) == visit.id)
        item.position = 1 + int(work.first(count.with_only_columns(func.count()).order_by(None)))
    work.add(item)
    work.record("checklist_items.created", visit, after={"item_id": item.id, "label": item.label})
    return item


def answer(work: Work, body: AnswerBody, clock: Clock | None = None) -> ChecklistItem:
    """Keeps an answer to a step; the item stands as the last one that came says.

    Raises:
        NotFound: the step is not on a visit that the actor may know. Invalid: a number that is none, a step left out without
        a reason.
    """
    work.actor.require(Permission.VISITS_PERFORM)
    item = work.lock(ChecklistItem, body.item_id)
    if item.visit_id != body.visit_id:
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
