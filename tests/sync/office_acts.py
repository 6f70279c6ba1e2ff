"""What the office does to a crew's visits in the random histories besides planning them: whatever a phone shows may change."""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.contacts import Contact
from models.expenses import Expense
from models.ids import now
from models.jobs import Job
from models.tasks import Task
from ontrack_app.errors import Refusal
from ontrack_app.schemas.clients import ClientPatch, ContactPatch
from ontrack_app.schemas.common import MoneyBody, MoveBody
from ontrack_app.schemas.crew_work import ItemBody
from ontrack_app.schemas.expenses import ExpenseMoveBody
from ontrack_app.schemas.jobs import JobPatch, VisitMoveBody
from ontrack_app.services import checklist_items, clients, contacts, expenses, jobs, tasks, visits
from ontrack_app.work import Work

DAYS = (-3, 0, 1, 13, 16, 40)  # left over, near, at the edge of what is shown, beyond it


def act(work: Work, dice: Random, visit_id: UUID, word: str) -> None:
    """Does one of them at random; what the rules refuse is not done."""
    doing = dice.choice(
        (_plan, _plan, _call_off, _put_right, _name, _call, _step, _decide, _answer, _entitle)
    )
    try:
        with work.session.begin_nested():
            doing(work, dice, visit_id, word)
    except Refusal:
        return


def _plan(work: Work, dice: Random, visit_id: UUID, _word: str) -> None:
    start = now() + timedelta(days=dice.choice(DAYS))
    times = VisitMoveBody(planned_start=start, planned_end=start + timedelta(hours=1))
    name = "reschedule" if visits.get(work, visit_id).stage == "scheduled" else "schedule"
    visits.move(work, visit_id, name, times)


def _call_off(work: Work, _dice: Random, visit_id: UUID, word: str) -> None:
    visits.move(work, visit_id, "cancel", VisitMoveBody(reason=word))


def _put_right(work: Work, _dice: Random, visit_id: UUID, word: str) -> None:
    visits.move(work, visit_id, "correct", VisitMoveBody(reason=word))


def _name(work: Work, _dice: Random, visit_id: UUID, word: str) -> None:
    job = work.get(Job, visits.get(work, visit_id).job_id)
    clients.patch(work, job.client_id, ClientPatch(name=word))


def _call(work: Work, dice: Random, visit_id: UUID, word: str) -> None:
    job = work.get(Job, visits.get(work, visit_id).job_id)
    known = work.all(
        work.of(Contact).where(col(Contact.client_id) == job.client_id).order_by(col(Contact.id))
    )
    if known:
        contacts.patch(work, dice.choice(known).id, ContactPatch(job_title=word))


def _step(work: Work, dice: Random, visit_id: UUID, word: str) -> None:
    there = checklist_items.of_visit(work, visit_id)
    if there and dice.random() < 0.4:
        checklist_items.archive(work, dice.choice(there).id)
    else:
        checklist_items.create(work, ItemBody(visit_id=visit_id, label=word))


def _decide(work: Work, dice: Random, visit_id: UUID, word: str) -> None:
    for row in _newest(work, Expense, visit_id):
        name = dice.choice(("approve", "reject"))
        amount = (
            MoneyBody(amount_cents=1200, currency=work.actor.tenant.currency) if name == "approve" else None
        )
        expenses.move(work, row.id, name, ExpenseMoveBody(reason=word, amount=amount))


def _answer(work: Work, dice: Random, visit_id: UUID, word: str) -> None:
    for row in _newest(work, Task, visit_id):
        tasks.move(work, row.id, dice.choice(("finish", "drop")), MoveBody(reason=word))


def _entitle(work: Work, _dice: Random, visit_id: UUID, word: str) -> None:
    jobs.patch(work, visits.get(work, visit_id).job_id, JobPatch(title=word, instructions=word))


def _newest(work: Work, model: type[Any], visit_id: UUID) -> list[Any]:
    return work.all(work.of(model).where(model.visit_id == visit_id).order_by(model.id.desc()).limit(1))
