"""Estimates and invoices on paper, over HTTP: for whoever may read them, by session or by key."""

import re
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from models.access import Permission
from ontrack_app.api import problems
from ontrack_app.api.deps import Through
from ontrack_app.api.nouns import needs
from ontrack_app.integrations.pdf import DocumentView, estimate_pdf, invoice_pdf
from ontrack_app.services import documents

PDF = "application/pdf"
DOCUMENTED: dict[int | str, dict[str, Any]] = {
    **problems.DOCUMENTED,
    200: {
        "description": "The document",
        "content": {PDF: {"schema": {"type": "string", "format": "binary"}}},
    },
}
DOCUMENTS = APIRouter(responses=DOCUMENTED)
Revision = Annotated[int | None, Query(ge=1, le=100_000, description="An earlier revision, as it was sent.")]


@DOCUMENTS.get(
    "/estimates/{row_id}/pdf",
    tags=["estimates"],
    operation_id="estimates_pdf",
    response_class=Response,
    openapi_extra=needs(Permission.ESTIMATES_READ),
)
def estimate(row_id: UUID, door: Through, revision: Revision = None) -> Response:
    """The estimate as PDF/A: as it was sent, or the draft as it is now."""
    return door.file(_printed(estimate_pdf, "Estimate"), documents.estimate, row_id, revision)


@DOCUMENTS.get(
    "/invoices/{row_id}/pdf",
    tags=["invoices"],
    operation_id="invoices_pdf",
    response_class=Response,
    openapi_extra=needs(Permission.INVOICES_READ),
)
def invoice(row_id: UUID, door: Through) -> Response:
    """The invoice as PDF/A."""
    return door.file(_printed(invoice_pdf, "Invoice"), documents.invoice, row_id)


def _printed(press: Callable[[DocumentView], bytes], kind: str) -> Callable[[DocumentView], Response]:
    def answer(view: DocumentView) -> Response:
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", view.number).strip("-") or kind.lower()
        headers = {
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Cache-Control": "private, no-store",
        }
        return Response(press(view), media_type=PDF, headers=headers)

    return answer
