"""The order of locks: the rows that a batch names, in one order, before the counter.

Every other door locks rows first and takes the counter when it seals. A push that took the counter and then waited for a row
would wait for whoever holds that row and waits for the counter.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from models.base import TenantRow
from models.checklist_items import ChecklistItem
from models.contacts import Contact
from models.materials import Material
from models.properties import Property
from models.time_entries import TimeEntry
from models.visits import Visit
from ontrack_app.schemas.sync import MutationBody
from ontrack_app.work import Work

# In the order in which they are locked; arguments by which a mutation names one.
NAMED: tuple[tuple[type[TenantRow], tuple[str, ...], str], ...] = (
    (Visit, ("visit_id",), "visits"),
    (Property, ("property_id",), "properties"),
    (Contact, ("contact_id",), "contacts"),
    (ChecklistItem, ("item_id", "item"), "checklist_items"),
    (Material, ("material_id",), "materials"),
    (TimeEntry, ("corrects_id",), "time_entries"),
)


def hold(work: Work, mutations: Sequence[MutationBody]) -> None:
    """Locks what the mutations name and the actor may know, until the end of the transaction."""
    for model, arguments, noun in NAMED:
        found = {row_id for said in mutations for row_id in _ids(said, arguments, noun)}
        if model is TimeEntry:
            found |= {
                row_id
                for said in mutations
                if said.kind == "time.stop"
                for row_id in _uuid(said.args.get("id"))
            }
        if found:
            work.hold(model, sorted(found))


def _ids(said: MutationBody, arguments: Sequence[str], noun: str) -> set[UUID]:
    named = {row_id for name in arguments for row_id in _uuid(said.args.get(name))}
    return named | {said.entity.id} if said.entity and said.entity.kind == noun else named


def _uuid(given: Any) -> tuple[UUID, ...]:
    try:
        return (UUID(str(given)),) if given else ()
    except ValueError:
        return ()
