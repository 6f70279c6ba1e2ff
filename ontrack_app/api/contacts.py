"""Contacts over HTTP."""

from models.contacts import CONTACT_FIELDS
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.clients import ContactBody, ContactCard, ContactPatch
from ontrack_app.services import contacts

CONTACTS = Noun("contacts", contacts, CONTACT_FIELDS, ContactCard, ContactBody, ContactPatch)
