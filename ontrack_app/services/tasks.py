"""Tasks: what crews ask of the office from a visit, and what the office makes of it."""

from typing import Any
from uuid import UUID

from models.access import Permission
from models.ids import new_id
from models.tasks import TASK_MACHINE, Task
from models.visits import Visit
from ontrack_app.schemas.common import MoveBody, Page
from ontrack_app.schemas.crew_work import AskBody, AskTimeBody
from ontrack_app.schemas.tasks import TaskBody, TaskCard, TaskPatch
from ontrack_app.services import listing, rows
from ontrack_app.services.listing import Query
from ontrack_app.work import Work


def ask(work: Work, kind: str, body: AskBody, wanted: dict[str, Any] | None = None) -> Task:
    """Asks the office for extra work, another visit or what a failed check needs.

    Raises:
        NotFound: the visit is not one that the actor may know. Forbidden: the role performs no visits.
    """
    work.actor.require(Permission.VISITS_PERFORM)
    visit = work.get(Visit, body.visit_id)
    more = {"photo_id": str(body.photo_id)} if body.photo_id else {}
    task = Task(
        tenant_id=visit.tenant_id,
        id=body.id,
        visit_id=visit.id,
        member_id=work.actor.member_id,
        kind=kind,
        text=body.text,
        wanted={**(wanted or {}), **more} or None,
    )
    work.add(task)
    work.record("tasks.created", visit, after={"task_id": task.id, "kind": kind})
    return task


def ask_time(work: Work, body: AskTimeBody) -> Task:
    """Asks for another time: the office plans, so what a crew wants is a request.

    Raises:
        NotFound, Forbidden: as for `ask`.
    """
    wanted = {"planned_start": body.planned_start.isoformat(), "planned_end": body.planned_end.isoformat()}
    return ask(work, "reschedule", body, wanted)


def create(work: Work, body: TaskBody) -> TaskCard:
    """A to-do that the office writes down on a visit.

    Raises:
        Invalid: there is no such visit. Forbidden: the role has no tasks to give.
    """
    work.actor.require(Permission.TASKS_WRITE)
    visit = work.need(Visit, body.visit_id, "visit_id")
    task = Task(tenant_id=visit.tenant_id, id=new_id(), member_id=work.actor.member_id, **body.model_dump())
    work.add(task)
    work.record("tasks.created", visit, after={"task_id": task.id, "kind": task.kind})
    return card(work, task)


def patch(work: Work, task_id: UUID, body: TaskPatch, *, version: int | None = None) -> TaskCard:
    """Changes the words or the due date; the stage only changes by moves.

    Raises:
        NotFound, Forbidden, Stale: as their words say.
    """
    work.actor.require(Permission.TASKS_READ)
    task = work.lock(Task, task_id, version=version)
    work.actor.require(Permission.TASKS_WRITE)
    rows.change(work, task, rows.given(body), word="tasks.changed", nullable=["due_on"])
    return card(work, task)


def get(work: Work, task_id: UUID) -> TaskCard:
    """One to-do; a crew member's on its own visits.

    Raises:
        NotFound: there is none here, or none that may be known.
    """
    work.actor.require(Permission.TASKS_READ)
    return card(work, work.get(Task, task_id))


def list_page(work: Work, query: Query) -> Page[TaskCard]:
    """A page of to-dos, as `listing.Query` asks; a crew member gets those of its visits."""
    work.actor.require(Permission.TASKS_READ)
    found = listing.page(work, Task, query)
    return Page(items=[card(work, row) for row in found.rows], next_cursor=found.next_cursor)


def move(work: Work, task_id: UUID, name: str, body: MoveBody, *, version: int | None = None) -> TaskCard:
    """Makes one move of the office.

    Raises:
        NotFound, Conflict, Forbidden, Invalid, Stale: as their words say.
    """
    work.actor.require(Permission.TASKS_READ)
    task = work.lock(Task, task_id, version=version)
    work.advance(task, TASK_MACHINE, name, reason=body.reason)
    task.finished_at = None if name == "reopen" else work.at
    return card(work, task)


def card(work: Work, task: Task) -> TaskCard:
    """The to-do as the API shows it."""
    del work
    return TaskCard.model_construct(**task.model_dump(include=set(TaskCard.model_fields)))
