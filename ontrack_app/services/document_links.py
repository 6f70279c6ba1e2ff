"""The only home of links that open one document: made here, landed on in `web/links.py`."""

from datetime import datetime

from sqlalchemy import text

from models.contacts import Contact
from models.estimates import Estimate
from models.invoices import Invoice
from ontrack_app.sessions import hash_secret, new_secret
from ontrack_app.settings import settings
from ontrack_app.work import Work

ADD = text(
    "SELECT auth.add_document_link(:hash, :noun, CAST(:row AS uuid), CAST(:client AS uuid), :name, :ends)"
)
REVOKE = text("SELECT auth.revoke_document_links(CAST(:row AS uuid))")


def add(work: Work, document: Estimate | Invoice, contact: Contact, ends: datetime) -> str:
    """A new link to the document for this contact, good until `ends`; only its hash is kept."""
    secret = new_secret()
    given = {
        "hash": hash_secret(secret),
        "noun": document.__tablename__,
        "row": document.id,
        "client": document.client_id,
        "name": contact.name,
        "ends": ends,
    }
    work.session.execute(ADD, given)
    return f"{settings().base_url}/portal/link/{secret}"


def revoke(work: Work, document: Estimate | Invoice) -> None:
    """Closes every link to the document, and the sessions that came in by one."""
    work.session.execute(REVOKE, {"row": document.id})
