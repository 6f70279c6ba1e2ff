"""The only home of what the office does with work that came and could not be taken: look at it, take it in, or discard it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.exc import DataError, IntegrityError
from sqlmodel import col

from models.access import Permission
from models.devices import Device
from models.members import Member
from models.money import MoneyError
from models.sync import Quarantined
from ontrack_app.errors import Conflict, FieldError, Invalid
from ontrack_app.schemas.sync import MutationBody
from ontrack_app.services.clocks import Clock
from ontrack_app.services.sync.adapters import adapted
from ontrack_app.services.sync.mutators import MUTATORS
from ontrack_app.services.sync.rules import Outcome, Said
from ontrack_app.work import Work


@dataclass(frozen=True)
class Waiting:
    """One piece of work that waits: whose it is, from which phone, what was to be done, and why it was not."""

    id: UUID
    member_id: UUID
    name: str
    device: str
    kind: str
    reason: str
    args: dict[str, Any]
    happened_at: datetime
    received_at: datetime


def open_ones(work: Work) -> list[Waiting]:
    """What nobody has decided yet, the oldest first.

    Raises:
        Forbidden: the actor does not put visits right.
    """
    work.actor.require(Permission.VISITS_CORRECT)
    query = work.of(Quarantined).where(col(Quarantined.decision).is_(None))
    found: list[Quarantined] = work.all(query.order_by(col(Quarantined.received_at), col(Quarantined.id)))
    return [_card(work, row) for row in found]


def take_in(work: Work, row_id: UUID) -> Outcome:
    """Does it after all, with the rights of whoever decides and in the name of whoever did it. An outcome of status conflict
    has left both values to choose from.

    Raises:
        NotFound: there is no such work, or what it was for is gone. Conflict: it was decided already, or this server does
        not know its kind. Forbidden, Invalid: as their words say; then it waits on.
    """
    row = _undecided(work, row_id)
    said, schema = _said(row)
    meant = adapted(said, schema)
    mutator = MUTATORS.get(meant.kind)
    if mutator is None:
        raise Conflict("This server does not know that kind. Enter it by hand, then discard it here.")
    context = Said(said.id, row.device_id, _clock(work, row, said), dict(meant.base))
    try:
        given = mutator.shape.model_validate(meant.args)
        with _in_the_name_of(work, row.member_id), work.attempt(said.id):
            outcome = mutator.run(work, context, given)
    except (ValidationError, MoneyError, IntegrityError, DataError) as error:
        raise Invalid(
            "It cannot be done as it was written down. Enter it by hand, then discard it here."
        ) from error
    _decide(work, row, "taken", "")
    return outcome


def discard(work: Work, row_id: UUID, reason: str) -> None:
    """Lets it be. What it was stays readable, with the reason in the trail.

    Raises:
        NotFound: there is no such work. Conflict: it was decided already. Invalid: no reason. Forbidden: as its words say.
    """
    row = _undecided(work, row_id)
    if not reason.strip():
        words = "Say why it is discarded."
        raise Invalid(words, errors=[FieldError("reason", words)])
    _decide(work, row, "dropped", reason.strip())


def _undecided(work: Work, row_id: UUID) -> Quarantined:
    work.actor.require(Permission.VISITS_CORRECT)
    row = work.lock(Quarantined, row_id)
    if row.decision is not None:
        raise Conflict("Somebody has decided on this already.")
    return row


def _decide(work: Work, row: Quarantined, decision: str, reason: str) -> None:
    row.decision, row.decided_at, row.decided_by = decision, work.at, work.actor.member_id
    after = {"kind": row.kind, "member_id": row.member_id}
    work.record(f"quarantine.{decision}", row, after=after, reason=reason or None)


def _said(row: Quarantined) -> tuple[MutationBody, int]:
    body: dict[str, Any] = json.loads(row.body)
    schema = int(body.pop("schema"))
    return MutationBody.model_validate(body), schema


def _card(work: Work, row: Quarantined) -> Waiting:
    said, _ = _said(row)
    return Waiting(
        id=row.id,
        member_id=row.member_id,
        name=work.get(Member, row.member_id).name,
        device=work.get(Device, row.device_id).label,
        kind=row.kind,
        reason=row.reason,
        args=dict(said.args),
        happened_at=_clock(work, row, said).happened(work),
        received_at=row.received_at,
    )


def _clock(work: Work, row: Quarantined, said: MutationBody) -> Clock:
    measured = work.get(Device, row.device_id).clock_offset_ms
    return Clock(said.at, said.tz, measured if said.offset_ms is None else said.offset_ms, said.mono_ms)


@contextmanager
def _in_the_name_of(work: Work, member_id: UUID) -> Iterator[None]:
    """Hours, notes and answers are whose they are; who wrote them down here is in `created_by` and in the trail."""
    decider = work.actor
    work.actor = replace(decider, member_id=member_id, name=work.get(Member, member_id).name)
    try:
        yield
    finally:
        work.actor = decider
