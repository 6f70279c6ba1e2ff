"""The only home of bodies made from the OpenAPI document: the least that a route takes, each id one of the company's own rows."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from models.ids import new_id
from ontrack_app.api.tus import PART_TYPE
from tests.campaigns.surfaces import Operation, document
from tests.factories.files import metadata

WORDS = (
    "Words",
    "1",
    "10",
    "USD",
    "US",
    "+1 514 555 0138",
    "someone@x.example",
    "https://x.example",
    "",
    "123456",
)
TIMES = {
    "date": "2099-01-01",
    "date-time": "2099-01-01T10:00:00Z",
    "email": "someone@x.example",
    "time": "10:00:00",
}
NAMED = {
    "stage": "contacted",
    "planned_end": "2099-01-01T12:00:00Z",
    "started_at": "2026-01-05T08:00:00Z",
    "ended_at": "2026-01-05T09:00:00Z",
    "role": "office",
    "permission": "leads:write",
}  # what no schema says
OTHER_NOUNS = {
    "assignee": "members",
    "parent": "properties",
    "person": "members",
    "row": "",
    "corrects": "time_entries",
}
SENT = {
    "Tus-Resumable": "1.0.0",
    "Upload-Length": "1",
    "Upload-Offset": "0",
    "X-HTTP-Method-Override": "HEAD",
}
Ids = Callable[[str], str]


def noun_of_id(name: str, noun: str) -> str:
    """Which table an id of that name points at; `noun` is the route's own."""
    stem = re.sub(r"_ids?$", "", name)
    known = OTHER_NOUNS.get(stem)
    if known is not None:
        return known or noun
    return f"{stem.removesuffix('y')}ies" if stem.endswith("y") else f"{stem}s"


def schema_of(operation: Operation) -> dict[str, Any] | None:
    """The schema of the route's JSON body; None where it takes none."""
    if operation.hidden:
        return None
    said = document()["paths"][operation.path][operation.method.lower()]
    content = said.get("requestBody", {}).get("content", {})
    return resolved(content["application/json"]["schema"]) if "application/json" in content else None


def parameters_of(operation: Operation) -> list[dict[str, Any]]:
    """The parameters that the route documents, those in its path and query."""
    if operation.hidden:
        return []
    found = document()["paths"][operation.path][operation.method.lower()].get("parameters", [])
    return [one for one in found if one["in"] in ("path", "query")]


def headers_of(operation: Operation, ids: Ids) -> dict[str, str]:
    """The headers that the route must be asked with; those of an upload describe one byte on a visit."""
    if operation.hidden:
        return {}
    found = document()["paths"][operation.path][operation.method.lower()].get("parameters", [])
    named = {one["name"]: one.get("required", False) for one in found if one["in"] == "header"}
    said = metadata(id=new_id(), noun="visits", row_id=ids("visit_id"), filename="Words", sha256="0" * 64)
    words = {**SENT, "Upload-Metadata": said}
    assert [name for name, is_required in named.items() if is_required and name not in words] == []
    return {name: words[name] for name in named if name in words}


def content_of(operation: Operation) -> dict[str, Any]:
    """The bytes that the route takes where it takes no JSON, as httpx is given them."""
    if operation.hidden:
        return {}
    said = document()["paths"][operation.path][operation.method.lower()].get("requestBody", {})
    return {"content": b"1"} if PART_TYPE in said.get("content", {}) else {}


def path_of(operation: Operation, ids: Ids) -> str:
    """The address of the route, each argument in it filled: ids are asked for, other things are the first that fit."""
    path = operation.path
    for one in parameters_of(operation):
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", str(least(one["schema"], ids, name=one["name"])))
    return path.replace("{row_id}", ids("row_id")).replace("{name}", "nothing")


def query_of(operation: Operation, ids: Ids) -> dict[str, str]:
    """What the route must be asked with in its query."""
    needed = [one for one in parameters_of(operation) if one["in"] == "query" and one.get("required")]
    return {one["name"]: str(least(one["schema"], ids, name=one["name"])) for one in needed}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, where it is a reference or one of several."""
    if "$ref" in schema:
        return resolved(document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    choices = schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf") or []
    real = [one for one in choices if one.get("type") != "null"]
    return {**resolved(real[0]), "default": schema.get("default")} if real else schema


def least(schema: dict[str, Any], ids: Ids, *, name: str = "", more: frozenset[str] = frozenset()) -> Any:
    """The least value that fits the schema, with those properties in `more` besides; ids are asked of `ids` by their name."""
    schema = resolved(schema)
    if name in NAMED or "const" in schema or "enum" in schema:
        return NAMED.get(name, schema.get("const", (schema.get("enum") or [None])[0]))
    if "properties" in schema:
        wanted = {*schema.get("required", ()), *more, "need"}
        wanted |= {"client_id"} if "allocations" in schema["properties"] else set()
        return {
            key: least(inner, ids, name=key, more=_needed(key))
            for key, inner in schema["properties"].items()
            if key in wanted
        }
    kind = schema.get("type")
    if kind == "array":
        return [least(schema.get("items", {}), ids, name=name, more=_needed(name))]
    if kind == "integer":
        return max(int(schema.get("minimum", 1)), 1)
    plain = {"boolean": True, "number": 1.5, "object": {}}
    return plain[str(kind)] if kind in plain else _text(schema, ids, name)


def _needed(name: str) -> frozenset[str]:
    """What no schema says: a price has an amount, an allocation an invoice."""
    return frozenset({"amount", "street"}) if name in ("unit_price", "unit_cost", "address") else frozenset()


def _text(schema: dict[str, Any], ids: Ids, name: str) -> str:
    form = str(schema.get("format", ""))
    if form == "uuid":
        return ids(name)
    if form in TIMES:
        return TIMES[form]
    fits = schema.get("pattern", "")
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength", 10_000)
    for words in WORDS:
        if shortest <= len(words) <= longest and (not fits or re.search(fits, words)):
            return words
    raise AssertionError(f"no sample fits {name}: {schema}")


def id_places(schema: dict[str, Any] | None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where a body may hold an id, as paths of property names."""
    if schema is None or len(path) > 4:
        return
    schema = resolved(schema)
    if schema.get("type") == "array":
        yield from id_places(schema.get("items", {}), path)
    elif schema.get("format") == "uuid":
        yield path
    for key, inner in schema.get("properties", {}).items():
        yield from id_places(inner, (*path, key))
