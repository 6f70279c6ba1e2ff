"""Estimates: drafting, sending, being answered, becoming a job."""

from ontrack_app.services.estimates.answer import move
from ontrack_app.services.estimates.cards import card, get, list_page
from ontrack_app.services.estimates.draft import add_line, change_line, create, patch, remove_line
from ontrack_app.services.estimates.send import expire_due, mail_sent

__all__ = [
    "add_line",
    "card",
    "change_line",
    "create",
    "expire_due",
    "get",
    "list_page",
    "mail_sent",
    "move",
    "patch",
    "remove_line",
]
