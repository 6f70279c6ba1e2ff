"""The only home of what older apps meant: each schema's mutations are turned into the next one's, until they are today's.

An app that was not opened for weeks still brings its day. A schema is understood for at least 90 days after it was replaced;
its adapter may be taken out then, and `hello` asks for a newer app from then on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ontrack_app.schemas.sync import MutationBody

SCHEMA = 2
KEPT_FOR = timedelta(days=90)
STEPS = frozenset({"depart", "arrive", "pause", "resume", "finish", "no_access"})


@dataclass(frozen=True)
class Adapter:
    """How the mutations of a schema that was replaced on a day are said in the next one."""

    replaced_on: date
    adapt: Callable[[MutationBody], MutationBody]


def _first(said: MutationBody) -> MutationBody:
    """Schema 1 had a kind for each step of a visit, the visit as the entity alone, and facts without ids of their own."""
    noun, _, verb = said.kind.partition(".")
    args: dict[str, Any] = dict(said.args)
    visit = {"visit_id": str(said.entity.id)} if said.entity and said.entity.kind == "visits" else {}
    if noun == "visit" and verb in STEPS:
        return said.model_copy(update={"kind": "visit.move", "args": {**visit, "move": verb, **args}})
    if said.kind == "note.add":
        return said.model_copy(update={"args": {"id": str(said.id), **visit, **args}})
    if said.kind == "checklist.done":
        item = {"item_id": args.pop("item", None), "outcome": "done"}
        changed = {"id": str(said.id), **visit, **item, **args}
        return said.model_copy(update={"kind": "checklist.answer", "args": changed})
    return said


ADAPTERS: dict[int, Adapter] = {1: Adapter(date(2026, 11, 22), _first)}


def understood_from(today: date) -> int:
    """The oldest schema whose apps are not asked for a newer version yet."""
    return min(
        (schema for schema, one in ADAPTERS.items() if one.replaced_on >= today - KEPT_FOR), default=SCHEMA
    )


def adapted(said: MutationBody, schema: int) -> MutationBody:
    """The mutation as an app of today would say it; one of a newer schema than ours stays as it is."""
    for step in range(said.schema_version or schema, SCHEMA):
        if step in ADAPTERS:
            said = ADAPTERS[step].adapt(said)
    return said
