"""Every column of every table in every body that makes or changes something: refused by name over REST, never written by a form."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest

from models.access import Role
from models.tables import TABLES
from ontrack_app.work import Work
from tests.campaigns import bodies, surfaces
from tests.campaigns.ground import Rehearsed, Side
from tests.campaigns.screens import COLUMNS, path_of
from tests.campaigns.surfaces import Call, Front
from tests.campaigns.test_idor import arguments_id, someone
from tests.campaigns.test_matrix import own_ids
from tests.state.support import Screen

EXTRA = (
    "totals",
    "total",
    "is_admin",
    "permissions",
    "scopes",
    "tenant",
    "user",
    "session_id",
    "__class__",
    "_sa_instance_state",
)
# Who made a row, whose it is, where it stands: no body has them, whatever else it may say.
NEVER = {"tenant_id", "id", "version", "created_at", "created_by", "updated_at", "updated_by", "archived_at", "search_text", "number", "total_cents", "issued_at", "user_id", "hash"}  # fmt: skip
PLACES = {"body", "query", "path", "header"}  # a problem document leaves these out of a field's name
AT_ONCE = 40
POISON = "01234567-89ab-7cde-8f01-23456789abcd"


def places(
    schema: dict[str, Any], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every object in a body, with where it stands."""
    schema = bodies.resolved(schema)
    if schema.get("type") == "array":
        yield from places(schema.get("items", {}), path)
    elif "properties" in schema:
        yield path, schema
        for name, inner in schema["properties"].items():
            yield from places(inner, (*path, name))


def poisoned(body: Any, path: tuple[str, ...], names: list[str]) -> Any:
    """The body with these names in the object at `path`."""
    if isinstance(body, list):
        return [poisoned(one, path, names) for one in body]
    if path:
        return {**body, path[0]: poisoned(body[path[0]], path[1:], names)}
    return {**body, **dict.fromkeys(names, POISON)}


def test_no_body_takes_a_column_that_it_does_not_declare(front: Front, ours: Side) -> None:
    calls, labels = [], []
    headers = someone(ours, Role.ADMIN).headers
    for operation in surfaces.operations():
        schema, ids = bodies.schema_of(operation), own_ids(ours, operation.noun)
        for path, shape in places(schema or {}):
            if shape.get("additionalProperties") is not False:
                labels.append((f"{operation.label} {'.'.join(path)}", ["takes any name"]))
                calls.append(Call("GET", "/livez"))
            full = bodies.least(schema or {}, ids, more=frozenset((schema or {})["properties"]))
            unknown = [name for name in (*COLUMNS, *EXTRA) if name not in {*shape["properties"], *PLACES}]
            for start in range(0, len(unknown), AT_ONCE):
                names = unknown[start : start + AT_ONCE]
                try:
                    given = poisoned(full, path, names)
                except KeyError:  # a part that the sample does not have
                    continue
                calls.append(
                    Call(
                        operation.method,
                        bodies.path_of(operation, ids),
                        headers,
                        {"json": given},
                    )
                )
                labels.append((f"{operation.label} {'.'.join(path)}", names))
    assert len(calls) > 60
    before, wrong = ours.fingerprint(), []
    for (label, names), answer in zip(labels, front.all(calls), strict=True):
        refused = (
            {one["field"].rpartition(".")[2] for one in answer.json()["errors"]}
            if answer.status_code == 422
            else set()
        )
        wrong += [
            f"{label}: {name} ({answer.status_code})"
            for name in names
            if (name if name not in PLACES else "") not in refused
        ]
    assert wrong == []
    assert ours.fingerprint() == before


def test_no_body_declares_what_is_nobodys_to_say() -> None:
    found = [
        f"{operation.label} {'.'.join(path)}: {name}"
        for operation in surfaces.operations()
        for path, shape in places(bodies.schema_of(operation) or {})
        for name in shape["properties"]
        if name in NEVER and not path
    ]
    assert found == []


def test_no_form_writes_a_column_that_it_does_not_show(ours: Side) -> None:
    """Every handler that takes what was typed is given every column; what it would write is looked through before it is."""
    written: list[str] = []
    screen = Screen(someone(ours, Role.ADMIN).hash)
    seal = Work.seal

    def look(work: Work) -> None:
        for row in [*work.session.new, *work.session.dirty]:
            columns = {
                column.name for table in TABLES for column in table.columns if table.name == row.__tablename__
            }
            taken = [
                name
                for name in columns & (NEVER | {"stage"})
                if str(getattr(row, name, "")) == POISON or getattr(row, name, None) == UUID(POISON)
            ]
            written.extend(f"{row.__tablename__}.{name}" for name in taken)
        changes = bool(work.session.new or work.session.dirty or work.session.deleted)
        seal(work)
        if changes:
            raise Rehearsed("It would have been done.")

    forms = [
        one
        for one in surfaces.handlers()
        if any("dict" in str(field.annotation) for field in one.policy.arguments.model_fields.values())
    ]
    assert len(forms) > 15
    with patch.object(Work, "seal", look):
        for handler in forms:
            screen.path = path_of(handler, arguments_id(handler.name, ours))
            for opener in ("edit", "load", "start"):
                sibling = f"{handler.name.rpartition('.')[0]}.{opener}"
                if any(
                    one.name == sibling and not one.policy.arguments.model_fields
                    for one in surfaces.handlers()
                ):
                    screen.send_named(sibling, {})
            data = dict.fromkeys(COLUMNS, POISON) | {"name": "Typed", "title": "Typed", "need": "Typed"}
            screen.send_named(handler.name, dict.fromkeys(handler.policy.arguments.model_fields, data))
    screen.close()
    assert written == []


@pytest.mark.parametrize("noun", ["leads", "clients", "jobs", "estimates"])
def test_a_row_keeps_what_is_nobodys_to_say(front: Front, ours: Side, noun: str) -> None:
    """A change that is taken leaves whose row it is, who made it and its number as they were."""
    path, headers = (
        f"/api/v1/{noun}/{ours.rows['drafts' if noun == 'estimates' else noun]}",
        someone(ours, Role.OFFICE).headers,
    )
    before = front("GET", path, headers).json()
    name = {"leads": "name", "clients": "name", "jobs": "title", "estimates": "title"}[noun]
    answer = front("PATCH", path, headers, json={name: f"Changed {ours.mark}"})
    assert answer.status_code == 200
    changed = {key for key, value in answer.json().items() if before[key] != value}
    assert changed <= {name, "version", "updated_at"}
