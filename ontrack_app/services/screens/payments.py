"""Payments on screens: the list, one payment with what it settles, and recording money that came in by hand."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.clients import Client
from models.invoices import Invoice
from models.money import parse_money
from models.payments import BY_HAND, METHODS, PAYMENT_MACHINE, Allocation, Payment
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.common import MoneyBody
from ontrack_app.schemas.invoices import AllocationBody, PaymentBody, PaymentCard
from ontrack_app.schemas.screens.common import Badge, Fact, ListPage, ListQuery, Option
from ontrack_app.schemas.screens.papers import Found
from ontrack_app.schemas.screens.payments import PartRow, PaymentForm, PaymentRecord, PaymentRow
from ontrack_app.services import ledger_entries, payments
from ontrack_app.services.screens import belongings, lists, papers, related, timeline, words
from ontrack_app.services.screens.estimate_drafts import a_day, find_clients
from ontrack_app.services.screens.invoice_ledger import METHOD_WORDS, name_of, recorders
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

STAGE = col(Payment.stage)
VIEWS = (
    View("received", "Received", (STAGE.in_(("succeeded", "partly_refunded")),)),
    View("pending", "Pending", (STAGE == "pending",)),
    View("failed", "Failed", (STAGE.in_(("failed", "disputed")),)),
    View("all", "All"),
)


def listing(work: Work, asked: ListQuery) -> tuple[list[PaymentRow], ListPage]:
    """The payments that the address asks for.

    Raises:
        Forbidden: the role may not see payments. Invalid: as `lists.page` says.
    """
    work.actor.require(Permission.PAYMENTS_READ)
    found, foot = lists.page(work, Payment, VIEWS, asked, sort="-received_at")
    names = related.client_names(work, [row.client_id for row in found])
    parts = _parts(work, [row.id for row in found])
    bills = related.by_id(work, Invoice, [part.invoice_id for some in parts.values() for part in some])
    foot.filters = [lists.filter_of(asked, "method", "Method", METHODS), *belongings.chips(work, asked)]
    rows = []
    for payment in found:
        numbers = [bills[part.invoice_id].number or "" for part in parts[payment.id]]
        rows.append(_row(work, payment, parts[payment.id], ", ".join(numbers)))
        rows[-1].client = names.get(payment.client_id, "")
    return rows, foot


def record(work: Work, payment_id: UUID) -> PaymentRecord:
    """One payment's page.

    Raises:
        NotFound: there is none here. Forbidden: the role may not see payments.
    """
    work.actor.require(Permission.PAYMENTS_READ)
    payment = work.get(Payment, payment_id)
    client = work.get(Client, payment.client_id)
    parts = _parts(work, [payment.id])[payment.id]
    bills = related.by_id(work, Invoice, [part.invoice_id for part in parts])
    free = _free(payment, parts)
    return PaymentRecord(
        id=str(payment.id),
        version=payment.version,
        number=name_of(payment),
        title=f"{words.money(work, payment.amount_cents)} from {client.name}",
        quiet=f"{name_of(payment)} · {words.moment(work, payment.received_at)}",
        stage=badge(payment.stage),
        badges=[_credit(work, free)] if free else [],
        timeline=timeline.of(work, [payment.id], fields=Payment.FIELDS),
        amount=words.money(work, payment.amount_cents),
        facts=_facts(work, payment, client),
        parts=[_part(work, part, bills[part.invoice_id]) for part in parts if part.invoice_id in bills],
        credit=words.money(work, free) if free else "",
        note=payment.note,
        failure=payment.failure,
    )


def form_for(work: Work, invoice_id: str, client_id: str) -> PaymentForm:
    """The form that records a payment: the balance of an invoice, or what a client owes; empty to choose a client.

    Raises:
        NotFound: there is no such invoice or client. Forbidden: the role may not record payments.
    """
    work.actor.require(Permission.PAYMENTS_RECORD)
    form = PaymentForm(
        methods=[Option(value=key, label=METHOD_WORDS[key]) for key in BY_HAND],
        day=f"{words.local(work, work.at):%Y-%m-%d}",
        heading="Record a payment",
    )
    if invoice_id:
        return _for_invoice(work, form, work.get(Invoice, UUID(invoice_id)))
    if client_id:
        return _for_client(work, form, work.get(Client, UUID(client_id)))
    form.found = find_clients(work, "", served_only=False)
    return form


def find_payers(work: Work, typed: str) -> list[Found]:
    """Clients whose name holds the words, whoever they are: everybody may pay."""
    return find_clients(work, typed, served_only=False)


def keep(work: Work, form: PaymentForm) -> PaymentCard:
    """Records the payment: on its invoice as far as that is owed, or on the client's oldest due ones; the rest is credit.

    Raises:
        Invalid: at `amount`, `day`, `method`, `reference` or `client_id`. Conflict, Forbidden: as their words say.
    """
    if not form.client_id:
        said = "Choose whose payment it is."
        raise Invalid(said, errors=[FieldError("client_id", said)])
    tenant = work.actor.tenant
    with papers.amounts_in_words("amount"):
        amount = parse_money(form.amount, tenant.currency, locale=tenant.locale)
    given: dict[str, Any] = {
        "method": form.method,
        "amount": MoneyBody.of(amount.cents, amount.currency),
        "client_id": form.client_id,
        "reference": form.reference,
        "note": form.note,
        "received_at": _received(work, form.day),
    }
    if form.invoice_id:
        given["allocations"] = _allocations(work, UUID(form.invoice_id), amount.cents)
    with papers.amounts_in_words("reference"):
        body = PaymentBody.model_validate(given)
    with papers.amounts_in_words("amount"):
        return payments.create(work, body)


def badge(stage: str) -> Badge:
    """A stage as a word with its tint."""
    return Badge(word=PAYMENT_MACHINE.label(stage), tint=PAYMENT_MACHINE.tint(stage))


def _row(work: Work, payment: Payment, parts: Sequence[Allocation], numbers: str) -> PaymentRow:
    free = _free(payment, parts)
    at = words.local(work, payment.received_at)
    return PaymentRow(
        id=str(payment.id),
        client="",
        method=METHOD_WORDS.get(payment.method, payment.method),
        reference=payment.reference,
        invoices=numbers,
        received=words.day(at.date()),
        stage=badge(payment.stage),
        fact=_credit(work, free) if free else Badge(),
        amount=words.money(work, payment.amount_cents),
    )


def _parts(work: Work, payment_ids: Sequence[UUID]) -> dict[UUID, list[Allocation]]:
    found: dict[UUID, list[Allocation]] = {payment_id: [] for payment_id in payment_ids}
    if found:
        for part in work.all(work.of(Allocation).where(col(Allocation.payment_id).in_(list(found)))):
            found[part.payment_id].append(part)
    return found


def _free(payment: Payment, parts: Sequence[Allocation]) -> int:
    settled = payment.amount_cents if payment.stage == "succeeded" else 0
    return max(0, settled - sum(part.amount_cents for part in parts))


def _credit(work: Work, cents: int) -> Badge:
    return Badge(word=f"{words.money(work, cents)} credit", tint="waiting")


def _part(work: Work, part: Allocation, invoice: Invoice) -> PartRow:
    return PartRow(
        label=invoice.number or "Invoice",
        more=invoice.title,
        amount=words.money(work, part.amount_cents),
        href=f"/invoices/{invoice.id}",
    )


def _facts(work: Work, payment: Payment, client: Client) -> list[Fact]:
    people = recorders(work, [payment])
    who = people.get(payment.created_by, "") if payment.created_by and not payment.gateway else ""
    found = [
        Fact(label="Client", value=client.name, href=f"/clients/{client.id}"),
        Fact(label="Method", value=METHOD_WORDS.get(payment.method, payment.method)),
        Fact(
            label="Received" if payment.stage == "succeeded" else "Tried",
            value=words.moment(work, payment.received_at),
        ),
        Fact(label="Reference", value=payment.reference),
        Fact(label="Recorded by", value=who or ("The payment gateway" if payment.gateway else "OnTrack")),
    ]
    if payment.fee_cents:
        found.append(Fact(label="Fee", value=words.money(work, payment.fee_cents)))
    return found


def _for_invoice(work: Work, form: PaymentForm, invoice: Invoice) -> PaymentForm:
    client = work.get(Client, invoice.client_id)
    owed = max(ledger_entries.balance(work, invoice.id), 0)
    form.invoice_id, form.client_id, form.client = str(invoice.id), str(client.id), client.name
    form.heading = f"Record a payment on {invoice.number}"
    form.owes = (
        f"{words.money(work, owed)} is due on {invoice.number}. What is more becomes {client.name}’s credit."
    )
    form.amount = papers.figure(work, owed)
    return form


def _for_client(work: Work, form: PaymentForm, client: Client) -> PaymentForm:
    query = work.of(Invoice).where(col(Invoice.client_id) == client.id, col(Invoice.stage) == "issued")
    bills: list[Invoice] = work.all(query)
    owed = sum(max(cents, 0) for cents in ledger_entries.balances(work, [one.id for one in bills]).values())
    form.client_id, form.client = str(client.id), client.name
    form.heading = f"Record a payment of {client.name}"
    form.owes = (
        f"{words.money(work, owed)} is due in all. The invoice that is due first is settled first; what is more becomes credit."
        if owed
        else "Nothing is due, so all of it becomes credit."
    )
    form.amount = papers.figure(work, owed) if owed else ""
    return form


def _allocations(work: Work, invoice_id: UUID, cents: int) -> list[AllocationBody]:
    work.lock(Invoice, invoice_id)
    part = min(cents, max(ledger_entries.balance(work, invoice_id), 0))
    currency = work.actor.tenant.currency
    return [AllocationBody(invoice_id=invoice_id, amount=MoneyBody.of(part, currency))] if part > 0 else []


def _received(work: Work, text: str) -> datetime:
    """The moment that a day stands for: now for today, noon for a day that has passed."""
    day, today = a_day(text, "day"), words.local(work, work.at).date()
    if day > today:
        said = "Money that came in has a day up to today."
        raise Invalid(said, errors=[FieldError("day", said)])
    return work.at if day == today else datetime.combine(day, time(12), work.actor.tenant.zone)
