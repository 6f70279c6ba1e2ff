"""Sending an estimate: freezing the revision, and the mail with the link that opens it."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.clients import Client
from models.contacts import Contact
from models.estimates import ESTIMATE_MACHINE, Estimate, EstimateLine, EstimateRevision
from models.ids import new_id
from models.properties import Property
from models.tenants import Tenant
from ontrack_app.errors import Conflict
from ontrack_app.services import clients, document_links, lines, mails
from ontrack_app.services.estimates.cards import keep_revision, lines_of, today
from ontrack_app.services.properties import one_line
from ontrack_app.work import Work, plain_json


def send(work: Work, estimate: Estimate) -> list[EstimateLine]:
    """Checks that it can go out, freezes the revision and promises the mail; the stage is moved by the caller. Returns
    the lines.

    Raises:
        Conflict: it has no line, no contact or no expiry, or the expiry has passed.
    """
    stored = lines_of(work, estimate.id)
    contact = _contact(work, estimate)
    if not stored:
        raise Conflict("It has no line yet. Add what the work costs, then send it.")
    if contact is None:
        raise Conflict("The client has no contact to send it to. Add one first.")
    if estimate.expires_on is None:
        raise Conflict("It has no expiry date. Say until when the price holds, then send it.")
    if estimate.expires_on < today(work):
        raise Conflict("Its expiry date has passed. Give a later one, then send it.")
    lines.price(work, estimate, stored)
    estimate.contact_id = contact.id
    estimate.sent_at = work.at
    estimate.terms = work.find_tenant(Tenant).document_terms
    document = frozen_document(work, estimate, contact, stored)
    frozen = EstimateRevision(
        tenant_id=estimate.tenant_id,
        id=new_id(),
        estimate_id=estimate.id,
        revision=estimate.revision,
        document=document,
        document_hash=hashlib.sha256(plain_json(document).encode()).hexdigest(),
        frozen_at=work.at,
    )
    keep_revision(work, estimate, work.add(frozen))
    work.later("estimates.mail_sent", estimate_id=estimate.id)
    return stored


def frozen_document(
    work: Work, estimate: Estimate, contact: Contact, stored: Iterable[EstimateLine] | None = None
) -> dict[str, Any]:
    """Everything that the client is shown, as it is now."""
    client = work.get(Client, estimate.client_id)
    place = work.find(Property, estimate.property_id) if estimate.property_id else None
    return {
        "number": estimate.number,
        "revision": estimate.revision,
        "title": estimate.title,
        "client": client.name,
        "contact": contact.name,
        "property": one_line(place),
        "currency": estimate.currency,
        "expires_on": estimate.expires_on,
        "note_to_client": estimate.note_to_client,
        "terms": estimate.terms,
        "lines": [
            {
                "description": line.description,
                "quantity": line.quantity,
                "unit": line.unit,
                "unit_price": line.unit_price,
                "discount_cents": line.discount_cents,
                "tax_codes": line.tax_codes,
                "net_cents": line.net_cents,
            }
            for line in (lines_of(work, estimate.id) if stored is None else stored)
        ],
        "subtotal_cents": estimate.subtotal_cents,
        "tax_rows": estimate.tax_rows,
        "tax_cents": estimate.tax_cents,
        "total_cents": estimate.total_cents,
    }


def mail_sent(work: Work, estimate_id: UUID) -> None:
    """Mails the contact a link that opens this estimate; nothing where it is not waiting for an answer any more, or
    the contact has no e-mail. Run twice it mails twice; the newer link works like the older."""
    estimate = work.get(Estimate, estimate_id)
    contact = work.find(Contact, estimate.contact_id) if estimate.contact_id else None
    if estimate.stage != "sent" or contact is None or not contact.email:
        return
    ends = datetime.combine(estimate.expires_on or today(work), time.max, work.actor.tenant.zone) + timedelta(
        days=90
    )
    link = document_links.add(work, estimate, contact, ends)
    mails.estimate_sent(work, estimate, contact, link)
    work.record("estimates.mailed", estimate, after={"to": contact.email, "revision": estimate.revision})


def expire_due(work: Work) -> int:
    """Expires what waited for an answer past its last day; returns how many."""
    due: list[Estimate] = work.all(
        work.of(Estimate)
        .where(col(Estimate.stage).in_(("sent", "changes_requested")), col(Estimate.expires_on) < today(work))
        .with_for_update(skip_locked=True)
    )
    for estimate in due:
        work.advance(estimate, ESTIMATE_MACHINE, "expire")
    return len(due)


def _contact(work: Work, estimate: Estimate) -> Contact | None:
    chosen = work.find(Contact, estimate.contact_id) if estimate.contact_id else None
    return chosen or clients.primary_contact(work, estimate.client_id)
