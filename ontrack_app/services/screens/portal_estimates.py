"""Estimates for those who answer them: the list, the page, and the three answers."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlmodel import col

from models.access import Permission
from models.estimates import Estimate
from ontrack_app.errors import Conflict, FieldError, Invalid
from ontrack_app.schemas.documents import SignatureBody
from ontrack_app.schemas.estimates import EstimateMoveBody
from ontrack_app.schemas.screens.common import ListPage, ListQuery
from ontrack_app.schemas.screens.portal_estimates import PortalEstimateRow
from ontrack_app.services import estimates
from ontrack_app.services.screens import lists, portal, words
from ontrack_app.services.screens.lists import View
from ontrack_app.services.screens.portal_estimate import kind_of, signer_of, stage_badge
from ontrack_app.work import Work

STAGE = col(Estimate.stage)
VIEWS = (
    View("all", "All", (STAGE != "draft",)),
    View("open", "To answer", (STAGE == "sent",)),
    View("approved", "Approved", (STAGE.in_(("approved", "converted")),)),
    View("past", "Past", (STAGE.in_(("declined", "expired", "voided")),)),
)
LONGEST_DRAWING = 600_000
POINTS_OF_A_STROKE = 4000
EDGE = 10_000
DRAW = "Draw your signature in the box, or choose “Type it”."
TYPE = "Type your name to sign."
LATE = {
    "approved": "It is approved already, so there is nothing more to answer.",
    "changes": "You have asked for a change already. The new price comes as a new revision.",
    "declined": "It was declined already. Ask for a new one if you changed your mind.",
    "expired": "Its last day is over. Ask for a new one.",
    "withdrawn": "It was withdrawn, so it can no longer be answered.",
}


def listing(work: Work, asked: ListQuery) -> tuple[list[PortalEstimateRow], ListPage]:
    """The estimates of the reader's client that the address asks for.

    Raises:
        Invalid: as `lists.page` says.
    """
    work.actor.require(Permission.ESTIMATES_READ)
    found, foot = lists.page(work, Estimate, VIEWS, asked)
    places = portal.places(work, (row.property_id for row in found))
    return [
        _row(work, row, places.get(row.property_id, "") if row.property_id else "") for row in found
    ], foot


def approve(work: Work, estimate_id: UUID, version: int, signed: Mapping[str, str]) -> None:
    """Approves with what the signature field submits: signature_kind, signature_text, signature_strokes (JSON).

    Raises:
        Invalid: nothing signed. Conflict: answered or expired meanwhile. Stale: changed meanwhile. NotFound: not theirs.
    """
    estimate = _open(work, estimate_id)
    signature = _signature(signed, signer_of(work, estimate))
    _move(work, estimate_id, "approve", EstimateMoveBody(signature=signature), version)


def request_changes(work: Work, estimate_id: UUID, version: int, text: str) -> None:
    """Asks for a change in the client's own words.

    Raises:
        Invalid: no words, or too many. Conflict, Stale, NotFound: as `approve`.
    """
    _open(work, estimate_id)
    if not text.strip():
        said = "Say what should be different."
        raise Invalid(said, errors=[FieldError("reason", said)])
    _move(work, estimate_id, "request_changes", _with_words(text), version)


def decline(work: Work, estimate_id: UUID, version: int, text: str) -> None:
    """Declines; a reason may be given.

    Raises:
        Invalid: too many words. Conflict, Stale, NotFound: as `approve`.
    """
    _open(work, estimate_id, also="changes")
    _move(work, estimate_id, "decline", _with_words(text), version)


def _open(work: Work, estimate_id: UUID, *, also: str = "") -> Estimate:
    """The estimate, locked, while it still waits for an answer."""
    work.actor.require(Permission.ESTIMATES_ANSWER)
    estimate = work.lock(Estimate, estimate_id)
    kind = kind_of(work, estimate)
    if kind not in ("open", also):
        raise Conflict(LATE[kind])
    return estimate


def _move(work: Work, estimate_id: UUID, name: str, body: EstimateMoveBody, version: int) -> None:
    estimates.move(work, estimate_id, name, body, version=version)


def _with_words(text: str) -> EstimateMoveBody:
    try:
        return EstimateMoveBody(reason=text.strip() or None)
    except ValidationError:
        said = "That is too long. Use at most 4,000 characters."
        raise Invalid(said, errors=[FieldError("reason", said)]) from None


def _signature(given: Mapping[str, str], signer: str) -> SignatureBody:
    drawn = given.get("signature_kind") != "typed"
    typed = " ".join(given.get("signature_text", "").split())
    strokes = _strokes(given.get("signature_strokes", "")) if drawn else None
    if not drawn and not typed:
        raise Invalid(TYPE, errors=[FieldError("signature", TYPE)])
    try:
        return SignatureBody(
            kind="drawn" if drawn else "typed", name=signer if drawn else typed, strokes=strokes
        )
    except ValidationError:
        said = "This signature cannot be kept. Clear it and sign again, or type your name."
        raise Invalid(said, errors=[FieldError("signature", said)]) from None


def _strokes(text: str) -> list[list[Any]]:
    """The strokes of a drawing, thinned to what is kept, or a refusal in words."""
    try:
        strokes = json.loads(text) if text and len(text) <= LONGEST_DRAWING else []
        return [_points(stroke) for stroke in strokes if stroke] or _nothing_drawn()
    except (ValueError, TypeError, RecursionError):
        return _nothing_drawn()


def _points(stroke: Any) -> list[Any]:
    points = [[round(float(x), 1), round(float(y), 1)] for x, y in stroke][:POINTS_OF_A_STROKE]
    if not all(abs(number) <= EDGE for point in points for number in point):
        raise ValueError("a point far outside of the box")
    return points


def _nothing_drawn() -> list[list[Any]]:
    raise Invalid(DRAW, errors=[FieldError("signature", DRAW)])


def _row(work: Work, row: Estimate, place: str) -> PortalEstimateRow:
    when = (
        f"Open to {portal.day(work, row.expires_on)}"
        if kind_of(work, row) == "open"
        else _answered(work, row)
    )
    return PortalEstimateRow(
        id=str(row.id),
        title=row.title or row.number,
        number=row.number,
        place=place,
        when=when,
        stage=stage_badge(work, row),
        total=words.money(work, row.total_cents),
    )


def _answered(work: Work, row: Estimate) -> str:
    return portal.day(work, words.local(work, row.answered_at).date()) if row.answered_at else ""
