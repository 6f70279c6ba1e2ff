"""Documents for tests, made through the services: a client with a property, estimates, jobs, visits, invoices."""

from datetime import timedelta
from uuid import UUID

from models.clients import Client
from models.ids import now
from ontrack_app.schemas.clients import PropertyBody
from ontrack_app.schemas.common import Address, MoveBody
from ontrack_app.schemas.documents import LineBody, SignatureBody, UnitPriceBody
from ontrack_app.schemas.estimates import EstimateBody, EstimateCard, EstimateMoveBody
from ontrack_app.schemas.invoices import InvoiceBody, InvoiceCard
from ontrack_app.schemas.jobs import VisitBody, VisitCard
from ontrack_app.schemas.price_items import PriceItemBody, PriceItemCard
from ontrack_app.services import estimates, invoices, jobs, price_items, properties, visits
from tests.factories.companies import Company

SIGNED = EstimateMoveBody(
    signature=SignatureBody(kind="typed", name="Ana Gagnon"), evidence="Signed on paper"
)


def price(company: Company, amount: str) -> UnitPriceBody:
    """A price for one unit in the company's currency."""
    return UnitPriceBody(amount=amount, currency=company.currency)


def line(company: Company, *, amount: str = "100", quantity: str = "2") -> LineBody:
    """A line with GST: 2 x 100.00."""
    return LineBody(description="Tear-off", quantity=quantity, unit="sq", unit_price=price(company, amount), tax_codes=["GST"])  # fmt: skip


def item(company: Company, name: str = "Ridge vent") -> PriceItemCard:
    """An entry of the price book: 11.75, cost 6.20, taxed with GST."""
    body = PriceItemBody(name=name, unit="ft", unit_price=price(company, "11.75"), unit_cost=price(company, "6.20"), tax_codes=["GST"])  # fmt: skip
    with company.office.work() as work:
        return price_items.create(work, body)


def draft(
    company: Company, client: Client | None = None, *, lines: list[LineBody] | None = None
) -> EstimateCard:
    """A draft of 210.00 for a client with a property."""
    client = client or company.client()
    with company.office.work() as work:
        place = properties.create(
            work, PropertyBody(client_id=client.id, address=Address(street="12 Elm St", city="Elgin"))
        )
    body = EstimateBody(
        client_id=client.id,
        property_id=place.id,
        title="New roof",
        expires_on=(now() + timedelta(days=30)).date(),
        lines=[line(company)] if lines is None else lines,
    )  # fmt: skip
    with company.office.work() as work:
        return estimates.create(work, body)


def moved(company: Company, estimate_id: UUID, *names: str) -> EstimateCard:
    """The estimate after these moves of the office."""
    for name in names:
        with company.office.work() as work:
            body = SIGNED if name == "approve" else EstimateMoveBody(reason="Brown gutters")
            card = estimates.move(work, estimate_id, name, body)
    return card


def job(company: Company, client: Client | None = None) -> UUID:
    """A job made from an approved estimate of 210.00."""
    card = moved(company, draft(company, client).id, "send", "approve", "convert")
    assert card.job_id is not None
    return card.job_id


def visit(company: Company, job_id: UUID, **given: object) -> VisitCard:
    """A visit of a job."""
    with company.office.work() as work:
        return visits.create(work, VisitBody.model_validate({"job_id": job_id, "title": "Shingles"} | given))


def invoice(company: Company, client: Client | None = None, *, issued: bool = True) -> InvoiceCard:
    """An invoice of 210.00, issued or still a draft."""
    job_id = job(company, client)
    with company.office.work() as work:
        jobs.move(work, job_id, "complete", MoveBody())
        card = invoices.create(work, InvoiceBody(job_id=job_id))
    if issued:
        with company.office.work() as work:
            card = invoices.move(work, card.id, "issue", MoveBody())
    return card
