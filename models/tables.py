"""The only home of the list of all tables, for migrations and for tests that ask about every one."""

from models import (  # noqa: F401
    audit_entries,
    checklist_items,
    clients,
    conflicts,
    contacts,
    devices,
    estimates,
    expenses,
    idempotency_keys,
    imports,
    invitations,
    invoices,
    jobs,
    leads,
    ledger_entries,
    materials,
    members,
    notes,
    outbox_messages,
    payments,
    pipeline_stages,
    price_items,
    properties,
    role_rights,
    signatures,
    sync,
    tasks,
    tax_codes,
    tenants,
    time_entries,
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
    checklist_items.CHECKLIST_MACHINE,
    tasks.TASK_MACHINE,
)
