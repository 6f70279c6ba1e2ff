"""The only home of documents on paper: an estimate as it was sent, an invoice as it was issued, as texts for the page."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.clients import Client
from models.contacts import Contact
from models.estimates import Estimate, EstimateRevision
from models.invoices import Invoice
from models.jobs import Job
from models.money import Money, format_money, format_percent, format_quantity, format_unit_price
from models.properties import Property
from models.signatures import Signature
from models.tenants import Tenant
from ontrack_app.errors import NotFound
from ontrack_app.integrations.pdf import (
    DocumentView,
    Fact,
    LineView,
    Party,
    SignatureView,
    TotalRow,
)
from ontrack_app.services import brands, clients, ledger_entries
from ontrack_app.services.estimates.cards import revision_of
from ontrack_app.services.estimates.send import frozen_document
from ontrack_app.services.invoices.cards import lines_of
from ontrack_app.services.properties import one_line
from ontrack_app.work import Work, plain_json


def estimate(work: Work, estimate_id: UUID, revision: int | None = None) -> DocumentView:
    """The estimate on paper: a revision as it was sent, or the draft as it is now.

    Raises:
        NotFound: there is none here, none that may be known, or no such revision. Forbidden: as its words say.
    """
    work.actor.require(Permission.ESTIMATES_READ)
    row = work.get(Estimate, estimate_id)
    frozen = _revision(work, row, revision)
    document = frozen.document if frozen else _draft(work, row)
    tenant = work.find_tenant(Tenant)
    facts = [("Expires", _day(work, document["expires_on"])), ("Currency", row.currency)]
    if frozen:
        facts.insert(0, ("Sent", _day(work, _local_day(work, frozen.frozen_at))))
    return DocumentView(
        number=row.number,
        made=_local_day(work, frozen.frozen_at) if frozen else _local_day(work, work.at),
        remark=_estimate_remark(row, frozen),
        title=document["title"],
        note=document["note_to_client"],
        terms=document["terms"] or ("" if frozen else tenant.document_terms),
        parties=_parties(_people(document["client"], document["contact"]), document["property"]),
        facts=_facts(facts),
        lines=[_line(work, line) for line in document["lines"]],
        totals=_totals(work, document, "Total"),
        signature=_signature(work, row, frozen),
        **_company(work, tenant),
    )


def invoice(work: Work, invoice_id: UUID) -> DocumentView:
    """The invoice on paper, with what is paid and still due.

    Raises:
        NotFound: there is none here, or none that may be known. Forbidden: as its words say.
    """
    work.actor.require(Permission.INVOICES_READ)
    row = work.get(Invoice, invoice_id)
    tenant, client = work.find_tenant(Tenant), work.get(Client, row.client_id)
    place = work.find(Property, row.property_id) if row.property_id else None
    job = work.find(Job, row.job_id) if row.job_id else None
    facts = [
        ("Issued", _day(work, row.issued_on)),
        ("Due", _day(work, row.due_on)),
        ("Job", job.number if job else ""),
        ("Your order", job.po_number if job else ""),
        ("Currency", row.currency),
    ]
    return DocumentView(
        number=row.number or "",
        made=row.issued_on or _local_day(work, work.at),
        remark={"draft": "Draft", "void": "Void"}.get(row.stage, ""),
        title=row.title,
        note=row.note_to_client,
        terms=row.terms or (tenant.document_terms if row.stage == "draft" else ""),
        parties=_parties(client.bill_to.splitlines() or [client.name], one_line(place), label="Bill to"),
        facts=_facts(facts),
        lines=[_line(work, line.model_dump()) for line in lines_of(work, row.id)],
        totals=_invoice_totals(work, row),
        **_company(work, tenant),
    )


def _revision(work: Work, row: Estimate, revision: int | None) -> EstimateRevision | None:
    if revision is None:
        return None if row.stage == "draft" else revision_of(work, row)
    query = work.of(EstimateRevision).where(
        col(EstimateRevision.estimate_id) == row.id, col(EstimateRevision.revision) == revision
    )
    found: EstimateRevision | None = work.first(query)
    if found is None:
        raise NotFound(f"{row.number} has no revision {revision} that was sent.")
    return found


def _draft(work: Work, row: Estimate) -> dict[str, Any]:
    """What would be frozen if it were sent now, in the shape in which it is kept."""
    chosen = work.find(Contact, row.contact_id) if row.contact_id else None
    contact = chosen or clients.primary_contact(work, row.client_id)
    unknown = Contact(tenant_id=row.tenant_id, client_id=row.client_id, name="")
    document: dict[str, Any] = json.loads(plain_json(frozen_document(work, row, contact or unknown)))
    return document


def _estimate_remark(row: Estimate, frozen: EstimateRevision | None) -> str:
    if row.stage == "voided":
        return "Void"
    if frozen is None:
        return "Draft"
    return f"Revision {frozen.revision}" if frozen.revision > 1 else ""


def _company(work: Work, tenant: Tenant) -> dict[str, Any]:
    """Who sends it: name, address, ways to reach, colour."""
    face = brands.of_tenant(tenant)
    region = " ".join(part for part in (tenant.region, tenant.postal_code) if part)
    town = ", ".join(part for part in (tenant.city, region) if part)
    reach = " · ".join(part for part in (tenant.phone, tenant.email) if part)
    legal = tenant.legal_name if tenant.legal_name != tenant.name else ""
    return {
        "tenant_name": tenant.name,
        "tenant_lines": [
            line for line in (legal, tenant.street, town, reach, tenant.brand.get("line", "")) if line
        ],
        "brand": face.color,
        "locale": work.actor.tenant.locale,
        "currency": work.actor.tenant.currency,
    }


def _people(client: str, contact: str) -> list[str]:
    return [client] if contact in ("", client) else [client, contact]


def _parties(people: Sequence[str], place: str, *, label: str = "For") -> list[Party]:
    found = [Party(label, list(people))]
    return [*found, Party("Where", [place])] if place else found


def _facts(pairs: Sequence[tuple[str, str]]) -> list[Fact]:
    return [Fact(label, value) for label, value in pairs if value]


def _line(work: Work, line: dict[str, Any]) -> LineView:
    tenant = work.actor.tenant
    description = str(line["description"])
    if line["discount_cents"]:
        description += f"\nDiscount {_figure(work, -line['discount_cents'])}"
    return LineView(
        description=description,
        quantity=format_quantity(Decimal(line["quantity"]), tenant.locale),
        unit=line["unit"],
        price=format_unit_price(Decimal(line["unit_price"]), tenant.currency, tenant.locale),
        amount=_figure(work, line["net_cents"]),
    )


def _totals(work: Work, document: dict[str, Any], label: str) -> list[TotalRow]:
    """Subtotal, tax rows with what they were worked out on, the total."""
    rows = [TotalRow("Subtotal", _figure(work, document["subtotal_cents"]))]
    for row in document["tax_rows"]:
        rate = format_percent(Decimal(row["rate"]), work.actor.tenant.locale)
        base = f"on {_figure(work, row['base_cents'])}"
        rows.append(TotalRow(f"{row['label']} {rate}", _figure(work, row["amount_cents"]), base))
    return [*rows, TotalRow(label, _money(work, document["total_cents"]), strong=True)]


def _invoice_totals(work: Work, row: Invoice) -> list[TotalRow]:
    rows = _totals(work, row.model_dump(include={"subtotal_cents", "tax_rows", "total_cents"}), "Total")
    if row.stage != "issued":
        return rows
    owed = ledger_entries.balance(work, row.id)
    if owed == row.total_cents:
        return [*rows[:-1], TotalRow("Due", _money(work, owed), strong=True)]
    paid = TotalRow("Paid", _figure(work, owed - row.total_cents))
    total = TotalRow("Total", _figure(work, row.total_cents))
    return [*rows[:-1], total, paid, TotalRow("Due", _money(work, max(owed, 0)), strong=True)]


def _signature(work: Work, row: Estimate, frozen: EstimateRevision | None) -> SignatureView | None:
    if frozen is None:
        return None
    query = work.of(Signature).where(
        col(Signature.row_id) == row.id, col(Signature.document_hash) == frozen.document_hash
    )
    signed: Signature | None = work.first(query.order_by(col(Signature.signed_at).desc()))
    if signed is None:
        return None
    at = signed.signed_at.astimezone(work.actor.tenant.zone)
    facts = [f"{_day(work, at.date())}, {at:%H:%M %Z}", signed.evidence, f"Document {signed.document_hash}"]
    strokes = signed.strokes if signed.kind == "drawn" else None
    return SignatureView(name=signed.name, facts=[fact for fact in facts if fact], strokes=strokes or ())


def _local_day(work: Work, at: Any) -> date:
    day: date = at.astimezone(work.actor.tenant.zone).date()
    return day


def _day(work: Work, value: date | str | None) -> str:
    """A date in long words; frozen documents keep theirs as text."""
    if not value:
        return ""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return (
        f"{day.day} {day:%B} {day.year}"
        if work.actor.tenant.locale[:2] == "fr"
        else f"{day:%B} {day.day}, {day.year}"
    )


def _figure(work: Work, cents: int) -> str:
    tenant = work.actor.tenant
    return format_money(Money(cents, tenant.currency), tenant.locale, symbol=False)


def _money(work: Work, cents: int) -> str:
    tenant = work.actor.tenant
    return format_money(Money(cents, tenant.currency), tenant.locale)
