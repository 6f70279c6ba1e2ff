"""The only home of plain changes to a row: what every noun's PATCH and DELETE do in the same way."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from models.access import Permission
from models.base import NounRow
from ontrack_app.schemas.common import Body
from ontrack_app.work import Work

TRAIL = ("version", "created_at", "updated_at", "archived_at")


def change(
    work: Work, row: NounRow, given: dict[str, Any], *, word: str, nullable: Collection[str] = ()
) -> None:
    """Sets the given values on a locked row and leaves a trail of what they were; null clears only what may be empty."""
    after = {name: value for name, value in given.items() if value is not None or name in nullable}
    before = {name: getattr(row, name) for name in after}
    if before == after:
        return
    for name, value in after.items():
        setattr(row, name, value)
    work.changed(row)
    changed = [name for name in after if before[name] != after[name]]
    work.record(word, row, before={n: before[n] for n in changed}, after={n: after[n] for n in changed})


def archive(
    work: Work, model: type[NounRow], row_id: UUID, right: Permission, *, version: int | None = None
) -> None:
    """Puts a row away: it leaves the lists, keeps its history, and can still be read by its id.

    Raises:
        NotFound, Forbidden, Stale: as their words say.
    """
    noun = str(model.__tablename__)
    work.actor.require(Permission(f"{noun}:read"))
    row = work.lock(model, row_id, version=version)
    work.actor.require(right)
    if row.archived_at is None:
        row.archived_at = work.at
        work.changed(row)
        work.record(f"{noun}.archived", row)


def given(body: Body, *, without: Collection[str] = ()) -> dict[str, Any]:
    """What the sender of a PATCH really named, each whole: what a part of it leaves out is as its shape has it."""
    whole = body.model_dump(exclude=set(without))
    return {name: value for name, value in whole.items() if name in body.model_fields_set}
