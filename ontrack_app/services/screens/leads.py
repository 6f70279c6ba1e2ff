"""Leads on screens: the list with its views and filters, a lead's page, its form, and the step to an estimate."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from models.access import Permission
from models.clients import Client
from models.estimates import Estimate
from models.leads import LEAD_FIELDS, LEAD_MACHINE, URGENCIES, Lead
from models.members import Member
from ontrack_app.schemas.common import MoveCard
from ontrack_app.schemas.leads import LeadBody, LeadMoveBody, LeadPatch
from ontrack_app.schemas.screens.common import Badge, Fact, Filter, Form, ListPage, ListQuery, Option
from ontrack_app.schemas.screens.leads import LeadRecord, LeadRow
from ontrack_app.services import leads, moves, pipeline_stages
from ontrack_app.services.pipeline_stages import StageWords
from ontrack_app.services.screens import facts, forms, lists, timeline, track, words
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

LATEST = 2000
ELSEWHERE = ("name", "need", "stage", "assignee_id", "updated_at")
WIN_AND_ESTIMATE = "win_and_estimate"


def listing(work: Work, asked: ListQuery) -> tuple[list[LeadRow], ListPage]:
    """The leads that an address asks for.

    Raises:
        Invalid: a filter or sort that this list does not have.
    """
    work.actor.require(Permission.LEADS_READ)
    stages, people = pipeline_stages.words(work), words.people(work)
    found, foot = lists.page(work, Lead, views(work, stages), asked, sort="-updated_at")
    foot.filters = _filters(work, asked, stages)
    return [_row(work, lead, stages, people) for lead in found], foot


def views(work: Work, stages: Mapping[str, StageWords]) -> list[View]:
    """The tabs of the list; home counts by them too."""
    stage, owner = col(Lead.stage), col(Lead.assignee_id)
    opens = [item.key for item in stages.values() if item.kind == "open"]
    return [
        View("open", "Open", (stage.in_(opens),)),
        View("mine", "Mine", (stage.in_(opens), owner == work.actor.member_id)),
        View("new", "New, not called", (stage == opens[0],)),
        View("won", "Won", (stage.in_([item.key for item in stages.values() if item.kind == "won"]),)),
        View("lost", "Lost", (stage.in_([item.key for item in stages.values() if item.kind == "lost"]),)),
    ]


def record(work: Work, lead_id: UUID) -> LeadRecord:
    """A lead's page.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.LEADS_READ)
    lead = work.get(Lead, lead_id)
    stages, people = pipeline_stages.words(work), words.people(work)
    here = stages[lead.stage]
    estimate = _estimate(work, lead)
    return LeadRecord(
        id=str(lead.id),
        version=lead.version,
        number=lead.name,
        name=lead.name,
        title=lead.name,
        need=lead.need,
        quiet=_quiet(work, lead),
        stage=Badge(word=here.label, tint=here.tint),
        badges=_badges(lead),
        kind=here.kind,
        owner=str(lead.assignee_id or ""),
        owners=words.member_options(work)[1:],
        stages=[Option(value=item.key, label=item.label) for item in stages.values() if item.kind == "open" and item is not here],
        moves=_moves(work, lead, here.kind),
        facts=[*_client_facts(work, lead), *facts.of(work, LEAD_FIELDS, lead, without=ELSEWHERE, people=people)],
        track=track.from_lead(work, lead),
        timeline=timeline.of(work, [lead.id], fields=LEAD_FIELDS),
        next_label=_next_label(here.kind, estimate),
        next_href=f"/estimates/{estimate.id}" if estimate else estimate_address(lead),
    )  # fmt: skip


def new_form(work: Work) -> Form:
    """The empty form of a new lead."""
    work.actor.require(Permission.LEADS_WRITE)
    return forms.form(work, LEAD_FIELDS)


def form(work: Work, lead_id: UUID) -> Form:
    """The form filled from a lead.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.LEADS_READ)
    return forms.form(work, LEAD_FIELDS, work.get(Lead, lead_id))


def create(work: Work, data: Mapping[str, str]) -> UUID:
    """A new lead from what was typed; its id.

    Raises:
        Invalid: with an error for each field that does not fit.
    """
    return leads.create(work, forms.body(work, LeadBody, LEAD_FIELDS, data)).id


def save(work: Work, data: Mapping[str, str], lead_id: UUID, version: int) -> int:
    """Changes a lead to what was typed; its version from then on.

    Raises:
        NotFound, Stale, Invalid: as their words say.
    """
    return leads.patch(work, lead_id, forms.body(work, LeadPatch, LEAD_FIELDS, data), version=version).version


def assign(work: Work, lead_id: UUID, member_id: UUID | None) -> None:
    """Gives a lead to somebody, or to nobody.

    Raises:
        NotFound, Invalid: as their words say.
    """
    leads.patch(work, lead_id, LeadPatch(assignee_id=member_id))


def move(work: Work, lead_id: UUID, name: str, reason: str = "", stage: str = "") -> None:
    """Makes one move of a lead; `stage` for `advance`.

    Raises:
        NotFound, Conflict, Forbidden, Invalid: as their words say.
    """
    leads.move(work, lead_id, name, LeadMoveBody(reason=reason or None, stage=stage or None))


def win_for_estimate(work: Work, lead_id: UUID) -> str:
    """Wins a lead, which makes or finds its client, and gives the address that starts the estimate.

    Raises:
        NotFound, Conflict, Forbidden: as their words say.
    """
    leads.move(work, lead_id, "win", LeadMoveBody())
    return estimate_address(work.get(Lead, lead_id))


def estimate_address(lead: Lead) -> str:
    """Where an estimate for a won lead is started; empty while it has no client."""
    if lead.client_id is None:
        return ""
    given = {"client_id": lead.client_id, "property_id": lead.property_id, "lead_id": lead.id}
    return f"/estimates/new?{urlencode({name: str(value) for name, value in given.items() if value})}"


def _row(work: Work, lead: Lead, stages: Mapping[str, StageWords], people: Mapping[UUID, Member]) -> LeadRow:
    owner = people.get(lead.assignee_id) if lead.assignee_id else None
    place = ", ".join(part for part in (lead.street, lead.city) if part)
    need = " ".join(lead.need.split())[:160]
    return LeadRow(
        id=str(lead.id),
        name=lead.name,
        need=need,
        place=place,
        line=" · ".join(part for part in (need, place) if part),
        stage=Badge(word=stages[lead.stage].label, tint=stages[lead.stage].tint),
        owner=owner.name if owner else "Nobody",
        owner_initials=words.initials(owner.name) if owner else "",
        value=words.money(work, lead.value_cents),
        touched=words.ago(work, lead.updated_at),
        touched_full=words.moment(work, lead.updated_at),
    )


def _filters(work: Work, asked: ListQuery, stages: Mapping[str, StageWords]) -> list[Filter]:
    owners = [
        ("none", "Nobody"),
        *((option.value, option.label) for option in words.member_options(work)[1:]),
    ]
    choices = {
        "stage": ("Stage", [(item.key, item.label) for item in stages.values()]),
        "assignee_id": ("Owner", owners),
        "source": ("Source", [(source, source) for source in _sources(work)]),
        "urgency": ("Urgency", list(URGENCIES)),
    }
    found = [lists.filter_of(asked, name, label, options) for name, (label, options) in choices.items()]
    return found + lists.other_filters(asked, LEAD_FIELDS, choices)


def _sources(work: Work) -> list[str]:
    """Where the latest leads came from."""
    latest = select(col(Lead.source)).where(col(Lead.tenant_id) == work.actor.tenant_id)
    recent = latest.order_by(col(Lead.created_at).desc()).limit(LATEST).subquery()
    found = work.session.execute(select(recent.c.source).distinct().order_by(recent.c.source)).scalars()
    return [source for source in found if source and "," not in source]


def _estimate(work: Work, lead: Lead) -> Estimate | None:
    query = work.of(Estimate).where(col(Estimate.lead_id) == lead.id, col(Estimate.stage) != "voided")
    found: Estimate | None = work.first(query.order_by(col(Estimate.created_at).desc()))
    return found


def _next_label(kind: str, estimate: Estimate | None) -> str:
    if kind != "won":
        return ""
    return f"Open {estimate.number}" if estimate else "Write estimate"


def _moves(work: Work, lead: Lead, kind: str) -> list[MoveCard]:
    """Lose and reopen as they are; winning goes on to the estimate, and moving on has a menu of its own."""
    cards = moves.open_moves(work, LEAD_MACHINE, kind, title=lead.name, without=["advance", "win"])
    cards = [card.model_copy(update={"primary": False}) for card in cards]
    if kind == "open" and work.actor.granted(Permission.LEADS_WRITE):
        cards.insert(0, MoveCard(name=WIN_AND_ESTIMATE, label="Win and write estimate", primary=True))
    return cards


def _quiet(work: Work, lead: Lead) -> str:
    came, place = words.when(work, lead.created_at), facts.one_line(lead)
    return f"{place} · came in {came}" if place else f"Came in {came}"


def _badges(lead: Lead) -> list[Badge]:
    return [Badge(word="Urgent", tint="bad")] if lead.urgency == "high" else []


def _client_facts(work: Work, lead: Lead) -> list[Fact]:
    if lead.client_id is None:
        return []
    client = work.get(Client, lead.client_id)
    return [Fact(label="Client", value=client.name, href=f"/clients/{client.id}")]
