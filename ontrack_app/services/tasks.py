"""Tasks: what crews ask of the office from a visit, and what the office makes of it."""

from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.tasks import TASK_MACHINE, Task
from models.visits import Visit
from ontrack_app.schemas.crew_work import AskBody, AskTimeBody
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


def move(work: Work, task_id: UUID, name: str, reason: str | None = None) -> Task:
    """Makes one move of the office.

    Raises:
        NotFound, Conflict, Forbidden, Invalid: as their words say.
    """
    work.actor.require(Permission.VISITS_READ)
    task = work.lock(Task, task_id)
    work.advance(task, TASK_MACHINE, name, reason=reason)
    task.finished_at = None if name == "reopen" else work.at
    return task


def open_ones(work: Work) -> list[Task]:
    """What still waits for somebody, the oldest first."""
    work.actor.require(Permission.VISITS_READ)
    query = work.of(Task).where(col(Task.stage) == "open", col(Task.archived_at).is_(None))
    found: list[Task] = work.all(query.order_by(col(Task.created_at), col(Task.id)))
    return found
