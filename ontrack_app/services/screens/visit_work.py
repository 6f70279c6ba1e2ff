"""What hangs on a visit, on its page: steps with their answers, hours, materials, expenses, signatures, tasks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.checklist_items import CHECKLIST_MACHINE, KIND_WORDS, ChecklistItem, ChecklistResult
from models.expenses import Expense
from models.files import File
from models.materials import Material
from models.members import Member
from models.signatures import Signature
from models.tasks import Task
from models.time_entries import TimeEntry
from models.visits import Visit
from ontrack_app.schemas.checklist_items import ItemMoveBody, ItemPatch
from ontrack_app.schemas.crew_work import ItemBody
from ontrack_app.schemas.documents import plain
from ontrack_app.schemas.screens.common import Badge, Option
from ontrack_app.schemas.screens.visit_work import MaterialRow, SignatureRow, StepRow, VisitWork
from ontrack_app.services import checklist_items, time_entries
from ontrack_app.services.moves import open_moves
from ontrack_app.services.screens import expenses, planning, related, tasks, time_rows, words
from ontrack_app.work import Work

KINDS = dict(KIND_WORDS)
ROOM = 8  # pixels left around a drawn signature
CREWS_OWN = ("check", "fail", "skip")


def of(work: Work, visit_id: UUID) -> VisitWork:
    """Everything that hangs on a visit, as far as the reader may see it.

    Raises:
        NotFound: there is none here. Forbidden: the role may not see visits.
    """
    work.actor.require(Permission.VISITS_READ)
    visit = work.get(Visit, visit_id)
    may = work.actor.granted
    found = VisitWork(visit_id=str(visit.id))
    if may(Permission.CHECKLIST_ITEMS_READ):
        _steps(work, visit, found)
    if may(Permission.TIME_ENTRIES_READ):
        _hours(work, visit, found)
    if may(Permission.MATERIALS_READ):
        found.materials = _materials(work, visit)
    if may(Permission.EXPENSES_READ):
        found.expenses = expenses.rows(work, _of(work, Expense, visit))
    if may(Permission.TASKS_READ):
        found.tasks = tasks.rows(work, _of(work, Task, visit))
        found.can_add_task = may(Permission.TASKS_WRITE)
    found.signatures = [
        _signature(work, one) for one in work.all(_signed(work, visit).order_by(col(Signature.signed_at)))
    ]
    return found


def add_step(work: Work, visit_id: UUID, label: str, kind: str, required: bool) -> None:
    """Puts a step on the visit.

    Raises:
        Invalid, Conflict, Forbidden: as their words say.
    """
    given = {"visit_id": visit_id, "label": label, "kind": kind or "check", "required": required}
    checklist_items.create(work, ItemBody.model_validate(given))


def shift_step(work: Work, item_id: UUID, by: int) -> None:
    """Moves a step up (-1) or down (1) among the visit's steps.

    Raises:
        NotFound, Forbidden: as their words say.
    """
    item = work.get(ChecklistItem, item_id)
    steps = checklist_items.of_visit(work, item.visit_id)
    place = 1 + [one.id for one in steps].index(item.id) + by
    if 1 <= place <= len(steps):
        checklist_items.patch(work, item_id, ItemPatch(position=place))


def move_step(work: Work, item_id: UUID, name: str, reason: str) -> None:
    """Makes one move of a step that the office makes: `reopen`.

    Raises:
        NotFound, Conflict, Forbidden, Invalid: as their words say.
    """
    checklist_items.move(work, item_id, name, ItemMoveBody(reason=reason or None))


def _steps(work: Work, visit: Visit, found: VisitWork) -> None:
    items = checklist_items.of_visit(work, visit.id)
    answers = _answers(work, visit)
    people = related.by_id(work, Member, [one.member_id for one in answers.values()])
    shown = _values(work, items)
    over = visit.stage in ("done", "cancelled")
    found.can_add_step = work.actor.granted(Permission.CHECKLIST_ITEMS_WRITE) and not over
    found.steps = [_step(work, item, answers.get(item.id), people, shown) for item in items]
    still = sum(item.stage == "open" for item in items)
    found.steps_note = f"{len(items) - still} of {len(items)} answered" if items else ""
    if found.can_add_step:
        found.checklists = planning.checklists(work)
        found.kinds = [Option(value=key, label=label) for key, label in KIND_WORDS]


def _answers(work: Work, visit: Visit) -> dict[UUID, ChecklistResult]:
    """The last answer to each step."""
    query = work.of(ChecklistResult).where(col(ChecklistResult.visit_id) == visit.id)
    return {
        one.item_id: one
        for one in work.all(query.order_by(col(ChecklistResult.created_at), col(ChecklistResult.id)))
    }


def _values(work: Work, items: Sequence[ChecklistItem]) -> dict[str, tuple[str, str]]:
    """What an answer that names a photo or signature is shown as: words and address."""
    ids = [_uuid(item.value) for item in items if item.kind in ("photo", "signature")]
    files = related.by_id(work, File, ids)
    found = {
        str(row_id): (file.name, f"/files/{row_id}" if file.stage == "clean" else "")
        for row_id, file in files.items()
    }
    signed = work.of(Signature).where(col(Signature.id).in_([one for one in ids if one]))
    return found | {str(one.id): (f"Signed by {one.name}", "") for one in work.all(signed)}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _step(
    work: Work,
    item: ChecklistItem,
    answer: ChecklistResult | None,
    people: dict[UUID, Member],
    shown: dict[str, tuple[str, str]],
) -> StepRow:
    member = people.get(answer.member_id) if answer and answer.member_id else None
    value, href = item.value, ""
    if item.kind in ("photo", "signature") and item.value:
        value, href = shown.get(item.value, (f"{KINDS[item.kind]} still on the phone", ""))
    is_answered = item.stage != "open"
    when = words.when(work, item.answered_at) if item.answered_at else ""
    may = work.actor.granted(Permission.CHECKLIST_ITEMS_WRITE)
    moves = open_moves(work, CHECKLIST_MACHINE, item.stage, title=f"“{item.label}”", without=CREWS_OWN)
    return StepRow(
        id=str(item.id),
        label=item.label,
        kind=KINDS[item.kind],
        required=item.required,
        stage=Badge(word=CHECKLIST_MACHINE.label(item.stage), tint=CHECKLIST_MACHINE.tint(item.stage)),
        value=value if is_answered else "",
        value_href=href if is_answered else "",
        by=", ".join(part for part in (member.name if member else "", when) if part) if is_answered else "",
        reason=answer.reason if answer and is_answered else "",
        moves=moves,
        can_move=may,
        can_remove=may and not is_answered,
    )


def _hours(work: Work, visit: Visit, found: VisitWork) -> None:
    query = work.of(TimeEntry).where(col(TimeEntry.visit_id) == visit.id, time_entries.stands())
    entries: list[TimeEntry] = work.all(query.order_by(col(TimeEntry.started_at), col(TimeEntry.id)))
    drawn = time_rows.rows(work, entries)
    found.hours = [row for one in entries for row in drawn[one.id]]
    sums = [("Work", "work"), ("Travel", "travel"), ("Breaks", "break")]
    parts = [(label, time_rows.total(entries, kind)) for label, kind in sums]
    found.hours_note = " · ".join(f"{label} {total}" for label, total in parts if total)
    found.can_add_hours = work.actor.granted(Permission.TIME_ENTRIES_WRITE)


def _materials(work: Work, visit: Visit) -> list[MaterialRow]:
    used: list[Material] = _of(work, Material, visit)
    people = related.by_id(work, Member, [one.member_id for one in used])
    return [
        MaterialRow(
            id=str(one.id),
            name=one.name,
            quantity=" ".join(part for part in (plain(one.quantity), one.unit) if part),
            by=", ".join(
                part
                for part in (
                    people[one.member_id].name if one.member_id in people else "",
                    words.when(work, one.created_at),
                )
                if part
            ),
        )
        for one in used
    ]


def _of(work: Work, model: Any, visit: Visit) -> list[Any]:
    query = work.of(model).where(col(model.visit_id) == visit.id, col(model.archived_at).is_(None))
    return work.all(query.order_by(col(model.created_at), col(model.id)))


def _signed(work: Work, visit: Visit) -> Any:
    return work.of(Signature).where(col(Signature.noun) == "visits", col(Signature.row_id) == visit.id)


def _signature(work: Work, one: Signature) -> SignatureRow:
    path, box = drawn(one.strokes or [])
    return SignatureRow(
        id=str(one.id),
        name=one.name,
        when=words.moment(work, one.signed_at),
        kind="Drawn on the phone" if one.kind == "drawn" else "Typed",
        shown=one.evidence,
        hash=one.document_hash,
        path=path,
        box=box,
    )


def drawn(strokes: list[list[list[float]]]) -> tuple[str, str]:
    """Strokes as the path of an SVG, and the box around them; empty where nothing is drawn. Numbers alone go into it."""
    lines = [[(float(point[0]), float(point[1])) for point in stroke if len(point) > 1] for stroke in strokes]
    points = [point for line in lines for point in line]
    if not points:
        return "", ""
    left, top = min(x for x, _ in points), min(y for _, y in points)
    wide, high = max(x for x, _ in points) - left, max(y for _, y in points) - top
    parts = ["M" + "L".join(f"{x - left + ROOM:.1f} {y - top + ROOM:.1f}" for x, y in line) for line in lines if line]  # fmt: skip
    return " ".join(parts), f"0 0 {wide + 2 * ROOM:.0f} {high + 2 * ROOM:.0f}"
