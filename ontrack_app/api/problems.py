"""The only home of refusals over HTTP: problem details after RFC 9457, in words, with a reference where it is our fault."""

import json
import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from models.ids import new_id
from models.money import MoneyError
from ontrack_app.errors import FieldError, Refusal

log = logging.getLogger("ontrack.api")
TYPE = "application/problem+json"
STATUSES = (401, 403, 404, 405, 409, 410, 412, 413, 422, 429, 500)


class ProblemField(BaseModel):
    """One input that was refused."""

    field: str
    message: str


class Problem(BaseModel):
    """Why a request was refused (RFC 9457), and what to change where that is known."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemField] = []


DOCUMENTED: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": HTTPStatus(status).phrase, "content": {TYPE: {}}}
    for status in STATUSES
}


def answer(
    status: int, title: str, detail: str, errors: Sequence[FieldError] = (), headers: Any = None
) -> Response:
    """A problem document."""
    body = {
        "type": f"/api/v1/docs#problem-{status}",
        "title": title,
        "status": status,
        "detail": detail,
        "errors": [{"field": error.field, "message": error.message} for error in errors],
    }
    return Response(json.dumps(body), status_code=status, media_type=TYPE, headers=headers)


def refused(refusal: Refusal) -> Response:
    """A refusal as a problem document."""
    headers = {401: {"WWW-Authenticate": "Bearer"}, 429: {"Retry-After": "60"}}.get(refusal.status)
    return answer(refusal.status, refusal.title, refusal.detail, refusal.errors, headers)


def install(api: FastAPI) -> None:
    """Turns everything that can go wrong at this door into a problem document."""
    api.add_exception_handler(Refusal, _on_refusal)
    api.add_exception_handler(MoneyError, _on_money)
    api.add_exception_handler(RequestValidationError, _on_validation)
    api.add_exception_handler(HTTPException, _on_http)
    api.add_exception_handler(Exception, _on_failure)


def failed(error: BaseException) -> Response:
    """An error of ours: the reference is in the log with the cause, never the cause in the answer."""
    reference = new_id().hex[-12:]
    log.error("unexpected failure %s", reference, exc_info=error)
    return answer(
        500, "Something broke on our side", f"Nothing was saved. Tell support this reference: {reference}."
    )


def money_words(error: MoneyError) -> Response:
    """An amount that cannot be used."""
    field = getattr(error, "field", "") or "amount"
    return answer(422, "Check what was entered", str(error), [FieldError(field, str(error))])


async def _on_refusal(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return refused(error)


async def _on_money(_: Request, error: Exception) -> Response:
    assert isinstance(error, MoneyError)
    return money_words(error)


async def _on_validation(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    errors = [FieldError(_place(item["loc"]), _words(item)) for item in error.errors()][:50]
    detail = "; ".join(f"{item.field}: {item.message}" if item.field else item.message for item in errors[:5])
    return answer(422, "Check what was entered", detail, errors)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {
        404: "There is nothing at this address.",
        405: "This cannot be done to this address.",
        400: "The request cannot be read.",
    }
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = _allowed(request)
    status = 422 if error.status_code == 400 else error.status_code
    detail = words.get(error.status_code, str(error.detail))
    return answer(status, HTTPStatus(status).phrase, detail, headers=headers)


def _allowed(request: Request) -> str:
    """Every method of the address: the framework names only those of the first route that fits."""
    methods: set[str] = set()
    for route in request.app.routes:
        fits, _ = route.matches(request.scope)
        if fits is not Match.NONE:
            methods |= set(getattr(route, "methods", None) or ())
    return ", ".join(sorted(methods))


async def _on_failure(_: Request, error: Exception) -> Response:
    return failed(error)


def _place(loc: Sequence[Any]) -> str:
    parts = [str(part) for part in loc if part not in ("body", "query", "path", "header")]
    return ".".join(parts)


def _words(item: dict[str, Any]) -> str:
    kind, context = item["type"], item.get("ctx", {})
    known = {
        "missing": "This is needed.",
        "extra_forbidden": "There is no such field here.",
        "json_invalid": "The body is not JSON that can be read.",
        "uuid_parsing": "This is not an id.",
        "uuid_type": "This is not an id.",
        "string_too_long": f"At most {context.get('max_length')} characters.",
        "string_too_short": "This cannot be empty.",
        "string_pattern_mismatch": "This has a sign or a shape that is not accepted here.",
        "bool_type": "true or false.",
        "greater_than_equal": f"Not less than {context.get('ge')}.",
        "less_than_equal": f"Not more than {context.get('le')}.",
    }
    return known.get(kind, str(item["msg"]).removeprefix("Value error, "))
