"""Customers for tests: people of a client, and those who came by a document's link."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col

from models.access import Role
from models.clients import Client
from models.contacts import Contact
from models.estimates import Estimate
from models.ids import now
from models.invoices import Invoice
from ontrack_app.db import begin
from ontrack_app.services import document_links
from ontrack_app.sessions import hash_secret, new_secret
from tests.factories.companies import Company, Person
from tests.state.support import Screen

OPEN = "SELECT noun, row_id FROM auth.open_document(:link, :session, '127.0.0.1', 'test')"


def person_of(company: Company, client: Client, role: Role = Role.CLIENT) -> Person:
    """Somebody who sees this client's rows."""
    return company.person(role, client_id=client.id)


def by_link(company: Company, model: type[Estimate] | type[Invoice], row_id: UUID) -> str:
    """The hash of a session that was opened by a link to the document."""
    with company.work() as work:
        document = work.get(model, row_id)
        contact = work.first(work.of(Contact).where(col(Contact.client_id) == document.client_id))
        link = document_links.add(work, document, contact, now() + timedelta(days=1))
    secret = new_secret()
    with begin(None) as doorway:
        given = {"link": hash_secret(link.rpartition("/")[2]), "session": hash_secret(secret)}
        assert doorway.row(OPEN, **given) is not None
    return hash_secret(secret)


def told(screen: Screen) -> str:
    """The newest message on the screen."""
    return screen.toasts[-1].text if screen.toasts else ""
