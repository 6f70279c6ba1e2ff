"""Checkouts: a customer pays an invoice through a payment gateway, and the gateway's word moves the payment."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col

from models.access import Permission
from models.contacts import Contact
from models.ids import new_id
from models.invoices import Invoice
from models.money import Money
from models.payments import Payment
from ontrack_app.errors import Conflict, Invalid
from ontrack_app.integrations.payments import Outcome, PaymentGateway, Told, Wanted
from ontrack_app.integrations.payments_sandbox import NAME as SANDBOX
from ontrack_app.integrations.payments_sandbox import sandbox
from ontrack_app.services import clients, document_links, ledger_entries, mails, payments
from ontrack_app.settings import settings
from ontrack_app.work import Work

OPEN_FOR = timedelta(hours=23)  # less than the pay page lasts
GIVEN_UP_AFTER = timedelta(hours=48)  # longer than a late event may take
RECEIPT_LINK_LASTS = timedelta(days=180)
TAKE = text("SELECT source, body FROM auth.take_event(CAST(:id AS uuid))")
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('checkout ' || :invoice, 0))")


def gateway() -> PaymentGateway | None:
    """The gateway by which customers pay, or None where online payment is not set up."""
    return sandbox(settings())


def gateway_named(name: str) -> PaymentGateway:
    """The gateway that an event or a payment names.

    Raises:
        Invalid: there is none of that name here.
    """
    found = gateway()
    if found is None or found.name != name:
        raise Invalid(f"There is no payment gateway “{name}” here.")
    return found


def is_offered(work: Work, invoice: Invoice) -> bool:
    """Whether the reader may pay this invoice online now."""
    return (
        work.actor.granted(Permission.INVOICES_PAY)
        and gateway() is not None
        and invoice.stage == "issued"
        and ledger_entries.balance(work, invoice.id) > 0
    )


def start(work: Work, invoice_id: UUID) -> str:
    """Opens a checkout for what is owed on the invoice, or finds the one that is open; returns the pay page's address.

    Raises:
        NotFound, Forbidden: as their words say. Conflict: nothing is owed on it, or online payment is not set up.
    """
    work.actor.require(Permission.INVOICES_PAY)
    invoice = work.get(Invoice, invoice_id)
    through = gateway()
    if through is None:
        raise Conflict("Online payment is not set up. Ask how else to pay.")
    work.session.execute(ONE_AT_A_TIME, {"invoice": str(invoice_id)})
    owed = ledger_entries.balance(work, invoice_id)
    if invoice.stage != "issued" or owed <= 0:
        raise Conflict("Nothing is owed on this invoice.")
    payment = _open_payment(work, invoice, owed, through.name) or _new_payment(
        work, invoice, owed, through.name
    )
    wanted = Wanted(
        tenant_id=work.actor.tenant_id,
        payment_id=payment.id,
        amount=Money(owed, invoice.currency),
        payee=work.actor.tenant.name,
        purpose=f"Invoice {invoice.number}",
        back_to=f"/portal/invoices/{invoice.id}",
    )
    checkout = through.open_checkout(wanted)
    if payment.gateway_ref is None:
        payment.gateway_ref = checkout.reference
    return checkout.address


def handle_event(work: Work, inbox_id: UUID) -> None:
    """Lets a gateway's event have its effect; in any order, any number of times.

    Raises:
        NotFound, Invalid: the event is about no payment of ours, or about another amount; nothing is moved.
    """
    event = work.session.execute(TAKE, {"id": inbox_id}).first()
    if event is None:
        raise Invalid("There is no such event.")
    told = gateway_named(event.source).understand(event.body)
    if told.outcome is Outcome.NOTHING or told.payment_id is None:
        return
    payment = work.lock(Payment, told.payment_id)
    _check(payment, event.source, told)
    if told.outcome is Outcome.SUCCEEDED:
        if payment.stage != "succeeded":
            payment.received_at, payment.failure = work.at, ""
        payments.succeed(work, payment.id, fee_cents=told.fee_cents)
    elif payment.stage == "pending":
        payments.fail(work, payment.id, told.words)


def mail_received(work: Work, payment_id: UUID) -> None:
    """Mails the client's contact a receipt with a link to the invoice; nothing where the money did not come or nobody has
    an e-mail. Run twice it mails twice."""
    payment = work.get(Payment, payment_id)
    invoice = work.find(Invoice, payment.invoice_id) if payment.invoice_id else None
    chosen = work.find(Contact, invoice.contact_id) if invoice and invoice.contact_id else None
    contact = chosen or clients.primary_contact(work, payment.client_id)
    if payment.stage != "succeeded" or contact is None or not contact.email:
        return
    link = document_links.add(work, invoice, contact, work.at + RECEIPT_LINK_LASTS) if invoice else ""
    mails.payment_received(work, payment, contact, link)
    work.record("payments.mailed", payment, after={"to": contact.email})


def give_up(work: Work) -> int:
    """Fails TEST checkouts that nobody finished in two days (a real gateway says so itself); returns how many."""
    old: list[Payment] = work.all(
        work.of(Payment)
        .where(col(Payment.stage) == "pending", col(Payment.gateway) == SANDBOX)
        .where(col(Payment.created_at) < work.at - GIVEN_UP_AFTER)
        .with_for_update(skip_locked=True)
    )
    for payment in old:
        payments.fail(work, payment.id, "The payment page was left and has closed.")
    return len(old)


def _open_payment(work: Work, invoice: Invoice, owed: int, name: str) -> Payment | None:
    query = work.of(Payment).where(
        col(Payment.invoice_id) == invoice.id,
        col(Payment.stage) == "pending",
        col(Payment.gateway) == name,
        col(Payment.amount_cents) == owed,
        col(Payment.created_at) > work.at - OPEN_FOR,
    )
    found: Payment | None = work.first(query.order_by(col(Payment.created_at).desc()))
    return found


def _new_payment(work: Work, invoice: Invoice, owed: int, name: str) -> Payment:
    payment = Payment(
        tenant_id=work.actor.tenant_id,
        id=new_id(),
        client_id=invoice.client_id,
        invoice_id=invoice.id,
        method="card",
        amount_cents=owed,
        currency=invoice.currency,
        gateway=name,
        reference="TEST" if name == SANDBOX else "",
        received_at=work.at,
    )
    work.add(payment)
    work.record("payments.started", payment, after={"amount_cents": owed, "gateway": name})
    return payment


def _check(payment: Payment, source: str, told: Told) -> None:
    """A gateway speaks about its own payments only, and about the amount that was asked for."""
    if payment.gateway != source:
        raise Invalid("The event is about a payment of another gateway.")
    if told.amount is not None and told.amount != Money(payment.amount_cents, payment.currency):
        raise Invalid("The event is about another amount than was asked for.")
