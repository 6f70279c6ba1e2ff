"""Estimates on screens: the list with its views, one estimate's page, and how a new one begins."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.clients import Client
from models.contacts import Contact
from models.estimates import ANSWERABLE, ESTIMATE_MACHINE, Estimate, EstimateLine, EstimateRevision
from models.jobs import Job
from models.leads import Lead
from models.properties import Property
from models.signatures import Signature
from models.tenants import Tenant
from ontrack_app.schemas.common import MoveCard
from ontrack_app.schemas.screens.common import Badge, Fact, ListPage, ListQuery, Option
from ontrack_app.schemas.screens.estimates import EstimateRecord, EstimateRow, RevisionRow, Signed
from ontrack_app.schemas.screens.papers import Paper
from ontrack_app.services import clients
from ontrack_app.services.estimates.cards import is_expired, lines_of, past_its_day
from ontrack_app.services.moves import open_moves
from ontrack_app.services.properties import one_line
from ontrack_app.services.screens import belongings, lists, papers, related, timeline, track, words
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

MACHINE = ESTIMATE_MACHINE
BY_THE_CLIENT = ("approve", "request_changes", "decline")
SOON, WEEK = timedelta(days=3), timedelta(days=7)
STAGE = col(Estimate.stage)
VIEWS = (
    View("waiting", "Waiting for answer", (STAGE == "sent",)),
    View("drafts", "Drafts", (STAGE == "draft",)),
    View("changes", "Changes asked", (STAGE == "changes_requested",)),
    View("approved", "Approved", (STAGE.in_(("approved", "converted")),)),
    View("declined", "Declined or expired", (STAGE.in_(("declined", "expired", "voided")),)),
    View("all", "All"),
)


def listing(work: Work, asked: ListQuery) -> tuple[list[EstimateRow], ListPage]:
    """The estimates that the address asks for.

    Raises:
        Forbidden: the role may not see estimates. Invalid: as `lists.page` says.
    """
    work.actor.require(Permission.ESTIMATES_READ)
    found, foot = lists.page(work, Estimate, views(work), asked)
    names = related.client_names(work, [row.client_id for row in found])
    foot.filters = belongings.chips(work, asked)
    return [_row(work, row, names.get(row.client_id, "")) for row in found], foot


def views(work: Work) -> list[View]:
    """The tabs of the list, and those that only home links to."""
    today = words.local(work, work.at).date()
    ends = col(Estimate.expires_on)
    expiring = (STAGE.in_(ANSWERABLE), ends >= today, ends < today + WEEK)
    return [
        *VIEWS,
        View("to_convert", "Approved, no job yet", (STAGE == "approved",), linked=True),
        View("expiring", "Expiring this week", expiring, linked=True),
    ]


def record(work: Work, estimate_id: UUID) -> tuple[EstimateRecord, Paper]:
    """One estimate's page, and its lines.

    Raises:
        NotFound: there is none here. Forbidden: the role may not see estimates.
    """
    work.actor.require(Permission.ESTIMATES_READ)
    estimate = work.get(Estimate, estimate_id)
    stored = lines_of(work, estimate.id)
    return _record(work, estimate), paper(work, estimate, stored)


def paper(work: Work, estimate: Estimate, stored: list[EstimateLine]) -> Paper:
    """The estimate's lines and totals, with what may be done next: its questions name the total, so both go together."""
    made = papers.paper(work, estimate, stored)
    return made.model_copy(update={"moves": _moves(work, estimate, _receiver(work, estimate))})


def _row(work: Work, row: Estimate, client: str) -> EstimateRow:
    return EstimateRow(
        id=str(row.id),
        number=row.number,
        title=row.title or row.number,
        client=client,
        stage=badge(row.stage),
        fact=_time_fact(work, row),
        sent=words.ago(work, row.sent_at) if row.sent_at else "Not sent",
        expires=words.day(row.expires_on),
        total=words.money(work, row.total_cents),
    )


def badge(stage: str) -> Badge:
    """A stage as a word with its tint."""
    return Badge(word=MACHINE.label(stage), tint=MACHINE.tint(stage))


def _time_fact(work: Work, row: Estimate) -> Badge:
    if row.stage not in ANSWERABLE or row.expires_on is None:
        return Badge()
    if is_expired(work, row):
        return Badge(word="Past its date", tint="bad")
    left = row.expires_on - words.local(work, work.at).date()
    if left > SOON:
        return Badge()
    ends = {0: "today", 1: "tomorrow"}.get(left.days, f"in {left.days} days")
    return Badge(word=f"Expires {ends}", tint="waiting")


def _revision_fact(estimate: Estimate) -> Badge:
    return Badge(word=f"Revision {estimate.revision}" if estimate.revision > 1 else "")


def _record(work: Work, estimate: Estimate) -> EstimateRecord:
    client = work.get(Client, estimate.client_id)
    place = work.find(Property, estimate.property_id) if estimate.property_id else None
    people, contact = _contacts(work, estimate.client_id), _receiver(work, estimate)
    fact = _time_fact(work, estimate)
    return EstimateRecord(
        id=str(estimate.id),
        version=estimate.version,
        number=estimate.number,
        title=estimate.title or f"Work for {client.name}",
        title_text=estimate.title,
        quiet=_quiet(estimate, client, place),
        stage=badge(estimate.stage),
        badges=[one for one in (_revision_fact(estimate), fact) if one.word],
        stage_key=estimate.stage,
        editable=estimate.stage == "draft" and work.actor.granted(Permission.ESTIMATES_WRITE),
        track=track.from_estimate(work, estimate),
        timeline=timeline.of(work, [estimate.id], fields=Estimate.FIELDS),
        facts=_facts(work, estimate, client, place, contact),
        note=estimate.note_to_client,
        terms=estimate.terms or work.find_tenant(Tenant).document_terms,
        expires_on=estimate.expires_on.isoformat() if estimate.expires_on else "",
        contact_id=str(contact.id) if contact else "",
        contact_name=contact.name if contact else "",
        contacts=[Option(value=str(one.id), label=_contact_words(one)) for one in people],
        property_id=str(estimate.property_id or ""),
        properties=place_options(work, estimate.client_id),
        changes_asked=estimate.changes_asked if estimate.stage in ("changes_requested", "draft") else "",
        changes_by=f"{contact.name if contact else client.name}",
        waiting=_waiting(work, estimate, contact),
        signed=_signed(work, estimate),
        revisions=_revisions(work, estimate),
        pdf=f"/api/v1/estimates/{estimate.id}/pdf",
        job_href=f"/jobs/{estimate.job_id}" if estimate.job_id else "",
        tax_codes=papers.codes(work),
        can_answer=estimate.stage == "sent" and work.actor.granted(Permission.ESTIMATES_ANSWER),
    )


def _quiet(estimate: Estimate, client: Client, place: Property | None) -> str:
    until = f"expires {words.day(estimate.expires_on)}" if estimate.expires_on else "no expiry date yet"
    return " · ".join(
        part for part in (estimate.number, client.name, one_line(place), until, estimate.currency) if part
    )


def _facts(
    work: Work, estimate: Estimate, client: Client, place: Property | None, contact: Contact | None
) -> list[Fact]:
    lead = work.find(Lead, estimate.lead_id) if estimate.lead_id else None
    job = work.find(Job, estimate.job_id) if estimate.job_id else None
    found = [
        Fact(label="Client", value=client.name, href=f"/clients/{client.id}"),
        Fact(label="Property", value=one_line(place), href=f"/properties/{place.id}" if place else ""),
        Fact(label="Sent to", value=_contact_words(contact) if contact else ""),
        Fact(label="Expires", value=words.day(estimate.expires_on)),
        Fact(label="Lead", value=lead.name if lead else "None", href=f"/leads/{lead.id}" if lead else ""),
    ]
    if job:
        found.append(Fact(label="Job", value=job.number, href=f"/jobs/{job.id}"))
    return found


def _contacts(work: Work, client_id: UUID) -> list[Contact]:
    query = work.of(Contact).where(col(Contact.client_id) == client_id, col(Contact.archived_at).is_(None))
    found: list[Contact] = work.all(query.order_by(col(Contact.is_primary).desc(), col(Contact.name)))
    return found


def _receiver(work: Work, estimate: Estimate) -> Contact | None:
    chosen = work.find(Contact, estimate.contact_id) if estimate.contact_id else None
    return chosen or clients.primary_contact(work, estimate.client_id)


def _contact_words(contact: Contact) -> str:
    return f"{contact.name}, {contact.email or contact.phone or 'no e-mail'}"


def place_options(work: Work, client_id: UUID) -> list[Option]:
    """A client's properties as choices."""
    query = work.of(Property).where(col(Property.client_id) == client_id, col(Property.archived_at).is_(None))
    found: list[Property] = work.all(query.order_by(col(Property.street), col(Property.unit)))
    return [Option(value=str(place.id), label=one_line(place)) for place in found]


def _moves(work: Work, estimate: Estimate, contact: Contact | None) -> list[MoveCard]:
    """What may be done next; of the client's own answers the office is shown the record of an approval."""
    left_out = {"request_changes", "decline"}
    if past_its_day(work, estimate):
        left_out.add("approve")
    found = open_moves(work, MACHINE, estimate.stage, title=estimate.number, without=left_out)
    return [_worded(work, estimate, move, contact) for move in found]


def _worded(work: Work, estimate: Estimate, move: MoveCard, contact: Contact | None) -> MoveCard:
    if move.name == "approve":
        return move.model_copy(update={"label": "Record approval", "primary": True})
    if move.name == "send":
        return move.model_copy(update=_send_words(work, estimate, contact))
    if move.name == "revise":
        later = estimate.stage == "sent" and not past_its_day(work, estimate)
        return move.model_copy(
            update={
                "primary": not later,
                "confirm_title": f"Revise {estimate.number}" if later else "",
                "confirm_text": "It becomes a draft again. The link that was mailed stops working until it is sent anew.",
            }
        )
    return move


def _send_words(work: Work, estimate: Estimate, contact: Contact | None) -> dict[str, object]:
    who = contact.name if contact else "the client"
    total = words.money(work, estimate.total_cents)
    mailed = f"{who} is mailed a link to it at {contact.email}." if contact and contact.email else (
        f"{who} has no e-mail, so nothing is mailed; bring it yourself."
    )  # fmt: skip
    return {
        "label": f"Send to {who.split()[0]}" if contact else "Send",
        "primary": True,
        "confirm_title": f"Send {estimate.number}, {total}, to {who}",
        "confirm_text": f"{mailed} Revision {estimate.revision} is frozen: to change it later, revise it.",
    }


def _waiting(work: Work, estimate: Estimate, contact: Contact | None) -> str:
    if estimate.stage != "sent" or estimate.sent_at is None:
        return ""
    since = words.local(work, estimate.sent_at)
    return f"Waiting for {contact.name if contact else 'the client'} since {since:%a, %b} {since.day}"


def _signed(work: Work, estimate: Estimate) -> Signed:
    if estimate.stage not in ("approved", "converted"):
        return Signed()
    query = work.of(Signature).where(col(Signature.noun) == "estimates", col(Signature.row_id) == estimate.id)
    found: Signature | None = work.first(query.order_by(col(Signature.signed_at).desc()))
    if found is None:
        return Signed()
    how = "Signed by hand" if found.kind == "drawn" else "Signed with a typed name"
    if found.evidence:
        how = "Recorded by the office"
    return Signed(
        name=found.name, how=f"{how}, {words.moment(work, found.signed_at)}", evidence=found.evidence
    )


def _revisions(work: Work, estimate: Estimate) -> list[RevisionRow]:
    query = work.of(EstimateRevision).where(col(EstimateRevision.estimate_id) == estimate.id)
    found: list[EstimateRevision] = work.all(query.order_by(col(EstimateRevision.revision).desc()))
    return [
        RevisionRow(
            label=f"Revision {one.revision}",
            when=words.moment(work, one.frozen_at),
            total=words.money(work, int(one.document["total_cents"])),
            href=f"/api/v1/estimates/{estimate.id}/pdf?revision={one.revision}",
        )
        for one in found
    ]
