"""The only home of what every noun's routes have in common: list, read, add, change, put away, move."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from models.access import Permission
from models.fields import FieldList
from models.machines import Machine, Move
from ontrack_app.api import problems
from ontrack_app.api.deps import KEY_SIGNS, Through
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.common import MoveBody, Page
from ontrack_app.services.listing import MOST, Query

RIGHTS, OWN = "x-rights", "x-own"
RESERVED = frozenset({"limit", "cursor", "sort", "q"})
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The version that is changed; 412 when somebody changed the row since.",
    "schema": {"type": "string", "pattern": r'^(W/)?"?[0-9]{1,9}"?$'},
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key and body answer with the first result for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": f"^{KEY_SIGNS}$"},
}


@dataclass(frozen=True)
class Noun:
    """One noun at this door: its service module, its shapes, and which verbs it has. `writes` is the verb of the right to add,
    `puts_away` that of the right to archive."""

    name: str
    service: ModuleType
    fields: FieldList
    card: type[BaseModel]
    body: type[BaseModel] | None = None
    patch: type[BaseModel] | None = None
    machine: Machine | None = None
    move_body: type[MoveBody] = MoveBody
    archives: bool = True
    writes: str = "write"
    puts_away: str = "delete"
    belongs_to: str = ""

    def right(self, verb: str) -> Permission:
        """The right to do something to this noun (or to the one whose rights it shares, `belongs_to`), by its verb."""
        return Permission(f"{self.belongs_to or self.name}:{verb}")

    @property
    def path(self) -> str:
        """The noun in an address, with hyphens."""
        return "/" + self.name.replace("_", "-")


def needs(*rights: Permission, own: Permission | None = None, **more: Any) -> dict[str, Any]:
    """What a route says of itself in the OpenAPI document: the rights that it asks for, all of them (none: whoever enters).
    `own` is the right that is enough where the row is one's own.

    The services ask; the campaign of tests compares what is said here with what they do, cell by cell.
    """
    said = {} if own is None else {OWN: own.value}
    return {RIGHTS: [right.value for right in rights], **said, **more}


class Route(APIRoute):
    """A route that looks at the fixed ends of an address before it matches the whole: most addresses are another's."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        super().__init__(path, endpoint, **more)
        self._starts, _, _ = path.partition("{")
        _, _, self._ends = path.rpartition("}")

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the address is this route's, and what it carries."""
        path: str = scope["path"]
        if not (path.startswith(self._starts) and path.endswith(self._ends)):
            return Match.NONE, {}
        return super().matches(scope)


def routes(noun: Noun, prefix: str) -> list[BaseRoute]:
    """The noun's routes below `prefix`, in the order of the docs."""
    router = APIRouter(
        prefix=prefix + noun.path,
        tags=[noun.name.replace("_", " ")],
        responses=problems.DOCUMENTED,
        route_class=Route,
    )
    _add_list(router, noun)
    if noun.body is not None:
        _add_create(router, noun, noun.body)
    _add_read(router, noun)
    if noun.patch is not None:
        _add_patch(router, noun, noun.patch)
    if noun.archives:
        _add_archive(router, noun)
    if noun.machine is not None:
        _add_moves(router, noun, noun.machine)
    return router.routes


def query_of(fields: FieldList, given: Mapping[str, str], *, sort: str = "") -> Query:
    """The list query that an address carries; `sort` is the order while it names none (else the newest first, or by name).

    Raises:
        Invalid: a limit that is no number.
    """
    limit = given.get("limit", "25")
    if not limit.isascii() or not limit.isdigit() or len(limit) > 4:
        words = f"limit is a whole number from 1 to {MOST}."
        raise Invalid(words, errors=[FieldError("limit", words)])
    default = "-created_at" if (created := fields.get("created_at")) and created.sortable else "name"
    return Query(
        limit=int(limit),
        cursor=given.get("cursor") or None,
        sort=given.get("sort", sort or default),
        q=_clean(given.get("q", "")),
        filters={name: value for name, value in given.items() if name not in RESERVED},
    )


def _clean(words: str) -> str:
    if "\x00" in words or len(words) > 200:
        message = "Search words have at most 200 characters, none of them a control sign."
        raise Invalid(message, errors=[FieldError("q", message)])
    return words


def list_parameters(fields: FieldList) -> list[dict[str, Any]]:
    """The query parameters of a list, for the OpenAPI document: from the field list, like everything about fields."""
    sorts = [name for field in fields.having("sortable") for name in (field.name, f"-{field.name}")]
    parameters: list[dict[str, Any]] = [
        _parameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": 25}),
        _parameter("cursor", {"type": "string"}),
        _parameter("sort", {"type": "string", "enum": sorts}),
    ]
    if fields.having("searchable"):
        parameters.append(_parameter("q", {"type": "string", "maxLength": 200}))
    return parameters + [_parameter(field.name, {"type": "string"}) for field in fields.having("filterable")]


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _add_list(router: APIRouter, noun: Noun) -> None:
    def list_rows(door: Through) -> Response:
        return door.run(
            lambda work: noun.service.list_page(work, query_of(noun.fields, door.request.query_params))
        )

    router.get(
        "",
        name=f"List {noun.name}",
        operation_id=f"{noun.name}_list",
        response_model=Page[noun.card],  # type: ignore[name-defined]
        openapi_extra=needs(noun.right("read"), parameters=list_parameters(noun.fields)),
    )(list_rows)


def _add_create(router: APIRouter, noun: Noun, shape: type[BaseModel]) -> None:
    def create(body: shape, door: Through) -> Response:  # type: ignore[valid-type]
        return door.run(noun.service.create, body, status=201)

    router.post(
        "",
        name=f"Add to {noun.name}",
        operation_id=f"{noun.name}_create",
        status_code=201,
        response_model=noun.card,
        openapi_extra=needs(noun.right(noun.writes), parameters=[IDEMPOTENCY_KEY]),
    )(create)


def _add_read(router: APIRouter, noun: Noun) -> None:
    def read(row_id: UUID, door: Through) -> Response:
        return door.run(noun.service.get, row_id)

    router.get(
        "/{row_id}",
        name=f"Read from {noun.name}",
        operation_id=f"{noun.name}_read",
        response_model=noun.card,
        openapi_extra=needs(noun.right("read")),
    )(read)


def _add_patch(router: APIRouter, noun: Noun, shape: type[BaseModel]) -> None:
    def change(row_id: UUID, body: shape, door: Through) -> Response:  # type: ignore[valid-type]
        return door.run(lambda work: noun.service.patch(work, row_id, body, version=door.version))

    router.patch(
        "/{row_id}",
        name=f"Change in {noun.name}",
        operation_id=f"{noun.name}_change",
        response_model=noun.card,
        openapi_extra=needs(noun.right("read"), noun.right(noun.writes), parameters=[IF_MATCH]),
    )(change)


def _add_archive(router: APIRouter, noun: Noun) -> None:
    def put_away(row_id: UUID, door: Through) -> Response:
        return door.run(lambda work: noun.service.archive(work, row_id, version=door.version))

    router.delete(
        "/{row_id}",
        name=f"Archive from {noun.name}",
        operation_id=f"{noun.name}_archive",
        status_code=204,
        openapi_extra=needs(noun.right("read"), noun.right(noun.puts_away), parameters=[IF_MATCH]),
    )(put_away)


def _add_moves(router: APIRouter, noun: Noun, machine: Machine) -> None:
    for move in machine.moves:
        if not move.hidden:
            _add_move(router, noun, move)
    if hasattr(noun.service, "move"):
        _add_unknown_move(router, noun)


def _add_move(router: APIRouter, noun: Noun, move: Move) -> None:
    shape, name = noun.move_body, move.name

    def make(row_id: UUID, door: Through, body: shape | None = None) -> Response:  # type: ignore[valid-type]
        return door.run(
            lambda work: noun.service.move(work, row_id, name, body or shape(), version=door.version)
        )

    router.post(
        "/{row_id}/moves/" + name,
        name=f"{name} in {noun.name}",
        operation_id=f"{noun.name}_{name}",
        response_model=noun.card,
        openapi_extra=needs(noun.right("read"), move.right, parameters=[IF_MATCH, IDEMPOTENCY_KEY]),
    )(make)


def _add_unknown_move(router: APIRouter, noun: Noun) -> None:
    def unknown(row_id: UUID, name: str, door: Through) -> Response:
        return door.run(
            lambda work: noun.service.move(work, row_id, name, noun.move_body(), version=door.version)
        )

    said = needs(noun.right("read"))
    router.post("/{row_id}/moves/{name}", include_in_schema=False, openapi_extra=said)(unknown)
