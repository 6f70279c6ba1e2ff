"""Tasks on screens: what crews asked of the office, and the way from there to planning."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.files import File
from models.members import Member
from models.tasks import KINDS, TASK_FIELDS, TASK_MACHINE, Task
from models.visits import Visit
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.common import MoveBody
from ontrack_app.schemas.screens.common import Badge, ListPage, ListQuery
from ontrack_app.schemas.screens.tasks import TaskForm, TaskRow
from ontrack_app.schemas.screens.visits import Plan
from ontrack_app.schemas.tasks import TaskBody, TaskPatch
from ontrack_app.services import tasks
from ontrack_app.services.moves import open_moves
from ontrack_app.services.screens import lists, planning, related, words
from ontrack_app.services.screens.lists import View
from ontrack_app.services.screens.visits import PLANNED
from ontrack_app.work import Work

STAGE = col(Task.stage)
KIND_WORDS = dict(KINDS)
FIRST = ("kind", "member_id")
NEW_VISIT = ("follow_up", "extra_work", "failed_check")


def views() -> list[View]:
    """The tabs of the list; home counts by them too."""
    return [
        View("open", "Open", (STAGE == "open",)),
        View("done", "Done", (STAGE == "done",)),
        View("dropped", "Dropped", (STAGE == "dropped",)),
    ]


def listing(work: Work, asked: ListQuery) -> tuple[list[TaskRow], ListPage]:
    """The tasks that an address asks for.

    Raises:
        Invalid: a filter or sort that this list does not have. Forbidden: the role may not see tasks.
    """
    work.actor.require(Permission.TASKS_READ)
    found, foot = lists.page(work, Task, views(), asked)
    people = [(one.value, one.label) for one in words.member_options(work) if one.value]
    foot.filters = [
        lists.filter_of(asked, "kind", "Kind", KINDS),
        lists.filter_of(asked, "member_id", "Asked by", people),
        *lists.other_filters(asked, TASK_FIELDS, FIRST),
    ]
    return rows(work, found), foot


def rows(work: Work, found: Sequence[Task]) -> list[TaskRow]:
    """Tasks as rows: what is asked of other tables is asked once for all of them."""
    visits = related.by_id(work, Visit, [one.visit_id for one in found])
    people = related.by_id(work, Member, [one.member_id for one in found])
    photos = related.by_id(work, File, [_photo_id(one) for one in found])
    return [_row(work, one, visits.get(one.visit_id), people, photos) for one in found]


def plan(work: Work, task_id: UUID) -> Plan:
    """The plan that answers a task: of its visit at the time that was asked for, or of a new visit of the job.

    Raises:
        NotFound: there is none here. Forbidden: the role may not plan.
    """
    work.actor.require(Permission.TASKS_READ)
    task = work.get(Task, task_id)
    if task.kind != "reschedule":
        made = planning.for_job(work, work.get(Visit, task.visit_id).job_id)
        return made.model_copy(update={"instructions": task.text})
    made = planning.for_visit(work, task.visit_id)
    if (times := _wanted(work, task)) is None:
        return made
    start, end = times
    asked = {"day": f"{start:%Y-%m-%d}", "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"}
    return planning.warned(work, made.model_copy(update=asked))


def form(work: Work, task_id: UUID) -> TaskForm:
    """The form of a task.

    Raises:
        NotFound: there is none here. Forbidden: the role may not see tasks.
    """
    work.actor.require(Permission.TASKS_READ)
    task = work.get(Task, task_id)
    return TaskForm(
        id=str(task.id),
        visit_id=str(task.visit_id),
        version=task.version,
        heading="Change the task",
        verb="Save",
        text=task.text,
        due_on=task.due_on.isoformat() if task.due_on else "",
    )


def keep(work: Work, typed: TaskForm) -> None:
    """Keeps a task as typed: a new one on a visit, or a changed one.

    Raises:
        Invalid: at `text` or `due_on`. NotFound, Stale, Forbidden: as their words say.
    """
    if not typed.text.strip():
        raise _wrong("text", "Say what is to be done.")
    try:
        due = datetime.fromisoformat(typed.due_on).date() if typed.due_on else None
    except ValueError:
        raise _wrong("due_on", "Give a day, such as 2026-05-31.") from None
    if not typed.id:
        tasks.create(work, TaskBody(visit_id=UUID(typed.visit_id), text=typed.text, due_on=due))
        return
    tasks.patch(work, UUID(typed.id), TaskPatch(text=typed.text, due_on=due), version=typed.version)


def move(work: Work, task_id: UUID, name: str, reason: str) -> None:
    """Makes one move.

    Raises:
        NotFound, Conflict, Forbidden, Invalid: as their words say.
    """
    tasks.move(work, task_id, name, MoveBody(reason=reason or None))


def _row(
    work: Work,
    task: Task,
    visit: Visit | None,
    people: dict[UUID, Member],
    photos: dict[UUID, File],
) -> TaskRow:
    member = people.get(task.member_id) if task.member_id else None
    photo_id = _photo_id(task)
    photo = photos.get(photo_id) if photo_id else None
    is_open = task.stage == "open"
    today = words.local(work, work.at).date()
    return TaskRow(
        id=str(task.id),
        kind=KIND_WORDS[task.kind],
        text=task.text,
        who=member.name if member else "",
        visit=visit.title if visit else "",
        visit_href=f"/visits/{task.visit_id}",
        asked=words.ago(work, task.created_at),
        asked_full=words.moment(work, task.created_at),
        due=words.day(task.due_on),
        late=is_open and task.due_on is not None and task.due_on < today,
        wanted=_wanted_words(work, task),
        photo="" if photo_id is None else "Photo" if photo is not None else "Photo still on the phone",
        photo_href=f"/files/{photo.id}" if photo is not None and photo.stage == "clean" else "",
        stage=Badge(word=TASK_MACHINE.label(task.stage), tint=TASK_MACHINE.tint(task.stage)),
        moves=open_moves(work, TASK_MACHINE, task.stage, title=f"“{task.text[:60]}”"),
        plan=_plan_label(work, task, visit) if is_open else "",
        can_change=is_open and work.actor.granted(Permission.TASKS_WRITE),
    )


def _plan_label(work: Work, task: Task, visit: Visit | None) -> str:
    if visit is None or not work.actor.granted(Permission.VISITS_WRITE):
        return ""
    if task.kind in NEW_VISIT:
        return "Plan a visit"
    return "Plan another time" if visit.stage in PLANNED else ""


def _photo_id(task: Task) -> UUID | None:
    found = (task.wanted or {}).get("photo_id")
    return UUID(str(found)) if found else None


def _wanted(work: Work, task: Task) -> tuple[datetime, datetime] | None:
    wanted = task.wanted or {}
    if "planned_start" not in wanted or "planned_end" not in wanted:
        return None
    start, end = (datetime.fromisoformat(str(wanted[name])) for name in ("planned_start", "planned_end"))
    return words.local(work, start), words.local(work, end)


def _wanted_words(work: Work, task: Task) -> str:
    times = _wanted(work, task)
    return "" if times is None else words.window(work, *times)


def _wrong(field: str, said: str) -> Invalid:
    return Invalid(said, errors=[FieldError(field, said)])
