"""Visits over HTTP."""

from models.visits import VISIT_FIELDS, VISIT_MACHINE
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.jobs import VisitBody, VisitCard, VisitMoveBody, VisitPatch
from ontrack_app.services import visits

VISITS = Noun(
    "visits",
    visits,
    VISIT_FIELDS,
    VisitCard,
    VisitBody,
    VisitPatch,
    machine=VISIT_MACHINE,
    move_body=VisitMoveBody,
)
