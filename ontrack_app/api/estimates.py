"""Estimates over HTTP."""

from models.estimates import ESTIMATE_FIELDS, ESTIMATE_MACHINE
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.estimates import EstimateBody, EstimateCard, EstimateMoveBody, EstimatePatch
from ontrack_app.services import estimates

ESTIMATES = Noun(
    "estimates",
    estimates,
    ESTIMATE_FIELDS,
    EstimateCard,
    EstimateBody,
    EstimatePatch,
    machine=ESTIMATE_MACHINE,
    move_body=EstimateMoveBody,
    archives=False,
)
