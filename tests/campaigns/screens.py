"""The only home of how a campaign drives handlers: paths, arguments of every kind, and what a tab was told, made comparable."""

import json
import re
from typing import Any
from uuid import UUID

from models.tables import TABLES
from state.shell import SessionState
from tests.campaigns.bodies import noun_of_id
from tests.campaigns.ground import Side
from tests.campaigns.surfaces import Handler, document
from tests.state.support import Screen

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
CLOCK = re.compile(r'("server_time":"|"clock_offset_ms":)[^",}]+')
REFERENCE = re.compile(r"Reference [0-9A-F]{8}")
COLUMNS = sorted({column.name for table in TABLES for column in table.columns})
TYPED = ("reason", "evidence", "day", "start", "end", "amount", "price", "cost", "signature_kind", "signature_text", "signature_strokes", "contact", "value", "taxes")  # fmt: skip


def noun_of(handler: Handler) -> str:
    """The noun of the handler's module."""
    module = re.findall(r"state___([a-z_]+?)____", handler.name)[-1]
    return str(module).removeprefix("portal_")


def path_of(handler: Handler, row_id: str) -> str:
    """An address of the handler's noun."""
    return f"/{noun_of(handler).replace('_', '-')}/{row_id}"


def field_names() -> list[str]:
    """Every name under which something is kept or sent: columns, and the properties of every shape."""
    shapes = document()["components"]["schemas"].values()
    return sorted({*COLUMNS, *TYPED, *(name for shape in shapes for name in shape.get("properties", ()))})


def guess(name: str, noun: str, side: Side) -> str:
    """The side's id that an argument of that name may ask for; the noun's own where the name says nothing."""
    known = side.rows.get(noun_of_id(name, noun)) or side.rows.get(f"{name}s")
    special = {"line_id": "estimate_lines", "item_id": "price_items", "assignee": "members"}
    return known or side.rows.get(special.get(name, noun)) or side.rows["clients"]


def arguments(handler: Handler, side: Side, *, fixed: str = "") -> dict[str, Any]:
    """Arguments that name the side's rows wherever they can name one; `fixed` is an id that stands in for all of them."""
    noun, found = noun_of(handler), {}
    for name, field in handler.policy.arguments.model_fields.items():
        value = fixed or guess(name, noun, side)
        if field.annotation in (str, UUID):
            found[name] = value
        elif field.annotation is bool:
            found[name] = True
        elif field.annotation is int:
            found[name] = 1
        else:
            found[name] = {one: fixed or guess(one, noun, side) for one in field_names() if one.endswith("_id") or f"{one}s" in side.rows} | {"title": "x", "name": "x"}  # fmt: skip
    return found


def told(screen: Screen, handler: Handler, payload: dict[str, Any], path: str) -> str:
    """All that one event made the tab know, with every id and reference made alike."""
    screen.path = path
    screen.events.clear()
    screen.deltas.clear()
    seen = {toast.id for toast in screen.toasts}
    screen.send_named(handler.name, payload)
    words = [toast.text for toast in screen.toasts if toast.id not in seen]
    deltas = [
        {name: value for name, value in values.items() if not name.startswith(("rx_router", "toasts"))}
        for delta in screen.deltas
        for state, values in sorted(delta.items())
        if state != SessionState.get_full_name() or "leave_to" in str(values)
    ]
    deltas = [values for values in deltas if values]
    events = [(event.name, event.payload) for event in screen.events]
    failures = [type(failure).__name__ for failure in screen.failures]
    screen.failures.clear()
    return alike(json.dumps([words, deltas, events, failures], default=_plain, ensure_ascii=False))


def alike(words: str) -> str:
    """The words with ids, references and what the clock says taken out."""
    return REFERENCE.sub("Reference", CLOCK.sub(r"\1", ID.sub("ID", words)))


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else str(value)
