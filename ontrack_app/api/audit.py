"""The trail over HTTP: read in pages, or taken out as a file. Nothing here changes it."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from models.access import Permission
from models.audit_entries import AUDIT_FIELDS
from ontrack_app.api import problems
from ontrack_app.api.deps import Through
from ontrack_app.api.nouns import list_parameters, needs, query_of
from ontrack_app.schemas.audit import AuditEntryCard
from ontrack_app.schemas.common import Page
from ontrack_app.services import audit, audit_files

CSV = "text/csv"
Which = Annotated[Literal["done", "security"], Query(description="What was done, or security events.")]
AUDIT = APIRouter(prefix="/audit-entries", tags=["audit entries"], responses=problems.DOCUMENTED)
FILE: dict[int | str, dict[str, Any]] = {
    **problems.DOCUMENTED,
    200: {"description": "The file", "content": {CSV: {"schema": {"type": "string"}}}},
}


def _narrowed() -> list[dict[str, Any]]:
    text = {"type": "string"}
    names = ("q", *(field.name for field in AUDIT_FIELDS.having("filterable")))
    return [{"name": name, "in": "query", "required": False, "schema": text} for name in names]


@AUDIT.get(
    "",
    name="List the audit trail",
    operation_id="audit_entries_list",
    response_model=Page[AuditEntryCard],
    openapi_extra=needs(Permission.AUDIT_READ, parameters=list_parameters(AUDIT_FIELDS)),
)
def list_entries(door: Through) -> Response:
    """Who did what, the newest first; `since` and `until` are days in the company's zone, or moments."""
    given = {"sort": "-n", **door.request.query_params}
    return door.run(lambda work: audit.list_page(work, query_of(AUDIT_FIELDS, given)))


@AUDIT.post(
    "/export",
    name="Take the audit trail out",
    operation_id="audit_entries_export",
    responses=FILE,
    response_class=Response,
    openapi_extra=needs(Permission.AUDIT_READ, parameters=_narrowed()),
)
def export(door: Through, tab: Which = "done") -> Response:
    """The trail, or the security events, as CSV. A browser must have proven lately who it is; the export is in the trail."""
    query = audit_files.query_from({**door.request.query_params, "tab": tab})
    return door.stream(audit_files.export, query, kind=CSV, name=audit_files.file_name(query))
