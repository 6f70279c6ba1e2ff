"""The ledger: append-only money facts. Every balance is a sum of them; positive means that the client owes."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from models.base import CENTS, TIME, TenantRow, index, one_of, ref
from models.ids import now

RECEIVABLE, CREDIT = "receivable", "credit"
KINDS = ("invoice_issued", "invoice_voided", "payment_received", "payment_allocated")


class LedgerEntry(TenantRow, table=True):
    """One money fact on one account: `receivable` of an invoice, or a client's `credit` that is not allocated yet."""

    __tablename__ = "ledger_entries"
    account: str
    kind: str
    client_id: UUID
    invoice_id: UUID | None = None
    payment_id: UUID | None = None
    amount_cents: int = Field(sa_type=CENTS)
    currency: str
    at: datetime = Field(default_factory=now, sa_type=TIME)

    __table_args__ = (
        one_of("account", (RECEIVABLE, CREDIT)),
        one_of("kind", KINDS),
        ref("client_id", "clients"),
        ref("invoice_id", "invoices"),
        ref("payment_id", "payments"),
        index("ix_ledger_entries_invoice", "invoice_id"),
        index("ix_ledger_entries_client", "client_id", "account"),
        index("ix_ledger_entries_payment", "payment_id"),
    )
