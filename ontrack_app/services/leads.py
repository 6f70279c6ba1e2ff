"""Leads: taking them in, moving them along the tenant's pipeline, winning and losing them."""

from typing import Any
from uuid import UUID

from models.access import Permission
from models.ids import new_id
from models.leads import LEAD_MACHINE, LOST, WON, Lead
from models.members import Member
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.common import Address, MoneyBody, Page
from ontrack_app.schemas.leads import LeadBody, LeadCard, LeadMoveBody, LeadPatch
from ontrack_app.services import amounts, clients, listing, pipeline_stages, rows
from ontrack_app.services.listing import Query
from ontrack_app.work import Work

ADDRESS_PARTS = ("street", "city", "region", "postal_code", "country")


def create(work: Work, body: LeadBody) -> LeadCard:
    """A new lead in the first open stage.

    Raises:
        Invalid: only a name was given, the currency is not the tenant's, or the owner is nobody here.
    """
    work.actor.require(Permission.LEADS_WRITE)
    lead = add(work, body)
    work.record("leads.created", lead, after=summary(lead))
    return card(work, lead)


def add(work: Work, body: LeadBody) -> Lead:
    """The row of a new lead, checked, without a trail; for callers that write their own (import, public form)."""
    if not (body.email or body.phone or body.need or not body.address.is_empty):
        words = (
            "Give an e-mail, a phone number, an address or what is needed, so that somebody can act on it."
        )
        raise Invalid(words, errors=[FieldError("need", words)])
    _check_assignee(work, body.assignee_id)
    lead = Lead(
        tenant_id=work.actor.tenant_id,
        id=new_id(),
        value_cents=_cents(work, body.value),
        stage=pipeline_stages.of_kind(pipeline_stages.words(work), "open").key,
        **body.model_dump(
            include={"name", "email", "phone", "need", "source", "urgency", "assignee_id", "source_ref"}
        ),
        **_address_columns(body.address),
    )
    return work.add(lead)


def patch(work: Work, lead_id: UUID, body: LeadPatch, *, version: int | None = None) -> LeadCard:
    """Changes a lead's facts; its stage only changes by moves.

    Raises:
        NotFound, Stale, Invalid: as their words say.
    """
    work.actor.require(Permission.LEADS_READ)
    lead = work.lock(Lead, lead_id, version=version)
    work.actor.require(Permission.LEADS_WRITE)
    given = rows.given(body, without=["address", "value"])
    _check_assignee(work, given.get("assignee_id"))
    if body.address is not None:
        given |= _address_columns(body.address)
    if "value" in body.model_fields_set:
        given["value_cents"] = _cents(work, body.value)
    rows.change(work, lead, given, word="leads.changed", nullable=["assignee_id", "value_cents"])
    return card(work, lead)


def get(work: Work, lead_id: UUID) -> LeadCard:
    """One lead.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.LEADS_READ)
    return card(work, work.get(Lead, lead_id))


def list_page(work: Work, query: Query) -> Page[LeadCard]:
    """A page of leads, as `listing.Query` asks."""
    work.actor.require(Permission.LEADS_READ)
    found = listing.page(work, Lead, query)
    stages = pipeline_stages.words(work)
    return Page(items=[_card(work, row, stages) for row in found.rows], next_cursor=found.next_cursor)


def archive(work: Work, lead_id: UUID, *, version: int | None = None) -> None:
    """Puts a lead away; it leaves the lists and keeps its history."""
    rows.archive(work, Lead, lead_id, Permission.LEADS_DELETE, version=version)


def move(work: Work, lead_id: UUID, name: str, body: LeadMoveBody, *, version: int | None = None) -> LeadCard:
    """Makes one move: `advance` to an open stage, `win`, `lose` or `reopen` with a reason.

    Raises:
        NotFound, Conflict, Forbidden, Invalid, Stale: as their words say; a refused move changes nothing.
    """
    work.actor.require(Permission.LEADS_READ)
    lead = work.lock(Lead, lead_id, version=version)
    if move := LEAD_MACHINE.find(name):
        work.actor.require(move.right)
    stages = pipeline_stages.words(work)
    here = stages[lead.stage].kind
    target = _target(stages, name, body)
    work.advance(lead, LEAD_MACHINE, name, reason=body.reason, along=(here, target))
    lead.staged_at = work.at
    if name == "win":
        with work.session.no_autoflush:
            clients.from_lead(work, lead)
    elif name == "lose":
        lead.lost_reason = body.reason or ""
    elif name == "reopen":
        lead.lost_reason = ""
    return _card(work, lead, stages)


def card(work: Work, lead: Lead) -> LeadCard:
    """The lead as the API shows it."""
    return _card(work, lead, pipeline_stages.words(work))


def summary(lead: Lead) -> dict[str, Any]:
    """What the trail keeps of a lead when it comes in."""
    return {"name": lead.name, "need": lead.need[:200], "source": lead.source, "stage": lead.stage}


def _target(stages: dict[str, pipeline_stages.StageWords], name: str, body: LeadMoveBody) -> str:
    if name == "advance":
        return pipeline_stages.open_stage(stages, body.stage).key
    kind = {"win": WON, "lose": LOST}.get(name, "open")
    return pipeline_stages.of_kind(stages, kind).key


def _card(work: Work, lead: Lead, stages: dict[str, pipeline_stages.StageWords]) -> LeadCard:
    return LeadCard.model_construct(
        id=lead.id,
        name=lead.name,
        email=lead.email,
        phone=lead.phone,
        need=lead.need,
        source=lead.source,
        source_ref=lead.source_ref,
        address=Address.model_construct(unit="", **{part: getattr(lead, part) for part in ADDRESS_PARTS}),
        value=None
        if lead.value_cents is None
        else MoneyBody.of(lead.value_cents, work.actor.tenant.currency),
        urgency=lead.urgency,
        stage=lead.stage,
        stage_kind=stages[lead.stage].kind,
        assignee_id=lead.assignee_id,
        lost_reason=lead.lost_reason,
        client_id=lead.client_id,
        property_id=lead.property_id,
        version=lead.version,
        created_at=lead.created_at,
        updated_at=lead.updated_at,
        archived_at=lead.archived_at,
    )


def _address_columns(address: Address) -> dict[str, Any]:
    columns: dict[str, Any] = {part: getattr(address, part) for part in ADDRESS_PARTS}
    if address.unit:
        columns["street"] = f"{address.street}, {address.unit}" if address.street else address.unit
    return columns


def _cents(work: Work, value: MoneyBody | None) -> int | None:
    if value is None:
        return None
    return amounts.own(work, value, "value").cents


def _check_assignee(work: Work, member_id: UUID | None) -> None:
    if member_id is not None:
        work.need(Member, member_id, "assignee_id")
