"""The portal's first page: what needs an answer or a payment, what is planned, what is dealt with, the balance."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from models.access import Permission, Role
from models.estimates import Estimate
from models.invoices import Invoice
from models.ledger_entries import RECEIVABLE, LedgerEntry
from ontrack_app.schemas.screens.common import Badge
from ontrack_app.schemas.screens.portal import PastRow, PortalHome, WaitingRow
from ontrack_app.services import ledger_entries
from ontrack_app.services.estimates.cards import today
from ontrack_app.services.screens import (
    portal,
    portal_estimate,
    portal_invoices,
    portal_properties,
    portal_visits,
    words,
)
from ontrack_app.work import Work

MOST_WAITING, MOST_WORK, MOST_PAST, MOST_PLACES, COUNTED = 8, 8, 6, 6, 500
ANSWERED = ("approved", "converted", "declined", "expired")
SOON_DAYS = 3


def home(work: Work) -> PortalHome:
    """The first page of a client or a property manager.

    Raises:
        Forbidden: the reader is no customer.
    """
    work.actor.require(Permission.ESTIMATES_READ)
    work.actor.require(Permission.INVOICES_READ)
    manager = work.actor.role is Role.PROPERTY_MANAGER
    offers, bills = _to_answer(work), portal_invoices.to_pay(work, COUNTED)
    coming = portal_visits.open_jobs(work, MOST_WORK) if manager else portal_visits.coming(work, MOST_WORK)
    spent = portal_properties.spend(work) if manager else {}
    waiting = _waiting(work, offers, bills)
    return PortalHome(
        heading=_heading(len(offers), len(bills)),
        manager=manager,
        waiting=waiting,
        waiting_more=_more(len(offers) + len(bills) - len(waiting)),
        work=coming,
        past=_past(work),
        **_balance(work, len(bills)),
        spend=portal_properties.spend_rows(work, spent, MOST_PLACES),
        spend_year=str(portal_properties.first_of_year(work).year),
        spend_total=words.money(work, sum(spent.values())) if spent else "",
    )


def _to_answer(work: Work) -> list[Estimate]:
    query = work.of(Estimate).where(
        col(Estimate.stage) == "sent",
        col(Estimate.archived_at).is_(None),
        col(Estimate.expires_on) >= today(work),
    )
    found: list[Estimate] = work.all(
        query.order_by(col(Estimate.expires_on), col(Estimate.id)).limit(COUNTED)
    )
    return found


def _heading(offers: int, bills: int) -> str:
    answer = f"{words.some(offers, 'estimate')} {'waits' if offers == 1 else 'wait'} for your answer"
    pay = f"{words.some(bills, 'invoice')} to pay"
    if offers and bills:
        return f"{answer}, {pay}"
    return answer if offers else pay if bills else "Nothing waits for you"


def _more(left: int) -> str:
    return f"{words.some(left, 'more')}" if left > 0 else ""


def _waiting(work: Work, offers: Sequence[Estimate], bills: Sequence[Invoice]) -> list[WaitingRow]:
    """Answers first, then payments; only the first row carries the page's one filled button."""
    offers = offers[:MOST_WAITING]
    bills = bills[: MOST_WAITING - len(offers)]
    places = portal.places(work, [*(row.property_id for row in offers), *(row.property_id for row in bills)])
    owed = ledger_entries.balances(work, [row.id for row in bills])
    found = [_offer(work, row, places) for row in offers]
    found += [_bill(work, row, places, owed[row.id]) for row in bills]
    return [row.model_copy(update={"first": at == 0}) for at, row in enumerate(found)]


def _offer(work: Work, row: Estimate, places: Mapping[UUID, str]) -> WaitingRow:
    return WaitingRow(
        id=str(row.id),
        href=f"/portal/estimates/{row.id}",
        title=row.title or f"Estimate {row.number}",
        quiet=_quiet(f"Estimate {row.number}", places, row.property_id),
        when=_open_until(work, row.expires_on),
        amount=words.money(work, row.total_cents),
        verb="Review",
    )


def _open_until(work: Work, last: date | None) -> Badge:
    if last is None:
        return Badge()
    left = (last - today(work)).days
    ends = {0: "Open until today", 1: "Open until tomorrow"}.get(left, f"Open to {portal.day(work, last)}")
    return Badge(word=ends, tint="waiting" if left <= SOON_DAYS else "idle")


def _bill(work: Work, row: Invoice, places: Mapping[UUID, str], owed: int) -> WaitingRow:
    return WaitingRow(
        id=str(row.id),
        href=f"/portal/invoices/{row.id}",
        title=row.title or f"Invoice {row.number}",
        quiet=_quiet(f"Invoice {row.number}", places, row.property_id),
        when=portal_invoices.due_badge(work, row.due_on),
        amount=words.money(work, owed),
        verb="Pay",
    )


def _quiet(number: str, places: Mapping[UUID, str], place_id: UUID | None) -> str:
    return " · ".join(part for part in (number, places.get(place_id, "") if place_id else "") if part)


def _past(work: Work) -> list[PastRow]:
    """Documents that are dealt with, the newest first."""
    offers: list[Estimate] = work.all(
        work.of(Estimate)
        .where(col(Estimate.stage).in_(ANSWERED), col(Estimate.archived_at).is_(None))
        .order_by(col(Estimate.updated_at).desc())
        .limit(MOST_PAST)
    )
    bills: list[Invoice] = work.all(
        work.of(Invoice)
        .where(col(Invoice.stage) == "issued", portal_invoices.owed_sum() <= 0)
        .order_by(col(Invoice.updated_at).desc())
        .limit(MOST_PAST)
    )
    found: list[tuple[datetime, PastRow]] = [
        (row.answered_at or row.updated_at, _offer_past(work, row)) for row in offers
    ]
    found += [(row.issued_at or row.updated_at, _bill_past(work, row)) for row in bills]
    return [row for _, row in sorted(found, key=lambda pair: pair[0], reverse=True)][:MOST_PAST]


def _offer_past(work: Work, row: Estimate) -> PastRow:
    return PastRow(
        href=f"/portal/estimates/{row.id}",
        title=row.title or row.number,
        quiet=f"Estimate {row.number}",
        stage=portal_estimate.stage_badge(work, row),
        amount=words.money(work, row.total_cents),
    )


def _bill_past(work: Work, row: Invoice) -> PastRow:
    return PastRow(
        href=f"/portal/invoices/{row.id}",
        title=row.title or (row.number or ""),
        quiet=f"Invoice {row.number}",
        stage=portal_invoices.stage_badge(row, 0),
        amount=words.money(work, row.total_cents),
    )


def _balance(work: Work, bills: int) -> dict[str, str]:
    """What is owed in all, and money that was paid but settles nothing yet."""
    query = select(func.coalesce(func.sum(col(LedgerEntry.amount_cents)), 0)).where(
        col(LedgerEntry.tenant_id) == work.actor.tenant_id, col(LedgerEntry.account) == RECEIVABLE
    )
    owed = int(work.session.execute(query).scalar_one())
    credit = sum(ledger_entries.credit(work, client_id) for client_id in work.actor.client_ids)
    return {
        "balance_label": f"Balance, {words.some(bills, 'invoice')}" if bills else "Balance",
        "balance": words.money(work, owed),
        "balance_note": f"{words.money(work, credit)} of what you paid is still free to use."
        if credit > 0
        else "",
    }
