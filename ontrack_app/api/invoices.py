"""Invoices over HTTP."""

from models.invoices import INVOICE_FIELDS, INVOICE_MACHINE
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.invoices import InvoiceBody, InvoiceCard, InvoicePatch
from ontrack_app.services import invoices

INVOICES = Noun(
    "invoices",
    invoices,
    INVOICE_FIELDS,
    InvoiceCard,
    InvoiceBody,
    InvoicePatch,
    machine=INVOICE_MACHINE,
    archives=False,
)
