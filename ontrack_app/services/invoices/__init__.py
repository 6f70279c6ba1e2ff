"""Invoices: drafted from a job, issued, voided; what is owed is a sum over the ledger."""

from ontrack_app.services.invoices.cards import card, get, list_page
from ontrack_app.services.invoices.draft import create, patch
from ontrack_app.services.invoices.edit_lines import add_line, change_line, remove_line
from ontrack_app.services.invoices.issue import mail_issued, move

__all__ = [
    "add_line",
    "card",
    "change_line",
    "create",
    "get",
    "list_page",
    "mail_issued",
    "move",
    "patch",
    "remove_line",
]
