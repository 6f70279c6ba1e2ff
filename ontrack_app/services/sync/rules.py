"""The only home of what happens when two wanted different things: by the kind of field, never by a clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col

from models.base import NounRow
from models.conflicts import Conflict
from models.ids import new_id
from models.sync import FieldWriter
from models.visits import VISIT_MACHINE, Visit
from ontrack_app import outlet
from ontrack_app.schemas.crew_work import VisitStepBody
from ontrack_app.services import visits
from ontrack_app.services.clocks import Clock
from ontrack_app.work import Work, standing

WRITTEN_BY = (
    standing(FieldWriter)
    .with_only_columns(col(FieldWriter.mutation_id))
    .where(col(FieldWriter.noun) == bindparam("noun"), col(FieldWriter.row_id) == bindparam("row_id"))
    .where(col(FieldWriter.field) == bindparam("field"))
)
# How far along a visit is: a step that leads no further than where it stands has been overtaken, and is no conflict.
FAR = {"scheduled": 0, "en_route": 1, "on_site": 2, "paused": 2, "done": 3}


@dataclass(frozen=True)
class Said:
    """What a mutation said besides its arguments: which it is, from which device, by which clock, having seen what."""

    mutation_id: UUID
    device_id: UUID
    clock: Clock
    base: dict[str, UUID | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What became of a mutation that was not refused."""

    status: str = "applied"
    code: str = ""
    detail: str = ""
    conflict_id: UUID | None = None
    server: dict[str, Any] | None = None


def step(work: Work, said: Said, body: VisitStepBody) -> Outcome:
    """A stage: legal from where the visit stands → made; overtaken → kept in the trail alone; else for the dispatcher.

    Raises:
        NotFound, Forbidden, Invalid, Conflict: as for `visits.perform`.
    """
    visit = work.lock(Visit, body.visit_id)
    move = VISIT_MACHINE.find(body.move)
    assert move is not None and move.to is not None
    if visit.stage in move.from_:
        visits.perform(work, visit, body.move, reason=body.reason, at=said.clock.happened(work))
        return Outcome(server={"stage": visit.stage})
    work.actor.require(move.right)
    here = {"stage": visit.stage}
    past = visit.stage == move.to or (
        visit.stage in FAR and move.to in FAR and FAR[visit.stage] >= FAR[move.to]
    )
    if past:
        after = {"move": body.move, **said.clock.evidence(work)}
        work.record("visits.reported", visit, after=after, reason=body.reason)
        return Outcome(code="already_past", server=here)
    lost = {"move": body.move, "stage": move.to, "reason": body.reason}
    label = VISIT_MACHINE.label(visit.stage).lower()
    words = f"“{move.label}” did not count: the visit is {label}. The office has been told."
    return _lose(work, said, Losing("stage", visit, "stage", lost, here, words))


def scalar(
    work: Work, said: Said, row: NounRow, wish: tuple[str, Any], apply: Callable[[], object]
) -> Outcome:
    """A plain value, wished for a field: written where the person saw what stands there; else both are kept, and somebody
    chooses."""
    name, value = wish
    noun = str(row.__tablename__)
    writer = writer_of(work, noun, row.id, name)
    if said.base.get(name) == writer or getattr(row, name) == value:
        apply()
        return Outcome()
    kept = {"value": getattr(row, name), "writer": writer and str(writer)}
    words = "Somebody else changed it meanwhile. Both are kept: choose one."
    return _lose(work, said, Losing("field", row, name, {"value": value}, kept, words))


def writer_of(work: Work, noun: str, row_id: UUID, name: str) -> UUID | None:
    """Which change wrote the present value of a field; None where nobody changed it since the row was made."""
    own = outlet.written_by(work.session, noun, row_id, name)
    if own is not None:
        return own
    writer: UUID | None = work.first(WRITTEN_BY, noun=noun, row_id=row_id, field=name)
    return writer


@dataclass(frozen=True)
class Losing:
    """A value that lost, with the row and field it was for and what stands there."""

    kind: str
    row: NounRow
    field: str
    lost: dict[str, Any]
    kept: dict[str, Any]
    words: str


def _lose(work: Work, said: Said, losing: Losing) -> Outcome:
    assert work.actor.member_id is not None
    conflict = work.add(
        Conflict(
            tenant_id=work.actor.tenant_id,
            id=new_id(),
            kind=losing.kind,
            noun=str(losing.row.__tablename__),
            row_id=losing.row.id,
            field=losing.field,
            lost=losing.lost,
            kept=losing.kept,
            mutation_id=said.mutation_id,
            device_id=said.device_id,
            member_id=work.actor.member_id,
            device_at=said.clock.at,
            created_at=work.at,
        )
    )
    before, after = (_by_field(losing.field, values) for values in (losing.kept, losing.lost))
    work.record("conflicts.created", losing.row, before=before, after={**after, "conflict_id": conflict.id})
    return Outcome("conflict", losing.kind, losing.words, conflict.id, losing.kept)


def _by_field(field: str, values: dict[str, Any]) -> dict[str, Any]:
    """As the trail wants it: under the field's own name, so that what is secret stays out of it."""
    return {field if name == "value" else name: value for name, value in values.items()}
