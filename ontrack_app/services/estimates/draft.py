"""Drafting an estimate: its facts and its lines, with totals worked out at every change."""

from typing import Any
from uuid import UUID

from models.access import Permission
from models.clients import Client
from models.contacts import Contact
from models.estimates import Estimate, EstimateLine
from models.ids import new_id
from models.leads import Lead
from models.properties import Property
from ontrack_app.errors import Conflict, FieldError, Invalid, NotFound
from ontrack_app.schemas.common import Body
from ontrack_app.schemas.documents import LineBody
from ontrack_app.schemas.estimates import EstimateBody, EstimateCard, EstimatePatch
from ontrack_app.services import lines, numbers, rows
from ontrack_app.services.estimates.cards import card, lines_of
from ontrack_app.work import Work


def create(work: Work, body: EstimateBody) -> EstimateCard:
    """A new draft with its number.

    Raises:
        Invalid: a client, property, lead or contact that is not there or not this client's; a line that cannot be.
        Conflict: the client is marked do-not-service.
    """
    work.actor.require(Permission.ESTIMATES_WRITE)
    client = work.need(Client, body.client_id, "client_id")
    if client.do_not_service:
        raise Conflict(
            f"{client.name} is marked “do not service”. Take the mark off before making an estimate."
        )
    _check_belongings(work, body.client_id, body)
    given = body.model_dump(
        include={"client_id", "property_id", "lead_id", "contact_id", "expires_on", "note_to_client"}
    )
    values = lines.read(work, body.lines)
    estimate = Estimate(
        tenant_id=work.actor.tenant_id,
        id=new_id(),
        number=numbers.take(work, "estimate"),
        currency=work.actor.tenant.currency,
        title=body.title or _title(work, body, client),
        **given,
    )
    stored = _new_lines(estimate, values)
    lines.price(work, estimate, stored)
    work.add(estimate)
    work.session.flush()
    work.session.add_all(stored)
    work.record(
        "estimates.created", estimate, after={"number": estimate.number, "total_cents": estimate.total_cents}
    )
    return card(work, estimate, stored)


def patch(work: Work, estimate_id: UUID, body: EstimatePatch, *, version: int | None = None) -> EstimateCard:
    """Changes a draft; `lines` replaces all lines.

    Raises:
        Conflict: it is no draft any more. NotFound, Forbidden, Stale, Invalid: as their words say.
    """
    estimate = _draft(work, estimate_id, version)
    _check_belongings(work, estimate.client_id, body)
    given = rows.given(body, without=["lines"])
    rows.change(
        work, estimate, given, word="estimates.changed", nullable=["property_id", "contact_id", "expires_on"]
    )
    if body.lines is not None:
        for old in lines_of(work, estimate.id):
            work.session.delete(old)
        work.session.flush()
        stored = _new_lines(estimate, lines.read(work, body.lines))
        work.session.add_all(stored)
        _keep(work, estimate, stored)
        return card(work, estimate, stored)
    return card(work, estimate)


def add_line(work: Work, estimate_id: UUID, body: LineBody) -> EstimateCard:
    """Puts one more line at the end of a draft.

    Raises:
        Conflict, NotFound, Forbidden, Invalid: as their words say.
    """
    estimate = _draft(work, estimate_id, None)
    stored = lines_of(work, estimate.id)
    values = lines.read(work, [body])[0]
    place = stored[-1].position + 1 if stored else 0
    line = EstimateLine(
        tenant_id=estimate.tenant_id, id=new_id(), estimate_id=estimate.id, position=place, **values.columns()
    )
    work.session.add(line)
    stored.append(line)
    _keep(work, estimate, stored)
    return card(work, estimate, stored)


def change_line(work: Work, estimate_id: UUID, line_id: UUID, body: LineBody) -> EstimateCard:
    """Replaces what a line of a draft says.

    Raises:
        NotFound: there is no such line. Conflict, Forbidden, Invalid: as their words say.
    """
    estimate = _draft(work, estimate_id, None)
    stored = lines_of(work, estimate.id)
    line = _line(stored, line_id)
    values = lines.read(work, [body])[0].columns()
    if body.price_item_id is None:
        values = {name: value for name, value in values.items() if name not in ("price_item_id", "unit_cost")}
    for name, value in values.items():
        setattr(line, name, value)
    _keep(work, estimate, stored)
    return card(work, estimate, stored)


def remove_line(work: Work, estimate_id: UUID, line_id: UUID) -> EstimateCard:
    """Takes a line out of a draft.

    Raises:
        NotFound: there is no such line. Conflict, Forbidden: as their words say.
    """
    estimate = _draft(work, estimate_id, None)
    stored = lines_of(work, estimate.id)
    line = _line(stored, line_id)
    work.session.delete(line)
    stored.remove(line)
    _keep(work, estimate, stored)
    return card(work, estimate, stored)


def _draft(work: Work, estimate_id: UUID, version: int | None) -> Estimate:
    work.actor.require(Permission.ESTIMATES_READ)
    estimate = work.lock(Estimate, estimate_id, version=version)
    work.actor.require(Permission.ESTIMATES_WRITE)
    if estimate.stage != "draft":
        raise Conflict(f"{estimate.number} was sent, so it does not change. Revise it to make changes.")
    return estimate


def _new_lines(estimate: Estimate, values: list[lines.LineValues]) -> list[EstimateLine]:
    return [
        EstimateLine(
            tenant_id=estimate.tenant_id, id=new_id(), estimate_id=estimate.id, position=at, **value.columns()
        )
        for at, value in enumerate(values)
    ]


def _keep(work: Work, estimate: Estimate, stored: list[EstimateLine]) -> None:
    before = {"total_cents": estimate.total_cents}
    lines.price(work, estimate, stored)
    work.changed(estimate)
    after = {"total_cents": estimate.total_cents, "lines": len(stored)}
    work.record("estimates.lines_changed", estimate, before=before, after=after)


def _line(stored: list[EstimateLine], line_id: UUID) -> EstimateLine:
    for line in stored:
        if line.id == line_id:
            return line
    raise NotFound("There is no line with this id on the estimate.")


def _check_belongings(work: Work, client_id: UUID, body: Body) -> None:
    """A property, contact or lead named by an input must be this client's."""
    wanted: list[tuple[str, Any]] = [("property_id", Property), ("contact_id", Contact), ("lead_id", Lead)]
    for name, model in wanted:
        row_id = getattr(body, name, None)
        if row_id is None:
            continue
        row = work.need(model, row_id, name)
        if row.client_id != client_id:
            words = "This belongs to another client."
            raise Invalid(words, errors=[FieldError(name, words)])


def _title(work: Work, body: EstimateBody, client: Client) -> str:
    lead = work.find(Lead, body.lead_id) if body.lead_id else None
    first = body.lines[0].description if body.lines else ""
    need = (lead.need if lead else "") or first
    return (need.splitlines()[0][:100] if need else f"Work for {client.name}")[:200]
