"""An issued invoice with its customer, and the TEST gateway's events about it, for tests of paying."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from sqlmodel import col

from models.access import Role
from models.outbox_messages import OutboxMessage
from models.payments import Payment
from ontrack_app.integrations.payments import Wanted
from ontrack_app.integrations.payments_sandbox import SandboxGateway, Signed, sandbox
from ontrack_app.schemas.common import MoveBody
from ontrack_app.schemas.documents import LineBody
from ontrack_app.schemas.invoices import InvoiceBody, InvoiceCard
from ontrack_app.schemas.jobs import JobBody
from ontrack_app.services import checkouts, invoices, jobs
from ontrack_app.settings import settings
from ontrack_app.web import webhooks
from tests.factories.companies import Company, Person


@dataclass
class Owed:
    """An invoice that a client can pay."""

    company: Company
    invoice_id: UUID
    client_id: UUID
    customer: Person

    def start(self) -> str:
        """The customer presses Pay; returns the pay page's address."""
        with self.customer.work() as work:
            return checkouts.start(work, self.invoice_id)

    def wanted(self, address: str) -> Wanted:
        """What the pay page at that address is for."""
        parts = urlsplit(address)
        found = gateway().read_order(UUID(parts.path.rpartition("/")[2]), parse_qs(parts.query)["order"][0])
        assert found is not None
        return found

    def invoice(self) -> InvoiceCard:
        """The invoice as the customer sees it."""
        with self.customer.work() as work:
            return invoices.get(work, self.invoice_id)

    def payments(self) -> list[Payment]:
        """Its payments, oldest first."""
        with self.company.work() as work:
            found: list[Payment] = work.all(
                work.of(Payment)
                .where(col(Payment.invoice_id) == self.invoice_id)
                .order_by(col(Payment.created_at))
            )
            return found

    def promised(self, function: str) -> list[OutboxMessage]:
        """The company's messages for a function."""
        with self.company.work() as work:
            found: list[OutboxMessage] = work.all(
                work.of(OutboxMessage).where(col(OutboxMessage.function) == function)
            )
            return found


def an_owed_invoice(company: Company, cents: int = 160_97) -> Owed:
    """An issued invoice over that amount, with a customer who can sign in."""
    client = company.client()
    customer = company.person(Role.CLIENT, client_id=client.id)
    price: dict[str, Any] = {"amount": str(Decimal(cents) / 100), "currency": company.currency}
    line = LineBody.model_validate({"description": "Ridge vent", "unit_price": price})
    with company.office.work() as work:
        job = jobs.create(work, JobBody(client_id=client.id, title="Roof"))
        draft = invoices.create(work, InvoiceBody(job_id=job.id, lines=[line]))
        invoices.move(work, draft.id, "issue", MoveBody())
    return Owed(company, draft.id, client.id, customer)


def gateway() -> SandboxGateway:
    """The TEST gateway of this installation."""
    found = sandbox(settings())
    assert found is not None
    return found


def deliver(*events: Signed) -> list[bool]:
    """Sends events to the webhook; says of each whether it was new."""
    return [webhooks.receive(gateway(), event.raw, event.headers) for event in events]


def changed(event: Signed, **values: Any) -> Signed:
    """The same event with other values and the old signature."""
    return Signed(json.dumps(json.loads(event.raw) | values).encode(), event.signature)
