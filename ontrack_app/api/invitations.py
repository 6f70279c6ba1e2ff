"""Invitations over HTTP."""

from models.invitations import INVITATION_FIELDS, INVITATION_MACHINE
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.members import InvitationBody, InvitationCard
from ontrack_app.services import invitations

INVITATIONS = Noun(
    "invitations",
    invitations,
    INVITATION_FIELDS,
    InvitationCard,
    InvitationBody,
    machine=INVITATION_MACHINE,
    archives=False,
    writes="manage",
    belongs_to="members",
)
