"""Push: takes in what phones did, each mutation once, in its order, through the services that every other door uses."""

import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import bindparam, text
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlmodel import col

from models.devices import Device
from models.ids import new_id
from models.money import MoneyError
from models.sync import Quarantined, SyncClient, SyncMutation
from ontrack_app.errors import Conflict, NotFound, Refusal
from ontrack_app.schemas.sync import MutationBody, PushBody, PushCard, ResultCard
from ontrack_app.services.clocks import Clock
from ontrack_app.services.sync import devices, holding
from ontrack_app.services.sync.adapters import adapted
from ontrack_app.services.sync.mutators import MUTATORS, NEVER, Mutator
from ontrack_app.services.sync.rules import Outcome, Said
from ontrack_app.work import Work, standing

log = logging.getLogger("ontrack.sync")
HOLD_COUNTER = text("SELECT app.hold_counter()")
STORED = standing(SyncMutation).where(
    col(SyncMutation.device_id) == bindparam("device"),
    col(SyncMutation.seq).in_(bindparam("numbers", expanding=True)),
)
KNOWN = standing(SyncMutation).where(col(SyncMutation.mutation_id).in_(bindparam("ids", expanding=True)))
IN_QUARANTINE = {
    "revoked": "This phone was signed off. What it did is kept for the office.",
    "no_right": "You do no visits any more. What you did is kept for the office.",
    "gone": "What this was for is no longer there for you. It is kept for the office.",
    "unknown": "This server does not know that kind yet. It is kept.",
    "failed": "Something broke on our side. It is kept, and we look at it.",
}


@dataclass
class Batch:
    """One push under way."""

    work: Work
    device: Device
    schema: int
    closed: str
    known: dict[UUID, SyncMutation]
    taken: list[SyncMutation] = field(default_factory=list)


def push(work: Work, body: PushBody) -> PushCard:
    """Takes mutations in until one is out of order; what was taken before is answered as it was then.

    The rows that the batch names are locked first (everybody else locks rows before the counter), then the company's
    counter, then the phone's queue; all of it is one transaction.

    Raises:
        NotFound: the device never said hello, or is another person's. Conflict: a number came with another body.
    """
    devices.own(work, body.device_id)
    holding.hold(work, body.mutations)
    return take(work, body, may_work=devices.may_work(work))


def take(work: Work, body: PushBody, *, may_work: bool) -> PushCard:
    """The same for a device that is known to be the sender's; where its person may not work, all of it is quarantined.

    Raises:
        NotFound: there is no such device. Conflict: a number came with another body.
    """
    n: int = work.session.execute(HOLD_COUNTER).scalar_one()
    client = work.lock(SyncClient, body.device_id)
    device = work.lock(Device, body.device_id)
    stored = _stored(work, client, body.mutations)
    closed = "revoked" if device.revoked_at else "" if may_work else "no_right"
    batch = Batch(work, device, body.schema_version, closed, _known(work, body.mutations))
    results = []
    for said in body.mutations:
        if said.seq > client.last_seq + 1:
            break
        if said.seq <= client.last_seq:
            results.append(_again(said, stored.get(said.seq)))
            continue
        results.append(_take(batch, said))
        client.last_seq = said.seq
    for row in batch.taken:
        work.add(row)
    device.seen_at = work.at
    return PushCard.model_construct(last_seq=client.last_seq, results=results, n=n)


def _stored(work: Work, client: SyncClient, said: Sequence[MutationBody]) -> dict[int, SyncMutation]:
    old = [one.seq for one in said if one.seq <= client.last_seq]
    if not old:
        return {}
    return {row.seq: row for row in work.all(STORED, device=client.id, numbers=old)}


def _known(work: Work, said: Sequence[MutationBody]) -> dict[UUID, SyncMutation]:
    if not said:
        return {}
    return {row.mutation_id: row for row in work.all(KNOWN, ids=[one.id for one in said])}


def _again(said: MutationBody, row: SyncMutation | None) -> ResultCard:
    """The stored answer.

    Raises:
        Conflict: this number was used for something else.
    """
    if row is None:
        return ResultCard(seq=said.seq, status="duplicate", code="forgotten")
    if row.body_hash != body_hash(said):
        raise Conflict(f"Number {said.seq} of this phone was used for something else (seq_reuse).")
    return ResultCard.model_validate({**row.result, "seq": said.seq, "status": row.status})


def _take(batch: Batch, said: MutationBody) -> ResultCard:
    digest, known = body_hash(said), batch.known.get(said.id)
    if known is None:
        outcome = _run(batch, said)
    elif known.body_hash == digest and known.member_id == batch.device.member_id:
        outcome = Outcome("duplicate", code=str(known.seq))
    else:
        outcome = Outcome("rejected", "id_reuse", "This id was used for something else.")
    card = ResultCard(
        seq=said.seq,
        status=outcome.status,
        code=outcome.code,
        detail=outcome.detail,
        conflict_id=outcome.conflict_id,
        server=outcome.server,
    )
    row = SyncMutation(
        tenant_id=batch.device.tenant_id,
        id=new_id(),
        device_id=batch.device.id,
        member_id=batch.device.member_id,
        seq=said.seq,
        mutation_id=said.id if known is None else None,
        kind=said.kind,
        status=card.status,
        result=card.model_dump(mode="json", exclude={"seq", "status"}),
        body_hash=digest,
        clock=_clock(batch, said).evidence(batch.work),
        received_at=batch.work.at,
    )
    batch.taken.append(row)
    batch.known.setdefault(said.id, row)
    return card


def _run(batch: Batch, said: MutationBody) -> Outcome:
    if batch.closed:
        return _quarantine(batch, said, batch.closed)
    meant = adapted(said, batch.schema)
    mutator = MUTATORS.get(meant.kind)
    if mutator is None and meant.kind.partition(".")[0] in NEVER:
        return Outcome("rejected", "not_offline", "Money, prices and rights are changed with a signal only.")
    if mutator is None:
        return _quarantine(batch, said, "unknown")
    return _do(batch, said, mutator, meant)


def _do(batch: Batch, said: MutationBody, mutator: Mutator, meant: MutationBody) -> Outcome:
    """What became of it; a refusal leaves nothing of it behind but its number, so that nothing blocks the queue."""
    context = Said(said.id, batch.device.id, _clock(batch, said), dict(meant.base))
    try:
        given = mutator.shape.model_validate(meant.args)
        with batch.work.attempt(said.id):
            return mutator.run(batch.work, context, given)
    except NotFound:
        return _quarantine(batch, said, "gone")
    except (ValidationError, Refusal, MoneyError, IntegrityError, DataError) as error:
        return _refused(error)
    except DBAPIError:
        raise  # a lock or the connection: the whole batch comes again
    except Exception as error:  # a fault of ours must not block the phone's queue for ever
        log.error("mutation %s of kind %s failed", said.id, said.kind, exc_info=error)
        return _quarantine(batch, said, "failed")


def _refused(error: Exception) -> Outcome:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return Outcome("rejected", "invalid", f"{where}: {first['msg'].removeprefix('Value error, ')}"[:300])
    if isinstance(error, IntegrityError):
        return Outcome("rejected", "exists", "There is one like this already, or it points at nothing.")
    if isinstance(error, DataError):
        return Outcome("rejected", "invalid", "A value is larger than can be kept.")
    code = type(error).__name__.lower()
    return Outcome("rejected", code, str(error)[:1000])


def _quarantine(batch: Batch, said: MutationBody, reason: str) -> Outcome:
    work = batch.work
    row = Quarantined(
        tenant_id=batch.device.tenant_id,
        id=new_id(),
        device_id=batch.device.id,
        member_id=batch.device.member_id,
        mutation_id=said.id,
        kind=said.kind,
        reason=reason,
        body=json.dumps(
            said.model_dump(mode="json", by_alias=True) | {"schema": said.schema_version or batch.schema}
        ),
        visit_id=_visit_of(said),
        received_at=work.at,
    )
    work.add(row)
    work.record("quarantine.added", row, after={"kind": said.kind, "reason": reason})
    return Outcome("parked", reason, IN_QUARANTINE[reason])


def _visit_of(said: MutationBody) -> UUID | None:
    """The visit that it names, by its arguments or, in the oldest apps, by its entity; None where it names none."""
    if said.entity is not None and said.entity.kind == "visits":
        return said.entity.id
    try:
        return UUID(str(said.args.get("visit_id")))
    except ValueError:
        return None


def _clock(batch: Batch, said: MutationBody) -> Clock:
    offset = batch.device.clock_offset_ms if said.offset_ms is None else said.offset_ms
    return Clock(said.at, said.tz, offset, said.mono_ms)


def body_hash(said: MutationBody) -> str:
    """What a mutation is recognised by when it comes again: all that it asks for, and when."""
    asked = said.model_dump(mode="json", include={"id", "kind", "at", "entity", "args", "base"})
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
