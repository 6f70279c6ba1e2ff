"""The only home of the list of all tables, for migrations and for tests that ask about every one."""

from models import (  # noqa: F401
    audit_entries,
    clients,
    contacts,
    estimates,
    files,
    idempotency_keys,
    imports,
    invitations,
    invoices,
    jobs,
    leads,
    ledger_entries,
    members,
    notes,
    outbox_messages,
    payments,
    pipeline_stages,
    price_items,
    properties,
    role_rights,
    signatures,
    tax_codes,
    tenants,
    visits,
)  # fmt: skip
from models.base import metadata

TABLES = metadata.sorted_tables
MACHINES = (
    leads.LEAD_MACHINE,
    estimates.ESTIMATE_MACHINE,
    jobs.JOB_MACHINE,
    visits.VISIT_MACHINE,
    invoices.INVOICE_MACHINE,
    payments.PAYMENT_MACHINE,
    invitations.INVITATION_MACHINE,
    files.FILE_MACHINE,
)
