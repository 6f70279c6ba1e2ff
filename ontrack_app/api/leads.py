"""Leads over HTTP."""

from models.leads import LEAD_FIELDS, LEAD_MACHINE
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.leads import LeadBody, LeadCard, LeadMoveBody, LeadPatch
from ontrack_app.services import leads

LEADS = Noun(
    "leads", leads, LEAD_FIELDS, LeadCard, LeadBody, LeadPatch, machine=LEAD_MACHINE, move_body=LeadMoveBody
)
