"""The only home of the API reference, `/api/v1/docs`: one readable page made from the OpenAPI document, without scripts."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from ontrack_app.errors import Refusal
from ontrack_app.web import pages

METHODS = ("get", "post", "patch", "put", "delete")
PLAIN = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "null",
}
FORMATS = {"uuid": "id", "date-time": "time", "date": "date", "uri": "address"}
OTHER_PROBLEMS = {
    405: ("Not possible", "This cannot be done to this address: money nouns are never deleted, for one."),
    500: (
        "Something broke on our side",
        "Nothing was saved. The answer holds a reference that the log has too.",
    ),
}
Schema = Mapping[str, Any]
Bit = tuple[str, str]  # words, and the anchor of the shape that they name ("" for none)


@dataclass(frozen=True, slots=True)
class Entry:
    """A parameter, or a field of a shape."""

    name: str
    kind: list[Bit]
    needed: bool
    note: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that can be asked for."""

    method: str
    path: str
    summary: str
    text: str
    anchor: str
    entries: list[Entry]
    body: list[Bit]
    answers: list[tuple[str, list[Bit]]]
    problems: list[str]


@dataclass(frozen=True, slots=True)
class Shape:
    """One named object of the API."""

    name: str
    anchor: str
    text: str
    entries: list[Entry]


def route(openapi: Callable[[], Schema], path: str = "/api/v1/docs") -> Route:
    """The route of the reference; the document is asked for once, at the first visit."""

    @lru_cache(maxsize=1)
    def text() -> str:
        return render(openapi())

    async def endpoint(_: Request) -> Response:
        return HTMLResponse(
            text(), headers={"Cache-Control": "no-cache", "X-Robots-Tag": "noindex, nofollow"}
        )

    return Route(path, endpoint)


def render(openapi: Schema) -> str:
    """The reference as one HTML page."""
    sections: dict[str, list[Call]] = {}
    for path, methods in openapi["paths"].items():
        for method in METHODS:
            if method in methods:
                made = _call(method, path, methods[method])
                sections.setdefault(str((methods[method].get("tags") or ["other"])[0]), []).append(made)
    schemas = openapi.get("components", {}).get("schemas", {})
    return pages.render(
        "api_docs.html",
        title=openapi["info"]["title"],
        version=openapi["info"]["version"],
        text=openapi["info"].get("description", ""),
        sections=[(_words(tag), _slug(tag), calls) for tag, calls in sections.items()],
        shapes=[_shape(name, schema) for name, schema in sorted(schemas.items())],
        problems=_problems(),
    )


def _call(method: str, path: str, given: Schema) -> Call:
    answers, problems = [], []
    for status, answer in given.get("responses", {}).items():
        if status.isdigit() and int(status) >= 400:
            problems.append(status)
        else:
            answers.append((status, _content(answer)))
    return Call(
        method=method.upper(),
        path=path,
        summary=_words(given.get("summary", "")),
        text=given.get("description", ""),
        anchor=_slug(given.get("operationId") or f"{method}-{path}"),
        entries=[_parameter(each) for each in given.get("parameters", [])],
        body=_content(given.get("requestBody", {})),
        answers=answers,
        problems=problems,
    )


def _parameter(given: Schema) -> Entry:
    schema = given.get("schema", {})
    note = " ".join(words for words in (given.get("description", ""), _limits(schema)) if words)
    return Entry(given["name"], list(_kind(schema)), bool(given.get("required")), note, given.get("in", ""))


def _content(given: Schema) -> list[Bit]:
    for media in given.get("content", {}).values():
        if "schema" in media:
            return list(_kind(media["schema"]))
    return []


def _shape(name: str, schema: Schema) -> Shape:
    needed = set(schema.get("required", ()))
    entries = [
        Entry(field, list(_kind(kind)), field in needed, " ".join(filter(None, (kind.get("description"), _limits(kind)))))
        for field, kind in schema.get("properties", {}).items()
    ]  # fmt: skip
    return Shape(_name(name), _anchor(name), schema.get("description", ""), entries)


def _kind(schema: Schema) -> Iterable[Bit]:
    """What a value is, in words, with links to the shapes it is made of."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        yield _name(name), _anchor(name)
    elif choices := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        for place, choice in enumerate(choices):
            if place:
                yield " or ", ""
            yield from _kind(choice)
    elif schema.get("type") == "array":
        yield "list of ", ""
        yield from _kind(schema.get("items", {}))
    else:
        yield _plain(schema), ""


def _plain(schema: Schema) -> str:
    if "enum" in schema or "const" in schema:
        return " · ".join(str(value) for value in schema.get("enum", [schema.get("const")]))
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    return PLAIN.get(str(schema.get("type")), "object" if schema.get("type") == "object" else "anything")


def _limits(schema: Schema) -> str:
    """The limits that a sender meets, in words; patterns say what their field's name already does."""
    found = []
    if "minimum" in schema and "maximum" in schema:
        found.append(f"{schema['minimum']:,} to {schema['maximum']:,}.")
    if "maxLength" in schema:
        found.append(f"At most {schema['maxLength']:,} characters.")
    if schema.get("default") not in (None, "", [], {}):
        found.append(f"Without it: {json.dumps(schema['default'])}.")
    return " ".join(found)


def _problems() -> list[tuple[int, str, str]]:
    kinds = {
        kind.status: (kind.title, _first_line(kind.__doc__))
        for kind in Refusal.__subclasses__()
        if kind.status > 400
    }
    return [(status, *words) for status, words in sorted((kinds | OTHER_PROBLEMS).items())]


def _first_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _words(text: str) -> str:
    plain = text.replace("-", " ").replace("_", " ").strip()
    return plain[:1].upper() + plain[1:].lower()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _name(schema: str) -> str:
    """Page_LeadCard_ reads better as Page of LeadCard."""
    return schema.strip("_").replace("_", " of ")


def _anchor(schema: str) -> str:
    return f"shape-{_slug(schema)}"
