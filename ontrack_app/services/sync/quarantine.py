"""The only home of what the office does with work that came and could not be taken: look at it, take it in, or discard it."""

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
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
from ontrack_app.schemas.common import Page
from ontrack_app.schemas.quarantine import QuarantineCard, TakenCard
from ontrack_app.schemas.sync import MutationBody
from ontrack_app.services import devices, listing
from ontrack_app.services.clocks import Clock
from ontrack_app.services.listing import Query
from ontrack_app.services.sync.adapters import adapted
from ontrack_app.services.sync.mutators import MUTATORS
from ontrack_app.services.sync.rules import Said
from ontrack_app.work import Work


def list_page(work: Work, query: Query) -> Page[QuarantineCard]:
    """A page of the work that waits, or waited, as `listing.Query` asks.

    Raises:
        Forbidden: the actor does not put visits right. Invalid: as `listing.page` says.
    """
    work.actor.require(Permission.VISITS_CORRECT)
    found = listing.page(work, Quarantined, query)
    return Page(items=cards(work, found.rows), next_cursor=found.next_cursor)


def get(work: Work, row_id: UUID) -> QuarantineCard:
    """One piece of it.

    Raises:
        NotFound: there is none here. Forbidden: the actor does not put visits right.
    """
    work.actor.require(Permission.VISITS_CORRECT)
    return cards(work, [work.get(Quarantined, row_id)])[0]


def take_in(work: Work, row_id: UUID) -> TakenCard:
    """Does it after all, with the rights of whoever decides and in the name of whoever did it. With status conflict it has
    left both values to choose from.

    Raises:
        NotFound: there is no such work, or what it was for is gone. Conflict: it was decided already, or this server does
        not know its kind. Forbidden, Invalid: as their words say; then it waits on.
    """
    row = _undecided(work, row_id)
    said, asked = _said(row)[0], meant(row)
    mutator = MUTATORS.get(asked.kind)
    if mutator is None:
        raise Conflict("This server does not know that kind. Enter it by hand, then discard it here.")
    clock = _clock(work.get(Device, row.device_id), said)
    context = Said(said.id, row.device_id, clock, dict(asked.base))
    try:
        given = mutator.shape.model_validate(asked.args)
        with _in_the_name_of(work, row.member_id), work.attempt(said.id):
            outcome = mutator.run(work, context, given)
    except (ValidationError, MoneyError, IntegrityError, DataError) as error:
        raise Invalid(
            "It cannot be done as it was written down. Enter it by hand, then discard it here."
        ) from error
    _decide(work, row, "taken", "")
    card = dict(cards(work, [row])[0])
    became: Any = outcome.status
    return TakenCard.model_construct(
        status=became, detail=outcome.detail, conflict_id=outcome.conflict_id, **card
    )


def discard(work: Work, row_id: UUID, reason: str) -> QuarantineCard:
    """Lets it be. What it was stays readable, with the reason in the trail.

    Raises:
        NotFound: there is no such work. Conflict: it was decided already. Invalid: no reason. Forbidden: as its words say.
    """
    row = _undecided(work, row_id)
    if not reason.strip():
        words = "Say why it is discarded."
        raise Invalid(words, errors=[FieldError("reason", words)])
    _decide(work, row, "dropped", reason.strip())
    return cards(work, [row])[0]


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


def meant(row: Quarantined) -> MutationBody:
    """What was to be done, as an app of today would say it."""
    said, schema = _said(row)
    return adapted(said, schema)


def cards(work: Work, found: Collection[Quarantined]) -> list[QuarantineCard]:
    """Pieces of work as the API shows them; people and phones are asked once for all of them."""
    people = devices.names(work, [row.member_id for row in found])
    asked = work.of(Device).where(col(Device.id).in_({row.device_id for row in found}))
    phones = {device.id: device for device in work.all(asked)}
    copied = set(QuarantineCard.model_fields) - {"args", "device_label", "member_name", "happened_at"}
    result = []
    for row in found:
        said, _ = _said(row)
        result.append(
            QuarantineCard.model_construct(
                args=dict(said.args),
                device_label=phones[row.device_id].label,
                member_name=people.get(row.member_id, ""),
                happened_at=_clock(phones[row.device_id], said).happened(work),
                **row.model_dump(include=copied),
            )
        )
    return result


def _said(row: Quarantined) -> tuple[MutationBody, int]:
    body: dict[str, Any] = json.loads(row.body)
    schema = int(body.pop("schema"))
    return MutationBody.model_validate(body), schema


def _clock(device: Device, said: MutationBody) -> Clock:
    offset = device.clock_offset_ms if said.offset_ms is None else said.offset_ms
    return Clock(said.at, said.tz, offset, said.mono_ms)


@contextmanager
def _in_the_name_of(work: Work, member_id: UUID) -> Iterator[None]:
    """Hours, notes and answers are whose they are; who wrote them down here is in `created_by` and in the trail."""
    decider = work.actor
    work.actor = replace(decider, member_id=member_id, name=work.get(Member, member_id).name)
    try:
        yield
    finally:
        work.actor = decider
