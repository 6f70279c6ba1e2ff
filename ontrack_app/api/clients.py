"""Clients over HTTP."""

from models.clients import CLIENT_FIELDS
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.clients import ClientBody, ClientCard, ClientPatch
from ontrack_app.services import clients

CLIENTS = Noun("clients", clients, CLIENT_FIELDS, ClientCard, ClientBody, ClientPatch)
